"""A way of spelling that keeps the hands of the letters that counted, for a coach to look at."""

import threading
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import LETTERS
from asl_core.spelling.settings import SpellingSettings
from asl_core.spelling.signs import HandObservation, SignReader, SpellingState, StableSign

_KEPT = 64


@dataclass(frozen=True)
class SignedLetter:
    """A letter that counted, when (seconds of the stream), how sure it is, and the hand.

    `points` are the 21 landmarks at that moment, float32 `(21, 3)` in pixels, None where no hand
    was found; `is_left` says that they are of a left hand.
    """

    letter: str
    start_s: float
    end_s: float
    confidence: float
    points: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    is_left: bool = False


class CoachedReader:
    """A SignReader around another one; `take` hands over each letter once. Thread-safe there.

    The thread of the video calls `update`, that of the page `take`.
    """

    def __init__(self, reader: SignReader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._signed: deque[SignedLetter] = deque(maxlen=_KEPT)
        self._latest: HandObservation | None = None

    @property
    def settings(self) -> SpellingSettings:
        """The times and speeds of the reader within."""
        return self._reader.settings

    @settings.setter
    def settings(self, settings: SpellingSettings) -> None:
        self._reader.settings = settings

    @property
    def state(self) -> SpellingState:
        """What the last observation made of the hand."""
        return self._reader.state

    def update(self, observation: HandObservation) -> tuple[StableSign, ...]:
        """Take the next observation and return the signs that it completed, mostly none."""
        signs = self._reader.update(observation)
        with self._lock:
            self._latest = observation
            self._signed.extend(
                _signed(sign, observation) for sign in signs if sign.label in LETTERS
            )
        return signs

    def settle(self) -> tuple[StableSign, ...]:
        """Return the signs that are unsettled as they stand."""
        return self._reader.settle()

    def finish(self) -> tuple[StableSign, ...]:
        """End the stream and forget the hand; letters that were not taken stay."""
        return self._reader.finish()

    def reset(self) -> None:
        """Forget the hand; letters that were not taken stay."""
        self._reader.reset()

    def take(self) -> tuple[SignedLetter, ...]:
        """Return the letters that counted since the last call, the oldest first."""
        with self._lock:
            signed = tuple(self._signed)
            self._signed.clear()
        return signed

    def count_now(self, least: float) -> str | None:
        """Count what the last picture shows, if it is a letter and at least so sure.

        For single pictures that a person takes on purpose. Returns the letter that counted.
        """
        with self._lock:
            seen = self._latest
            best = seen.prediction.best if seen is not None and seen.prediction else None
            if seen is None or best is None or best.label not in LETTERS:
                return None
            if best.confidence < least:
                return None
            sign = StableSign(best.label, seen.time_s, seen.time_s, best.confidence)
            self._signed.append(_signed(sign, seen))
            return best.label


def _signed(sign: StableSign, seen: HandObservation) -> SignedLetter:
    return SignedLetter(
        sign.label, sign.start_s, sign.end_s, sign.confidence, seen.points, seen.is_left
    )
