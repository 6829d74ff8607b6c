"""The words in the visitor's own browser: kept over a reload, copied, and read aloud."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from asl_core.errors import TranscriptError
from asl_core.live.visit import LiveVisit
from asl_core.spelling.kept_words import packed, unpacked
from asl_core.spelling.transcript import Transcript
from pages.panels.browser import BUTTON_CSS, answer_to, browser_script, session_mark

_KEY = "kept_text"
_ANSWERED = "kept_text_answered"
"""Key in the session state: this visitor has words of this session, or has answered the offer."""
_PACKED = "kept_text_packed"
"""Key in the session state: the transcript that was kept last, and its text for the browser."""
INTERRUPTION_S = 600.0
"""Words this young belong to the letters that follow, even where the offer was not answered."""

_mount = st.components.v2.component("asl_kept_text", js=browser_script("kept/text"))


@dataclass(frozen=True)
class KeptText:
    """Words of an earlier session in this browser, and their age in seconds."""

    transcript: Transcript
    age_s: float

    @property
    def age(self) -> str:
        """Such as `3 minutes ago`."""
        minutes = round(self.age_s / 60)
        if minutes < 1:
            return "a moment ago"
        for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
            if minutes >= size:
                count = round(minutes / size)
                return f"{count} {name}{'s' if count > 1 else ''} ago"
        return "a moment ago"


def keep_text(visit: LiveVisit) -> None:
    """Keep the words in the browser, or offer those that it kept from an earlier session.

    Where letters come before the offer is answered, as from a camera that goes on by itself over a
    restart of the server, young words are put before them without a question. Older ones are
    refused thereby.
    """
    mark = session_mark()
    found = answer_to(mark, _KEY, "kept")
    kept = read_kept(found)
    if visit.transcript.letters and found is not None and _ANSWERED not in st.session_state:
        if kept is not None and kept.age_s <= INTERRUPTION_S:
            visit.restore(kept.transcript)
        _answer()
    is_fresh = _ANSWERED not in st.session_state
    words = _packed_once(visit.transcript)
    _mount(
        key=_KEY,
        data={
            "is_fresh": is_fresh,
            "words": words,
            "session": mark,
            "is_answered": found is not None,
        },
        default={"kept": None},
        on_kept_change=_nothing,
        height=1,
    )
    if is_fresh and kept is not None and not visit.transcript.letters:
        _offer(kept, visit)


def read_kept(found: Any) -> KeptText | None:
    """Read what the browser kept; None where there is nothing, or nothing that can be used.

    `found` is None until the browser has answered.
    """
    try:
        transcript = unpacked(found["words"])
        age_s = float(found["age"])
    except (TranscriptError, LookupError, TypeError, ValueError):
        return None
    return KeptText(transcript, age_s) if transcript.text.strip() else None


def _packed_once(transcript: Transcript) -> str:
    """Pack a transcript once, however often it is shown: an hour's words take milliseconds."""
    before = st.session_state.get(_PACKED)
    if before is None or before[0] is not transcript:
        before = (transcript, packed(transcript) if transcript.letters else "")
        st.session_state[_PACKED] = before
    words: str = before[1]
    return words


def _offer(kept: KeptText, visit: LiveVisit) -> None:
    words = kept.transcript.text.strip()
    shown = words if len(words) <= 60 else f"…{words[-60:]}"
    with st.container(key="kept_offer", border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/history: Restore your text of {kept.age}? **{shown}**")
        st.button("Restore", key="kept_restore", on_click=_restore, args=(kept, visit))
        st.button("Discard", key="kept_discard", on_click=_answer)


def _restore(kept: KeptText, visit: LiveVisit) -> None:
    visit.restore(kept.transcript)
    _answer()


def _answer() -> None:
    st.session_state[_ANSWERED] = True


def _nothing() -> None:
    """A state of a component needs a callback, even where the run itself reads the value."""


_HTML = """
<div class="row">
  <button type="button">Copy</button>
  <button type="button">Read aloud</button>
  <span role="status"></span>
</div>
"""

_mount_tools = st.components.v2.component(
    "asl_text_tools",
    html=_HTML,
    css=BUTTON_CSS,
    js=browser_script("text_tools"),
)


def show_text_tools(text: str) -> None:
    """Show the two buttons for `text`; both rest while it is empty."""
    _mount_tools(key="text_tools", data={"text": text}, width="content")
