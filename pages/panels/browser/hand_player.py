"""A drawn hand that moves: made of points on the server once per word, drawn by the browser."""

from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from asl_core.alphabet import MOTION_LETTERS
from asl_core.drawing.spelled_word import FRAMES_PER_SECOND, SpelledWord, spelled_word
from asl_core.letters.motion.features import TIP_OF_LETTER
from pages.panels.browser import BUTTON_CSS, browser_script

View = Literal["front", "own"]
"""As the person facing the signer sees the hand, or the signer."""

_SCALE = 400
"""Points are sent as whole numbers of this part of a palm length."""

_CAPTIONS: dict[View, str] = {"front": "As others see it", "own": "As you see it"}

_HTML = f"""
<div class="hands">
  <figure><canvas class="front" role="img"></canvas>
    <figcaption>{_CAPTIONS["front"]}</figcaption></figure>
  <figure><canvas class="own" role="img"></canvas>
    <figcaption>{_CAPTIONS["own"]}</figcaption></figure>
</div>
<div class="row controls">
  <button type="button" class="play main">Play</button>
  <button type="button" class="slower" aria-pressed="false">Slower</button>
  <button type="button" class="back" aria-label="Letter before">◀ Letter</button>
  <button type="button" class="next" aria-label="Next letter">Letter ▶</button>
  <span role="status"></span>
</div>
"""

_CSS = (
    BUTTON_CSS
    + """
.hands { display: grid; grid-template-columns: 1fr 1fr; gap: 0.6rem; }
.hands.single { grid-template-columns: minmax(0, 26rem); }
figure { margin: 0; color: var(--st-text-color); font-family: var(--st-font); }
figure[hidden], .row[hidden] { display: none; }
canvas { width: 100%; aspect-ratio: 1; border-radius: 0.6rem; display: block; }
figcaption { font-size: 0.8rem; opacity: 0.75; text-align: center; margin-top: 0.2rem; }
.single figcaption { display: none; }
.controls { margin-top: 0.6rem; }
button[aria-pressed=true] { border-color: var(--st-primary-color); border-width: 2px; }
"""
)

_mount = st.components.v2.component(
    "asl_hand_player",
    html=_HTML,
    css=_CSS,
    js=browser_script("drawn_hand") + browser_script("hand_player"),
)


@dataclass(frozen=True)
class Playing:
    """How a word is played.

    `views` are shown side by side. `starts` plays it at once, `loops` again and again; where the
    visitor wants less motion, nothing starts by itself. `names_word` says that screen readers may
    tell which word it is. `round_number` makes the same word start anew.
    """

    views: tuple[View, ...] = ("front",)
    starts: bool = True
    loops: bool = False
    has_controls: bool = True
    names_word: bool = True
    is_left: bool = False
    round_number: int = 0


def play_word(text: str, rate: float, playing: Playing, key: str) -> None:
    """Show a hand that spells `text` at `rate` letters a second.

    Raises:
        SettingsError: there is no such word or speed.
    """
    word = spelled_word(text, rate)
    _mount(
        key=key,
        data={
            **_moving(text, rate),
            **_wishes(word, playing),
            "number": _number(word, rate, playing),
        },
    )


def show_letter_hand(letter: str, playing: Playing, key: str) -> None:
    """Show the hand of one letter: still, or drawing J or Z again and again.

    Raises:
        SettingsError: there is no such letter.
    """
    if letter in MOTION_LETTERS:
        play_word(letter, 1.0, playing, key)
        return
    word = spelled_word(letter, 1.0)
    still = {"frames": _moving(letter, 1.0)["frames"][:1], "rate": FRAMES_PER_SECOND}
    wishes = {**_wishes(word, playing), "controls": False, "starts": False}
    data = {**_moving(letter, 1.0), **wishes, **still, "number": _number(word, 0.0, playing)}
    _mount(key=key, data=data)


@st.cache_data(max_entries=64, show_spinner=False)
def _moving(text: str, rate: float) -> dict[str, Any]:
    word = spelled_word(text, rate)
    frames = (word.points.reshape(-1, 63) * _SCALE).round().astype(int).tolist()
    letters = [
        [round(shown.start_s, 3), round(shown.end_s, 3), TIP_OF_LETTER.get(shown.letter, 0)]
        for shown in word.letters
    ]
    return {"frames": frames, "scale": _SCALE, "rate": FRAMES_PER_SECOND, "letters": letters}


def _wishes(word: SpelledWord, playing: Playing) -> dict[str, Any]:
    what = f"signing {word.text}" if playing.names_word else "spelling a word"
    labels = {view: f"Drawn hand {what}, {_CAPTIONS[view].lower()}" for view in playing.views}
    return {
        "views": list(playing.views),
        "labels": labels,
        "starts": playing.starts,
        "loops": playing.loops,
        "controls": playing.has_controls,
        "mirrored": playing.is_left,
    }


def _number(word: SpelledWord, rate: float, playing: Playing) -> str:
    # The word itself would stand in the page's source for whoever is to guess it.
    return f"{hash((word.text, rate)) & 0xFFFFFF:x}-{playing.round_number}"
