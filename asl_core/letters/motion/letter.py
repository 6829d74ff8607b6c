"""A letter that was drawn in the air: J by the little finger, Z by the index finger."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class MotionLetter:
    """One J or Z that a MotionReader saw.

    The stroke ran from about `start_s` to `end_s`, in seconds of the frames' clock. `confidence`
    in 0-1 is the network's.
    """

    letter: Literal["J", "Z"]
    start_s: float
    end_s: float
    confidence: float
