"""Notices when the hand before the camera seems not to be the one that was taught."""

from collections import deque
from statistics import median

from asl_core.letters.prediction import LetterPrediction

LEAST_SEEN = 5
MOST_SEEN = 12
"""Letters that are looked at: with fewer nothing is said, older ones are forgotten."""

OWN_NEARNESS = 0.9
"""The median nearness of one's own letters; chosen on validation signers, see docs/my-hand.md."""

STRANGER = "The hand seems to be another's than the taught one, or the light is very different."


class WhoseHand:
    """Collects how near each letter was to the taught ones; not thread-safe."""

    def __init__(self) -> None:
        self._seen: deque[float] = deque(maxlen=MOST_SEEN)

    def add(self, nearness: float) -> None:
        """Take the `LetterPrediction.nearness` of one more letter."""
        self._seen.append(nearness)

    def see(self, prediction: LetterPrediction | None) -> None:
        """Take one more letter, if there is one and the recognizer was taught a hand."""
        if prediction is not None and prediction.nearness is not None:
            self.add(prediction.nearness)

    def forget(self) -> None:
        """Begin anew, as after a pause."""
        self._seen.clear()

    @property
    def seems_another(self) -> bool:
        """Whether most of the last letters are unlike every taught one."""
        return len(self._seen) >= LEAST_SEEN and median(self._seen) < OWN_NEARNESS
