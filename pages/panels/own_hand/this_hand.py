"""This visitor's taught hand: in the session, in their browser, and in what reads for them."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import streamlit as st

from asl_core.errors import HandFileError
from asl_core.letters.adaptation.hand_file import hand_text, parse_hand
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.letters.adaptation.trial import HandTrial, try_hand
from pages.panels.browser.kept_hand import exchange_hand
from pages.panels.frame.menu import MY_HAND

if TYPE_CHECKING:
    from asl_core.letters.recognizer import LetterRecognizer

HAND = "own_hand"
"""Key in the session state."""


@dataclass(frozen=True)
class OwnHand:
    """What a visitor taught, the classes of the model that looked, and whether they want it used.

    `number` grows with each change, so that the browser keeps each once. `is_asked` is False until
    the browser has said what it holds. `trouble` is a sentence on a hand that could not be used.
    """

    hand: TaughtHand | None = None
    wanted: bool = True
    number: int = 0
    is_asked: bool = False
    is_kept: bool = True
    trouble: str | None = field(default=None, compare=False)

    @cached_property
    def text(self) -> str:
        """The text of the hand's file, "" without one."""
        return hand_text(self.hand) if self.hand is not None else ""


def own_hand() -> OwnHand:
    """Return this visitor's taught hand as the session knows it."""
    kept = st.session_state.get(HAND)
    return kept if isinstance(kept, OwnHand) else OwnHand()


def keep_hand(hand: TaughtHand | None, wanted: bool = True) -> None:
    """Take another hand, or None to forget it; the browser follows with the next `sync_hand`."""
    before = own_hand()
    hand = hand if hand is not None and hand.photos else None
    st.session_state[HAND] = OwnHand(hand, wanted, before.number + 1, True, before.is_kept)


def switch_hand(wanted: bool) -> None:
    """Switch reading with the taught hand on or off."""
    before = own_hand()
    st.session_state[HAND] = replace(before, wanted=wanted, number=before.number + 1)


def sync_hand() -> OwnHand:
    """Exchange the hand with the browser; call it once in each run of a page that uses it."""
    own = own_hand()
    answer = exchange_hand(own.number, own.text, own.wanted, is_fresh=not own.is_asked)
    if not own.is_asked and answer.is_answered:
        own = _found(answer.text, answer.is_on)
    own = replace(own, is_kept=answer.is_kept)
    st.session_state[HAND] = own
    return own


def _found(text: str, is_on: bool) -> OwnHand:
    if not text:
        return OwnHand(is_asked=True)
    try:
        hand = parse_hand(text.encode(), "The hand kept in this browser")
    except HandFileError as error:
        return OwnHand(is_asked=True, trouble=str(error))
    return OwnHand(hand if hand.photos else None, wanted=is_on, is_asked=True)


def trial_of(hand: TaughtHand, classes: tuple[str, ...]) -> HandTrial:
    """Return what leaving out one photo at a time says, tried once for each hand."""
    known = st.session_state.get("own_hand_trial")
    if known is not None and known[0] is hand:
        trial: HandTrial = known[1]
        return trial
    trial = try_hand(hand, classes)
    st.session_state["own_hand_trial"] = (hand, trial)
    return trial


def hand_to_use(recognizer: "LetterRecognizer") -> TaughtHand | None:
    """Return the hand that a recognizer is to be adapted to; None where it is off or helps not."""
    own = own_hand()
    if own.hand is None or not own.wanted or not recognizer.digest:
        return None
    if own.hand.model_digest != recognizer.digest:
        return None
    return own.hand if trial_of(own.hand, recognizer.classes).helps else None


def with_own_hand(recognizer: "LetterRecognizer") -> "LetterRecognizer":
    """Return the recognizer adapted to this visitor's hand, or as it is."""
    hand = hand_to_use(recognizer)
    return recognizer.adapted(hand) if hand is not None else recognizer


def show_hand_line(recognizer: "LetterRecognizer", is_natural: bool = False) -> None:
    """Say in one line whether the taught hand is used; nothing where the visitor has none."""
    own = own_hand()
    if own.hand is None or not own.wanted:
        return
    if own.hand.model_digest != recognizer.digest:
        words = f"Your hand was taught to {own.hand.model}; {recognizer.name} reads without it."
    elif not trial_of(own.hand, recognizer.classes).helps:
        words = "Your taught hand is off, as it does not help yet."
    elif is_natural:
        words = "Natural spelling reads without your taught hand."
    else:
        words = "Reading with your taught hand."
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="hand_line"):
        st.caption(f":material/back_hand: {words}", width="content")
        st.page_link(MY_HAND.script, label="My hand", width="content")
