"""A spelled sequence to be read frame by frame, with what it spells."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.prediction import LetterPrediction


@dataclass(frozen=True)
class SpelledFrame:
    """A frame's time in seconds, its hand float32 `(21, 3)` in pixels or None, and its letter."""

    time_s: float
    points: NDArray[np.float32] | None
    is_left: bool = False
    prediction: LetterPrediction | None = None


@dataclass(frozen=True)
class SpelledSequence:
    """Frames to read once, and the letters A to Z that they spell; `text` may be empty.

    `kind` groups sequences that belong together; `signer` is "" where it is not known.
    """

    file: str
    kind: str
    signer: str
    text: str
    frames: Iterable[SpelledFrame]
