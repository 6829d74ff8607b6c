"""Measures the live path without a browser: frames in and annotated frames out, in threads."""

import itertools
import threading
import time
from collections.abc import Sequence

from asl_core.benchmark.frames import FRAME_MS
from asl_core.errors import ModelFileError
from asl_core.frame_pipeline import FramePipeline
from asl_core.frame_speller import StreamReader
from asl_core.hands.detector import HandDetector, MediaPipeHandDetector
from asl_core.hands.landmarks import HandDetection
from asl_core.images import Frame
from asl_core.letters.motion.model import MotionModel
from asl_core.letters.motion.reader import SHIPPED_MOTION_MODEL, MotionReader
from asl_core.letters.prediction import HandView, LetterPrediction
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.live.process_tuning import tune_for_video
from asl_core.live.visit import LiveVisit
from asl_core.records.speed_report import LiveSpeed, Percentiles

VISITORS = (1, 2, 4)
_WARM_UP_FRAMES = 3


class _TimedDetector:
    """A detector that adds up its own time."""

    def __init__(self, detector: HandDetector) -> None:
        self.seconds, self.found, self._detector = 0.0, 0, detector

    def detect(self, frame: Frame, timestamp_ms: int = 0) -> HandDetection | None:
        started = time.perf_counter()
        detection = self._detector.detect(frame, timestamp_ms)
        self.seconds += time.perf_counter() - started
        self.found += detection is not None
        return detection

    def close(self) -> None:
        self._detector.close()


class _TimedRecognizer(LetterRecognizer):
    """One visitor's view of the shared recognizer that adds up its time."""

    def __init__(self, shared: LetterRecognizer) -> None:
        self.seconds, self._shared = 0.0, shared
        self.preprocessing = shared.preprocessing

    def recognize(self, hands: Sequence[HandView]) -> list[LetterPrediction]:
        started = time.perf_counter()
        predictions = self._shared.recognize(hands)
        self.seconds += time.perf_counter() - started
        return predictions


class _Visitor:
    """One visit and the times of its frames."""

    def __init__(self, detector: HandDetector, shared: LetterRecognizer) -> None:
        self.detector, self.recognizer = _TimedDetector(detector), _TimedRecognizer(shared)
        pipeline = FramePipeline(self.detector, self.recognizer)
        self.frame_seconds: list[float] = []
        self._shown = 0
        self.visit = LiveVisit(
            lambda _: StreamReader(pipeline, _motion_reader()),
            shared.calibration.rejection_threshold,
            clock=lambda: self._shown * FRAME_MS / 1e3,
        )

    def show(self, frame: Frame) -> None:
        started = time.perf_counter()
        self.visit.on_frame(frame, "video")
        self.frame_seconds.append(time.perf_counter() - started)
        self._shown += 1

    def forget(self) -> None:
        """Begin to count anew, after the first frames, which load what is loaded late."""
        self.frame_seconds.clear()
        self.detector.seconds = self.recognizer.seconds = 0.0
        self.detector.found = 0


def measure_live(
    recognizer: LetterRecognizer, frames: Sequence[Frame], seconds: float
) -> tuple[LiveSpeed, ...]:
    """Play `frames` in a circle to 1, 2 and 4 visitors at once, for `seconds` in all.

    Every visitor has a thread, a detector and a visit, and shows the next frame as soon as the last
    one is done. The process is tuned as the app's is, see `tune_for_video`.
    """
    undo = tune_for_video()
    try:
        live, share = recognizer.for_live(), seconds / len(VISITORS)
        return tuple(_measure(live, frames, count, share) for count in VISITORS)
    finally:
        undo()


def _measure(
    recognizer: LetterRecognizer, frames: Sequence[Frame], count: int, seconds: float
) -> LiveSpeed:
    visitors = [_Visitor(MediaPipeHandDetector("video"), recognizer) for _ in range(count)]
    try:
        for visitor in visitors:
            for frame in frames[:_WARM_UP_FRAMES]:
                visitor.show(frame)
            visitor.forget()
        started = time.perf_counter()
        threads = [
            threading.Thread(target=_play, args=(visitor, frames, started + seconds))
            for visitor in visitors
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return summed_up(visitors, time.perf_counter() - started)
    finally:
        for visitor in visitors:
            visitor.visit.end_stream()


def _play(visitor: _Visitor, frames: Sequence[Frame], until: float) -> None:
    for frame in itertools.cycle(frames):
        visitor.show(frame)
        if time.perf_counter() >= until:
            return


def summed_up(visitors: Sequence[_Visitor], seconds: float) -> LiveSpeed:
    """Sum up what visitors took who were served for `seconds` of wall time."""
    times = [value for visitor in visitors for value in visitor.frame_seconds]
    whole = sum(times)
    detect = sum(visitor.detector.seconds for visitor in visitors) / whole
    network = sum(visitor.recognizer.seconds for visitor in visitors) / whole
    draw = sum(_draw_ms(v) * len(v.frame_seconds) for v in visitors) / 1e3 / whole
    overhead = 1 - detect - network
    return LiveSpeed(
        visitors=len(visitors),
        frames=len(times),
        fps=round(len(times) / seconds, 3),
        frame_ms=Percentiles.of([value * 1e3 for value in times]),
        detect_share=round(detect, 4),
        network_share=round(network, 4),
        draw_share=round(min(draw, overhead), 4),
        rest_share=round(max(overhead - draw, 0.0), 4),
        overhead_share=round(overhead, 4),
        hand_share=round(sum(v.detector.found for v in visitors) / len(times), 4),
    )


def _draw_ms(visitor: _Visitor) -> float:
    snapshot = visitor.visit.snapshot()
    return 0.0 if snapshot is None else snapshot.ms.draw


def _motion_reader() -> MotionReader | None:
    try:
        return MotionReader(MotionModel.load(SHIPPED_MOTION_MODEL))
    except ModelFileError:  # a copy without the motion model spells still letters only
        return None
