"""Which hand a page reads with: on or off, of this model or another, helpful or not."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from asl_core.alphabet import LETTERS, STATIC_LETTERS
from asl_core.letters.adaptation.hand_file import hand_text
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.letters.prediction import HandEvidence, log_softmax
from pages.panels.browser.kept_hand import BrowserHand
from pages.panels.own_hand import this_hand
from pages.panels.own_hand.this_hand import OwnHand

DIGEST = "ab" * 32


def taught(letters=STATIC_LETTERS):
    hand = TaughtHand("fake", DIGEST)
    for letter in [*letters, *letters]:
        features = np.eye(26, dtype=np.float32)[LETTERS.index(letter)]
        logits = np.zeros(26, np.float32)
        logits[LETTERS.index(letter)] = 2
        hand = hand.with_photo(letter, HandEvidence(log_softmax(logits), features, None))
    return hand


@pytest.fixture
def session(monkeypatch):
    """Put a dictionary in the place of the session's state, and return it."""
    state: dict[str, object] = {}
    monkeypatch.setattr(this_hand.st, "session_state", state)
    return state


@pytest.fixture
def recognizer():
    def adapted(hand):
        return SimpleNamespace(hand=hand)

    return SimpleNamespace(name="fake", digest=DIGEST, classes=LETTERS, adapted=adapted)


def test_without_a_hand_a_recognizer_stays_as_it_is(session, recognizer):
    assert this_hand.with_own_hand(recognizer) is recognizer


def test_a_hand_that_helps_is_used_until_it_is_switched_off(session, recognizer):
    hand = taught()
    this_hand.keep_hand(hand)
    assert this_hand.with_own_hand(recognizer).hand is hand
    this_hand.switch_hand(False)
    assert this_hand.with_own_hand(recognizer) is recognizer
    this_hand.switch_hand(True)
    assert this_hand.hand_to_use(recognizer) is hand


def test_a_hand_of_another_model_or_of_few_letters_is_not_used(session, recognizer):
    this_hand.keep_hand(taught())
    other = SimpleNamespace(**{**vars(recognizer), "digest": "cd" * 32})
    assert this_hand.hand_to_use(other) is None
    this_hand.keep_hand(taught("AB"))
    assert this_hand.hand_to_use(recognizer) is None


def test_each_change_has_a_number_of_its_own_and_forgetting_is_one(session):
    this_hand.keep_hand(taught("A"))
    first = this_hand.own_hand().number
    this_hand.keep_hand(None)
    assert this_hand.own_hand() == OwnHand(None, True, first + 1, True)
    assert this_hand.own_hand().text == ""
    this_hand.keep_hand(TaughtHand("fake", DIGEST))
    assert this_hand.own_hand().hand is None


def answers(monkeypatch, answer):
    asked = []

    def exchange(number, text, is_on, is_fresh):
        asked.append((number, text, is_on, is_fresh))
        return answer

    monkeypatch.setattr(this_hand, "exchange_hand", exchange)
    return asked


def test_what_the_browser_holds_is_taken_over_once(session, monkeypatch):
    hand = taught("ABC")
    asked = answers(monkeypatch, BrowserHand(hand_text(hand), False, True))
    own = this_hand.sync_hand()
    assert asked[0][3] is True
    assert (own.hand.letters, own.wanted, own.is_asked) == (("A", "B", "C"), False, True)
    this_hand.sync_hand()
    assert asked[1] == (own.number, own.text, False, False)
    assert this_hand.own_hand().hand is own.hand


def test_a_broken_hand_in_the_browser_becomes_a_sentence(session, monkeypatch):
    answers(monkeypatch, BrowserHand("{}", True, True))
    own = this_hand.sync_hand()
    assert own.hand is None
    assert own.trouble.startswith("The hand kept in this browser")


def test_until_the_browser_answers_it_is_asked_again(session, monkeypatch):
    asked = answers(monkeypatch, BrowserHand())
    this_hand.sync_hand()
    this_hand.sync_hand()
    assert [entry[3] for entry in asked] == [True, True]


def test_a_browser_that_keeps_nothing_is_remembered(session, monkeypatch):
    answers(monkeypatch, BrowserHand(is_answered=True, is_kept=False))
    assert not this_hand.sync_hand().is_kept
    assert dataclasses.replace(this_hand.own_hand(), number=3).number == 3
