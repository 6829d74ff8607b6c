"""From a Frame to what can be read in it: detect, box, crop, recognize."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from asl_core.hands.crop import CropBox, WholeFrame, box_around, cut, stretch
from asl_core.hands.detector import HandDetector, SearchingHandDetector
from asl_core.hands.landmarks import HandDetection
from asl_core.hands.search_views import LOOKS_AT_A_SURE_HAND
from asl_core.images import Frame
from asl_core.letters.prediction import HandView, LetterPrediction

if TYPE_CHECKING:
    from asl_core.letters.recognizer import LetterRecognizer

LEAST_CONFIDENCE_OF_A_DOUBTFUL_HAND = {1: 0.9, 2: 0.5, 3: 0.5, 4: 0.2}
"""How sure its letter must be for a hand that the Frame itself did not show, by the number of looks
that show one; more than four are as four. Measured in docs/experiments.md."""

CATCHING_UP_IN_A_LOOK = 0.6
"""So much more than the likeliest letter the second one may gain by one further look at a hand that
the Frame itself shows; 1 is the most there can be. Measured in docs/experiments.md."""


@dataclass(frozen=True)
class StageTimes:
    """Wall time of each stage in milliseconds; `classify` covers crop and recognition.

    `detect` is 0 where no hand is sought.
    """

    detect: float
    classify: float
    total: float


@dataclass(frozen=True)
class FrameReading:
    """What one Frame gave.

    Without a hand `detection`, `box`, `crop` and `prediction` are None. `width` and `height` are
    the Frame's, `crop` is the RGB square that the network saw, uint8 `(S, S, 3)`. A model of whole
    pictures reads every Frame: `detection` is None and `box` is the whole Frame. `views` counts the
    looks whose answers were averaged; more than one where the first was not certain.
    """

    width: int
    height: int
    detection: HandDetection | None
    box: CropBox | WholeFrame | None
    crop: Frame | None
    prediction: LetterPrediction | None
    ms: StageTimes
    views: int = 1

    @property
    def is_whole_frame(self) -> bool:
        """Whether the whole Frame was read, wherever a hand is in it."""
        return isinstance(self.box, WholeFrame)


@dataclass(frozen=True)
class _SeenHand:
    """The hand as one view shows it, and what its letter is."""

    detection: HandDetection
    box: CropBox
    crop: Frame
    prediction: LetterPrediction


class _Clock:
    """Adds up the time of the stages."""

    def __init__(self) -> None:
        self._last = self._started = time.perf_counter()
        self._detect = 0.0

    def detected(self) -> None:
        now = time.perf_counter()
        self._detect += now - self._last
        self._last = now

    def classified(self) -> None:
        self._last = time.perf_counter()

    def times(self) -> StageTimes:
        total, detect = (self._last - self._started) * 1e3, self._detect * 1e3
        return StageTimes(detect=detect, classify=total - detect, total=total)


class FramePipeline:
    """One detector and one recognizer in a row; not thread-safe, as detectors are not."""

    def __init__(self, detector: HandDetector, recognizer: "LetterRecognizer") -> None:
        self.detector = detector
        self.recognizer = recognizer
        # Asked once: comparing an object with a protocol takes Python a fifth of a millisecond.
        self._searcher = detector if isinstance(detector, SearchingHandDetector) else None

    def read(self, frame: Frame, timestamp_ms: int = 0) -> FrameReading:
        """Read the largest hand of an RGB uint8 `(H, W, 3)` Frame.

        `timestamp_ms` is for detectors in video mode. A photo that is not read with certainty (a
        confidence below the model's rejection threshold, or no hand at once) is looked at again
        until the mean of the probabilities is certain, no look is left, or none is likely to change
        the letter of a hand that the Frame itself shows. Where no look shows a hand, or too few do
        and no letter is likely, nothing is guessed.

        A model that was made for whole pictures reads the Frame as it is; no hand is sought.
        """
        if self.recognizer.preprocessing.view == "whole":
            return self._read_whole(frame)
        clock = _Clock()
        seen: list[_SeenHand] = []
        for detection in self._hands(frame, timestamp_ms):
            clock.detected()
            seen.append(self._recognize(frame, detection))
            clock.classified()
            if self._searcher is None or self._is_enough(seen):
                break
        else:
            clock.detected()
        if not _is_hand(seen):
            seen = []
        return self._reading(frame, seen, clock.times())

    def close(self) -> None:
        """Free the detector."""
        self.detector.close()

    def _hands(self, frame: Frame, timestamp_ms: int) -> Iterator[HandDetection]:
        """Yield the Frame's own hand, and that of each further look until no more are asked for."""
        if self._searcher is not None:
            yield from self._searcher.search(frame, timestamp_ms)
        elif (found := self.detector.detect(frame, timestamp_ms)) is not None:
            yield found

    def _is_enough(self, seen: "Sequence[_SeenHand]") -> bool:
        if len(seen) == 1 and not seen[0].detection.is_sure:
            return _is_hand(seen)
        # The model's own confidence: a taught hand that is another's must not spare the looks.
        shares = np.mean([hand.prediction.model_probabilities for hand in seen], axis=0)
        second, best = np.partition(shares, -2)[-2:]
        if best >= self.recognizer.calibration.rejection_threshold:
            return True
        remaining = len(LOOKS_AT_A_SURE_HAND) + 1 - len(seen)
        catch_up = CATCHING_UP_IN_A_LOOK * remaining
        return bool(seen[0].detection.is_sure and (best - second) * len(seen) > catch_up)

    def _recognize(self, frame: Frame, detection: HandDetection) -> _SeenHand:
        height, width = frame.shape[:2]
        settings = self.recognizer.preprocessing
        box = box_around(detection.landmarks, width, height, settings.crop_scale)
        view = HandView(
            crop=cut(frame, box, settings.input_size),
            points=detection.landmarks.pixels_3d(width, height),
            is_left=detection.handedness == "Left",
        )
        (prediction,) = self.recognizer.recognize([view])
        return _SeenHand(detection, box, view.crop, prediction)

    def _reading(
        self, frame: Frame, seen: "Sequence[_SeenHand]", times: StageTimes
    ) -> FrameReading:
        height, width = frame.shape[:2]
        if not seen:
            return FrameReading(width, height, None, None, None, None, times)
        shown, prediction = seen[0], seen[0].prediction
        if len(seen) > 1:
            shares = _mean_probabilities(seen)
            best = int(shares.argmax())
            if not shown.detection.is_sure:
                # The view that speaks most for the letter shows its hand best.
                shown = max(seen, key=lambda hand: float(hand.prediction.probabilities[best]))
            prediction = replace(shown.prediction, probabilities=shares)
        return FrameReading(
            width,
            height,
            shown.detection,
            shown.box,
            shown.crop,
            prediction,
            times,
            views=len(seen),
        )

    def _read_whole(self, frame: Frame) -> FrameReading:
        started = time.perf_counter()
        height, width = frame.shape[:2]
        crop = stretch(frame, self.recognizer.preprocessing.input_size)
        prediction = self.recognizer.recognize([HandView(crop, points=None)])[0]
        spent = (time.perf_counter() - started) * 1e3
        times = StageTimes(detect=0.0, classify=spent, total=spent)
        box = WholeFrame(width, height)
        return FrameReading(width, height, None, box, crop, prediction, times)


def _is_hand(seen: Sequence[_SeenHand]) -> bool:
    """Tell whether a hand is there: the Frame itself shows it, or enough of the other looks do."""
    if not seen or seen[0].detection.is_sure:
        return bool(seen)
    most = max(LEAST_CONFIDENCE_OF_A_DOUBTFUL_HAND)
    least = LEAST_CONFIDENCE_OF_A_DOUBTFUL_HAND[min(len(seen), most)]
    return float(_mean_probabilities(seen).max()) >= least


def _mean_probabilities(seen: Sequence[_SeenHand]) -> NDArray[np.float32]:
    each = np.stack([hand.prediction.probabilities for hand in seen])
    return np.asarray(each.mean(axis=0), np.float32)
