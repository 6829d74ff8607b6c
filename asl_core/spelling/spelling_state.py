"""What the speller makes of the hand at one moment."""

from dataclasses import dataclass
from typing import Literal

WaitsFor = Literal["hand", "stroke", "stillness", "certainty", "release", "hold"]
"""What is missing for the next letter: a hand; the end of a J or Z stroke; a hand that keeps still;
a reading that is sure; letting go of the letter just committed; only more time."""


@dataclass(frozen=True)
class SpellingState:
    """The held sign and how far its hold has come.

    `candidate` is the letter (or "del", "space") that is being held, `progress` in 0-1 its share of
    the hold time; 1 in the moment of the commit. `letter` is the smoothed reading of this moment,
    None without a hand, and `confidence` in 0-1 its probability among the still letters.
    """

    candidate: str | None = None
    progress: float = 0.0
    letter: str | None = None
    confidence: float = 0.0
    waits_for: WaitsFor = "hand"
