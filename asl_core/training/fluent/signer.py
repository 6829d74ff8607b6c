"""One made-up signer: the hands for each letter, and hands that show nothing."""

import numpy as np

from asl_core.moving_hand.habits import finger_difference
from asl_core.moving_hand.hand_track import Hand, turned
from asl_core.moving_hand.spelled_hand import PART_BASES, PART_POINTS
from asl_core.training.fluent.poses import VIEWS, PoseBook

_BORROWED = 0.05
"""How often a letter is somebody else's, as one person does not sign it the same way always."""

_BLENDED = 0.3
"""How often a hand is between this signer's and another's: more people than were photographed."""

_TURNED = 0.5
"""How often a view that this signer was not photographed in is taken from another."""

DIGITS = "34578"
"""Digits that no letter looks like; 0, 2, 6 and 9 are the hands of O, V, W and F, and 1 is D's."""

_DIGIT_FINGERS: dict[str, tuple[str, dict[int, str]]] = {
    "3": ("V", {1: "L"}),
    "7": ("V", {5: "I"}),
    "8": ("B", {1: "D", 3: "D"}),
}
"""The letter whose hand a digit has, and of which letters its thumb (1) or further fingers are."""

_LOOSE, _CLOSED, _OPEN = "COEASBXNMTGQ", "COEA", "BYVWFP"


class Signer:
    """Gives hands of one signer of the book; letters that this one lacks are others'."""

    def __init__(self, book: PoseBook, random: np.random.Generator) -> None:
        self._book, self._random = book, random
        self._name = self._one(book.names)

    def hand(self, letter: str) -> Hand:
        """Return a hand of a static letter, float32 `(21, 3)` in palm lengths, wrist at 0."""
        random, book = self._random, self._book
        name, own = self._name, book.signers[self._name]
        if letter not in own or random.random() < _BORROWED:
            name = self._one(book.with_letter(letter))
        view = int(random.choice(VIEWS, p=book.view_shares[letter]))
        hand = self._seen(name, letter, view)
        if random.random() < _BLENDED:
            other = self._seen(self._one(book.with_letter(letter)), letter, view)
            return np.asarray(hand + random.uniform(0, 0.6) * (other - hand), np.float32)
        return hand

    def _seen(self, name: str, letter: str, view: int) -> Hand:
        """Return a signer's hand in a view; where there is none, sometimes another's."""
        hands = self._book.in_view(name, letter, view)
        if not len(hands) and self._random.random() < _TURNED:
            name = self._one(self._book.with_view(letter, view))
            hands = self._book.in_view(name, letter, view)
        if not len(hands):
            hands = self._book.signers[name][letter]
        return np.asarray(hands[int(self._random.integers(len(hands)))])

    def _one(self, names: tuple[str, ...]) -> str:
        return names[int(self._random.integers(len(names)))]

    def one_of(self, letters: str) -> Hand:
        """Return a hand of any of the letters."""
        return self.hand(letters[int(self._random.integers(len(letters)))])

    def loose_hand(self) -> Hand:
        """Return a hand that shows nothing: between two letters, and mostly turned away."""
        random = self._random
        hand = np.nan_to_num(self.one_of(_LOOSE))
        is_closed = random.random() < 0.5
        other = np.nan_to_num(self.one_of(_CLOSED if is_closed else _OPEN))
        is_mixed = random.random() < 0.7
        for part in range(1, 6):
            share = random.random() * (1.0 if is_mixed else 0.2)
            hand[PART_POINTS[part]] += share * finger_difference(hand, other, part)
        # An upright fist is a letter, or so like one that a network would learn to doubt all fists.
        kind = random.random()
        if kind < 0.75 or not is_mixed or is_closed:
            bend = random.choice([-1, 1]) * max(40.0, abs(random.normal(70, 35)))
            hand = turned(hand, random.normal(0, 45), random.normal(0, 40), bend)
        if kind < 0.35:
            hand = turned(hand, random.uniform(-180, 180))
        return np.asarray(hand - hand[:1], np.float32)

    def digit(self, digit: str) -> Hand:
        """Return a hand of one of DIGITS, put together of this signer's fingers."""
        if digit in _DIGIT_FINGERS:
            letter, fingers = _DIGIT_FINGERS[digit]
            hand = np.nan_to_num(self.hand(letter))
        else:
            hand, fingers = self.spread_hand(), {1: "L"} if digit == "5" else {}
        for part, other in fingers.items():
            way = finger_difference(hand, np.nan_to_num(self.hand(other)), part)
            hand[PART_POINTS[part]] += way
        return hand

    def spread_hand(self) -> Hand:
        """Return an open hand with its fingers apart."""
        hand = np.nan_to_num(self.hand("B"))
        wide = self._random.uniform(3, 15)
        for part, share in zip((2, 3, 4, 5), (-1.0, -0.3, 0.4, 1.2), strict=True):
            points, base = PART_POINTS[part], hand[PART_BASES[part]]
            hand[points] = base + turned(hand[points] - base, -share * wide)
        return np.asarray(hand, np.float32)
