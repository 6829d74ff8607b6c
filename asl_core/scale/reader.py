"""What runs in a replica: detectors in threads, and one recognizer that they ask together."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from ray import serve

from asl_core.drawing.drawn_letters import drawn_letter
from asl_core.errors import AslError, ImageError
from asl_core.frame_pipeline import FramePipeline
from asl_core.letters.prediction import HandView, LetterPrediction
from asl_core.scale.answers import ModelSummary, Refusal
from asl_core.service.timed_reading import TimedReading, read_timed

if TYPE_CHECKING:
    from asl_core.hands.detector import HandDetector
    from asl_core.letters.recognizer import LetterRecognizer

BATCH_WAIT_S = 0.002
"""Longest wait for other pictures' hands; a fraction of what finding a hand takes."""


class PictureReader:
    """A replica: reads pictures with `workers` detectors, and names their letters in batches.

    Each detector lives in a thread of its own, as MediaPipe's must. A model that cannot be loaded
    is told by `describe`.
    """

    def __init__(
        self,
        open_recognizer: "Callable[[], LetterRecognizer]",
        open_detector: "Callable[[], HandDetector]",
        workers: int,
    ) -> None:
        self._open_detector = open_detector
        self._own = threading.local()
        self._threads = ThreadPoolExecutor(workers, "asl-reader")
        # A network that computes must not hold up the replica's event loop.
        self._network = ThreadPoolExecutor(1, "asl-network")
        # Its own queue for each reader; a full batch goes at once, and one thread waits for nobody.
        self._classify = serve.batch(max_batch_size=workers, batch_wait_timeout_s=BATCH_WAIT_S)(
            self._classify_all
        )
        self._failure: AslError | None = None
        try:
            self._recognizer = open_recognizer()
            self._open_pipelines(workers)
        except AslError as error:
            self._failure = error

    async def describe(self) -> ModelSummary | Refusal:
        """Name the model, or say why it could not be loaded."""
        if self._failure is not None:
            return Refusal(str(self._failure))
        return self._summary()

    def _summary(self) -> ModelSummary:
        model = self._recognizer
        return ModelSummary(
            model.name, model.digest, model.version, model.calibration, tuple(model.classes)
        )

    async def read(self, data: bytes) -> TimedReading | Refusal:
        """Decode and read an encoded picture; its crop is left out, as no answer shows it."""
        loop, submitted_s = asyncio.get_running_loop(), time.perf_counter()
        try:
            timed = await loop.run_in_executor(self._threads, self._read, data, submitted_s, loop)
        except ImageError as error:
            return Refusal(str(error))
        # What read it stays here; its name and digest travel.
        return replace(timed, reading=replace(timed.reading, crop=None), model=self._summary())

    async def _classify_all(self, asked: list[Sequence[HandView]]) -> list[list[LetterPrediction]]:
        """Name the letters of all hands of several pictures in one call of the networks."""
        views = [view for hands in asked for view in hands]
        loop = asyncio.get_running_loop()
        named = await loop.run_in_executor(self._network, self._recognizer.recognize, views)
        rest = iter(named)
        return [[next(rest) for _ in hands] for hands in asked]

    def _read(
        self, data: bytes, submitted_s: float, loop: asyncio.AbstractEventLoop
    ) -> TimedReading:
        self._own.joined.loop = loop
        return read_timed(data, self._own.pipeline, submitted_s)

    def _open_pipelines(self, workers: int) -> None:
        """Open every thread's detector; a first reading sets up the networks."""
        everyone = threading.Barrier(workers)
        for opened in [self._threads.submit(self._open_pipeline, everyone) for _ in range(workers)]:
            opened.result()

    def _open_pipeline(self, everyone: threading.Barrier) -> None:
        everyone.wait()  # a thread that is done early would take another's turn
        detector = self._open_detector()
        FramePipeline(detector, self._recognizer).read(drawn_letter("B", 256))
        self._own.joined = _Joined(self._recognizer, self._classify)
        # It has what a pipeline asks of a recognizer, and no networks of its own.
        joined = cast("LetterRecognizer", self._own.joined)
        self._own.pipeline = FramePipeline(detector, joined)


class _Joined:
    """Stands in a thread's pipeline for the recognizer, and passes hands on to be joined."""

    def __init__(self, recognizer: "LetterRecognizer", classify: Callable[..., Any]) -> None:
        self.preprocessing = recognizer.preprocessing
        self.calibration = recognizer.calibration
        self.name, self.digest, self.version = (
            recognizer.name,
            recognizer.digest,
            recognizer.version,
        )
        self.loop: asyncio.AbstractEventLoop | None = None
        self._classify = classify

    def recognize(self, hands: Sequence[HandView]) -> list[LetterPrediction]:
        """Wait, in a thread, until the replica has named the letters of these hands."""
        assert self.loop is not None
        answer = asyncio.run_coroutine_threadsafe(self._classify(hands), self.loop)
        named: list[LetterPrediction] = answer.result()
        return named
