import re

import pytest

from asl_core.letters.prediction import ScoredLabel
from asl_core.live.snapshot import LiveSnapshot, LiveTimes
from asl_core.spelling.signs import SpellingState
from asl_core.spelling.transcript import Transcript
from pages.panels.live.board import (
    WAITING,
    details_html,
    exact_times,
    letter_html,
    times_line,
)


def snapshot(letter="A", progress=0.25, waits_for="hold", **others) -> LiveSnapshot:
    values = {
        "letter": letter,
        "confidence": 0.9,
        "top": (ScoredLabel("A", 0.9), ScoredLabel("S", 0.08), ScoredLabel("del", 0.02)),
        "handedness": "Left",
        "hints": ("Move closer.",),
        "fps": 28.4,
        "ms": LiveTimes(receive=1.2, detect=18.6, classify=9.4, draw=2.0),
        "spelling": SpellingState(letter, progress, letter, 0.9, waits_for),
        "transcript": Transcript(),
        "error": None,
        "frames": 10,
        "last_frame_s": 1.0,
    }
    return LiveSnapshot(**{**values, **others})


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).replace("&nbsp;", "").split())


@pytest.mark.parametrize(
    ("state", "text"), [(None, ""), (snapshot(letter=None), ""), (snapshot("B"), "B")]
)
def test_the_only_text_is_the_letter(state, text):
    assert words_of(letter_html(state)) == text


@pytest.mark.parametrize(("progress", "share"), [(0.25, "0.25"), (1.0, "1.00"), (1.7, "1.00")])
def test_the_ring_fills_with_the_hold(progress, share):
    assert f"--share:{share}" in letter_html(snapshot(progress=progress))


def test_a_doubtful_letter_looks_doubtful():
    assert "is-unsure" in letter_html(snapshot(waits_for="certainty"))
    assert "is-unsure" not in letter_html(snapshot(waits_for="hold"))


def test_details_name_letters_hand_hints_and_times():
    text = words_of(details_html(snapshot(), is_playing=True))
    assert text.startswith("Hold it A 90% S 8% del 2% left hand Move closer. 28 FPS")


def test_every_state_tells_what_to_do_next():
    for waits_for, sentence in WAITING.items():
        assert sentence in details_html(snapshot(waits_for=waits_for), is_playing=True)


@pytest.mark.parametrize(
    ("is_playing", "text"),
    [(False, "Press Start and show a letter"), (True, "Waiting for the first picture")],
)
def test_before_the_first_picture(is_playing, text):
    assert words_of(details_html(None, is_playing)) == text


def test_without_a_hand_the_card_keeps_its_rows():
    empty = details_html(snapshot(letter=None, top=(), handedness=None, hints=()), True)
    assert empty.count("<i>") == 3
    assert "no hand" in empty


def test_a_label_cannot_bring_html_along():
    evil = snapshot(letter="<b>", top=(ScoredLabel("<i>", 0.5),), hints=("<script>",))
    assert "<b>&lt;" not in letter_html(evil)
    assert "&lt;b&gt;" in letter_html(evil)
    assert "<script>" not in details_html(evil, True)


def test_times_are_whole_milliseconds():
    line = times_line(29.6, LiveTimes(receive=1.4, detect=18.6, classify=9.4, draw=2.5))
    assert line == "30 FPS · receive 1 ms · detect 19 ms · classify 9 ms · draw 2 ms"


def test_all_stages_are_told_to_the_tenth():
    ms = LiveTimes(receive=1.44, detect=18.6, classify=9.4, draw=2.5, spell=0.3)
    told = "receive 1.4 ms, detect 18.6 ms, classify 9.4 ms, draw 2.5 ms, words 0.3 ms"
    assert exact_times(ms) == told
    assert f'title="{told}"' in details_html(snapshot(ms=ms), True)


def natural(**others):
    return SpellingState(**{"waits_for": "letters", "is_natural": True, **others})


def test_natural_spelling_has_a_letter_and_no_ring():
    html = letter_html(snapshot("W", spelling=natural(letter="W")), is_natural=True)
    assert words_of(html) == "W"
    for shown in (html, letter_html(None, is_natural=True)):
        assert "is-natural" in shown
        assert "--share" not in shown


@pytest.mark.parametrize("waits_for", ["letters", "hand"])
def test_natural_spelling_asks_for_no_hold(waits_for):
    text = words_of(details_html(snapshot(spelling=natural(waits_for=waits_for)), True, True))
    assert not re.search(r"\b(hold|still|show a letter)\b", text, re.IGNORECASE)
    assert re.search("spell", text, re.IGNORECASE)


def test_before_the_start_natural_spelling_asks_for_a_word():
    assert "spell a word" in details_html(None, False, True)
