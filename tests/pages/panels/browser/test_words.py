import json

import pytest

from asl_core.spelling.transcript import CommittedLetter, Transcript
from pages.panels.browser.words import KeptText, read_kept

WORDS = Transcript((CommittedLetter("H", 1, 2, 0.9), CommittedLetter("I", 3, 4, 0.8)))


def kept(words: object = None, **others: object) -> dict[str, object]:
    text = json.dumps(WORDS.as_json()) if words is None else words
    return {"words": text, "age": 180, "saved": 1, **others}


def test_words_come_back_with_their_times():
    found = read_kept(kept())
    assert found == KeptText(WORDS, 180.0)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "text",
        {},
        kept(words=5),
        kept(words="{"),
        kept(words="[]"),
        kept(words='{"letters": [{"letter": "?"}]}'),
        kept(words='{"letters": []}'),
        kept(age="old"),
        kept(age=None),
    ],
    ids=[
        "none",
        "text",
        "empty",
        "number",
        "cut",
        "list",
        "bad letter",
        "no letter",
        "age",
        "null",
    ],
)
def test_what_a_browser_may_have_changed_is_left_out(sent):
    assert read_kept(sent) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (5, "a moment ago"),
        (70, "1 minute ago"),
        (180, "3 minutes ago"),
        (3700, "1 hour ago"),
        (7300, "2 hours ago"),
        (90_000, "1 day ago"),
        (400_000, "5 days ago"),
    ],
)
def test_the_age_in_words(seconds, text):
    assert KeptText(WORDS, seconds).age == text
