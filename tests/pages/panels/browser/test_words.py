import json

import pytest
import streamlit

from asl_core.live.visit import LiveVisit
from asl_core.spelling.transcript import CommittedLetter, Transcript
from pages.panels.browser import words
from pages.panels.browser.words import KeptText, read_kept

WORDS = Transcript((CommittedLetter("H", 1, 2, 0.9), CommittedLetter("I", 3, 4, 0.8)))


def kept(words: object = None, **others: object) -> dict[str, object]:
    text = json.dumps(WORDS.as_json()) if words is None else words
    return {"words": text, "age": 180, **others}


def test_words_come_back_with_their_times():
    found = read_kept(kept())
    assert found == KeptText(WORDS, 180.0)


class Browser:
    """Stands in for the component: what it answered, and what it was sent."""

    def __init__(self, monkeypatch):
        self.sent: list[dict[str, object]] = []
        self.state: dict[str, object] = {}
        monkeypatch.setattr(streamlit, "session_state", self.state)
        monkeypatch.setattr(words, "_mount", lambda data, **_: self.sent.append(data))
        monkeypatch.setattr(words, "_offer", lambda kept, visit: self.offered.append(kept))
        self.offered: list[KeptText] = []

    def answer(self, found):
        session = self.sent[-1]["session"] if self.sent else None
        self.state["kept_text"] = {"kept": {"session": session, **found}}

    @property
    def keeps(self) -> bool:
        """Whether it was last told to keep the words."""
        return not self.sent[-1]["is_fresh"]


@pytest.fixture
def browser(monkeypatch):
    return Browser(monkeypatch)


def open_no_camera(source):
    raise AssertionError("no camera is needed")


@pytest.fixture
def visit():
    return LiveVisit(open_no_camera, 0.8)


def spell_before_the_browser_answers(browser, visit, answer):
    visit.type_letter("S")
    words.keep_text(visit)
    assert not browser.keeps
    browser.answer(answer)
    words.keep_text(visit)


def test_words_of_a_restarted_server_come_back_before_those_that_followed(browser, visit):
    spell_before_the_browser_answers(browser, visit, kept(age=20))
    assert visit.transcript.text == "HIS"
    assert browser.keeps
    words.keep_text(visit)
    assert visit.transcript.text == "HIS"
    assert not browser.offered


@pytest.mark.parametrize("answer", [kept(age=700), kept(words="", age=0)], ids=["old", "nothing"])
def test_old_words_are_not_put_before_new_ones(browser, visit, answer):
    spell_before_the_browser_answers(browser, visit, answer)
    assert visit.transcript.text == "S"
    assert browser.keeps


def test_what_the_browser_told_the_server_before_its_restart_does_not_count(browser, visit):
    browser.answer({"words": "", "age": 0, "session": "of the other server"})
    spell_before_the_browser_answers(browser, visit, kept(age=20))
    assert visit.transcript.text == "HIS"


@pytest.mark.parametrize(
    ("age_s", "text"),
    [(20, "HIS"), (700, "S")],
    ids=["the stream went on by itself", "refused"],
)
def test_letters_beside_an_unanswered_offer(browser, visit, age_s, text):
    words.keep_text(visit)
    browser.answer(kept(age=age_s))
    words.keep_text(visit)
    assert browser.offered == [KeptText(WORDS, age_s)]
    visit.type_letter("S")
    words.keep_text(visit)
    assert visit.transcript.text == text
    assert browser.keeps


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
