import pytest

from asl_core.spelling.signs import SpellingState, SuggestedWord
from asl_core.spelling.transcript import CommittedLetter, Transcript
from pages.panels.live.words_card import (
    HISTORY_LENGTH,
    SUGGESTIONS,
    clock,
    history_html,
    text_html,
    words_to_offer,
)


def spelled(text: str) -> Transcript:
    return Transcript(tuple(CommittedLetter(c, i, i + 0.8, 0.9) for i, c in enumerate(text)))


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("", ""),
        ("HI", "<u>HI</u>"),
        ("HI ", "HI "),
        ("HI YOU", "HI <u>YOU</u>"),
    ],
    ids=["empty", "first word", "after a space", "second word"],
)
def test_the_unfinished_word_is_underlined(text, inside):
    html = text_html(spelled(text))
    assert html.partition(">")[2] == f"{inside}</div>"
    assert "Your words appear here" not in html.partition(">")[2], (
        "what is read is what was spelled"
    )


def test_the_history_begins_with_the_newest_and_leaves_spaces_out():
    html = history_html(spelled("AB C").letters)
    assert [html.index(f"<b>{letter}</b>") for letter in "CBA"] == sorted(
        html.index(f"<b>{letter}</b>") for letter in "CBA"
    )
    assert html.count("<span>") == 3
    assert "0:03 · 90%" in html


def test_the_history_stays_short():
    assert history_html(spelled("A" * 300).letters).count("<span>") == HISTORY_LENGTH


@pytest.mark.parametrize(
    ("seconds", "text"), [(-1, "0:00"), (5.9, "0:05"), (65, "1:05"), (3605, "60:05")]
)
def test_clock(seconds, text):
    assert clock(seconds) == text


def test_unsettled_letters_stand_apart_behind_the_word():
    html = text_html(spelled("HI WHA"), "LE")
    assert html.partition(">")[2] == (
        'HI <u>WHA</u><span class="asl-unsettled" aria-hidden="true">LE</span></div>'
    )


def letters_themselves(word):
    return (word, f"{word}S", f"{word}ED", f"{word}ING") if word else ()


OFFERS = {
    "the word in the text": ("WHA", SpellingState(), ("WHA", "WHAS", "WHAED", "WHAING")),
    "what is unsettled belongs to it": ("WH", SpellingState(unsettled="A"), ("WHA", "WHAS")),
    "a word that begins unsettled": ("OLD ", SpellingState(unsettled="A"), ("A", "AS")),
    "the suggested word comes first": (
        "WHAIE ",
        SpellingState(suggested=SuggestedWord("WHAIE", "WHALE")),
        ("WHALE", "WHAIE", "WHAIES", "WHAIEED"),
    ),
    "not for another word": (
        "WHAI ",
        SpellingState(suggested=SuggestedWord("WHAIE", "WHALE")),
        ("WHAI", "WHAIS"),
    ),
    "not twice": (
        "WHAIE ",
        SpellingState(suggested=SuggestedWord("WHAIE", "WHAIES")),
        ("WHAIES", "WHAIE", "WHAIEED"),
    ),
}


@pytest.mark.parametrize(("text", "state", "first"), OFFERS.values(), ids=OFFERS)
def test_the_words_that_are_offered(text, state, first):
    offered = words_to_offer(spelled(text), state, letters_themselves)
    assert offered[: len(first)] == first
    assert len(offered) <= SUGGESTIONS
