"""A person's own letters: what the networks saw in a few photos of each."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from asl_core.alphabet import STATIC_LETTERS
from asl_core.errors import HandFileError
from asl_core.letters.prediction import HandEvidence

MOST_PHOTOS_A_LETTER = 4
"""More are not kept: a hand file would grow beyond its limit."""


@dataclass(frozen=True)
class TaughtPhoto:
    """A photo of a static letter: what was signed, and what the networks made of it."""

    label: str
    evidence: HandEvidence

    def __post_init__(self) -> None:
        if self.label not in STATIC_LETTERS:
            raise ValueError(f"{self.label!r} is no letter that a photo can teach")


@dataclass(frozen=True)
class TaughtHand:
    """The photos that a recognizer is adapted from, in the order in which they were given.

    `model` and `model_digest` name the model that looked at them: to another one they mean nothing.
    """

    model: str
    model_digest: str
    photos: tuple[TaughtPhoto, ...] = ()

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters with a photo, in alphabetical order."""
        known = {photo.label for photo in self.photos}
        return tuple(letter for letter in STATIC_LETTERS if letter in known)

    @property
    def missing(self) -> tuple[str, ...]:
        """The static letters without a photo, in alphabetical order."""
        known = set(self.letters)
        return tuple(letter for letter in STATIC_LETTERS if letter not in known)

    def count(self, letter: str) -> int:
        """Count the photos of a letter."""
        return sum(photo.label == letter for photo in self.photos)

    def with_photo(self, label: str, evidence: HandEvidence) -> Self:
        """Return the hand with one more photo; of too many of a letter the oldest goes.

        Raises:
            HandFileError: the model's networks name no features to compare hands by.
        """
        if not evidence.picture.size:
            raise HandFileError(
                f"The model {self.model} names no features of a picture, so no hand can be taught "
                "to it."
            )
        photos = (*self.photos, TaughtPhoto(label, evidence))
        return replace(self, photos=tuple(_newest(photos)))

    def without_letter(self, label: str) -> Self:
        """Return the hand without the photos of a letter."""
        return replace(self, photos=tuple(p for p in self.photos if p.label != label))

    def require_model(self, name: str, digest: str) -> None:
        """Refuse a model that did not look at these photos.

        Raises:
            HandFileError: `digest` is not that of the model that did.
        """
        if not digest or digest != self.model_digest:
            raise HandFileError(
                f"This hand was taught to the model {self.model} ({self.model_digest[:12]}…), not "
                f"to {name} ({digest[:12] or 'no digest'}…); teach it anew."
            )


def _newest(photos: tuple[TaughtPhoto, ...]) -> Iterable[TaughtPhoto]:
    left_out = Counter(photo.label for photo in photos)
    left_out = Counter({label: n - MOST_PHOTOS_A_LETTER for label, n in left_out.items()})
    for photo in photos:
        if left_out[photo.label] > 0:
            left_out[photo.label] -= 1
        else:
            yield photo
