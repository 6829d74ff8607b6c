"""What the cameras that browsers read are served with: runs, visits, and the models between."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from asl_core.errors import ModelFileError
from asl_core.letters.model_file import model_digest
from asl_core.letters.motion.model import MotionModel
from asl_core.letters.motion.reader import SHIPPED_MOTION_MODEL
from asl_core.live.device_frame import device_stream
from asl_core.live.device_visits import DeviceModel, DeviceVisit, DeviceVisits
from asl_core.live.spelling_speed import NaturalSource
from asl_core.live.visit import LiveVisit
from asl_core.records.training_run import SHIPPED_RUN, TrainingRun, named_run
from asl_core.records.web_model import web_model_of
from asl_core.spelling.fluent.model import FluentModel
from asl_core.spelling.fluent.natural_reader import NaturalReader
from asl_core.spelling.fluent.reader import FluentReader
from asl_core.spelling.fluent.words_later import WordsLater

if TYPE_CHECKING:
    from asl_core.letters.recognizer import LetterRecognizer


class DeviceSource:
    """Opens visits for browsers without a page of the dashboard; thread-safe.

    The pages of the dashboard admit their own visits to `visits`.
    """

    def __init__(
        self,
        open_recognizer: "Callable[[], LetterRecognizer]",
        run: str = SHIPPED_RUN,
        visits: DeviceVisits | None = None,
        natural: NaturalSource | None = None,
    ) -> None:
        """`run` is the name or folder of the run that `open_recognizer` loads.

        `open_recognizer` is asked for each visit, and gives the same one until it is replaced.

        `natural` makes a reader of natural spelling, where the process has a shared model of it.
        """
        self.visits = visits if visits is not None else DeviceVisits()
        self.natural = natural if natural is not None else _NaturalReaders()
        self._open_recognizer = open_recognizer
        self._run = run
        self._lock = threading.Lock()
        self._live: tuple[LetterRecognizer, LetterRecognizer] | None = None
        self._motion: MotionModel | None = None

    def choose_run(self, name: str | None) -> TrainingRun:
        """Return the run of a name, or the service's own.

        Raises:
            RunError: there is no run of that name.
        """
        return named_run(name or self._run)

    def open_visit(self) -> DeviceVisit[LiveVisit]:
        """Open a visit of its own; the first one loads the model.

        Raises:
            AslError: a file of the model is missing or altered, or it has no form for browsers; or
                its files are not those that the service reads with.
        """
        run = self.choose_run(None)
        model = device_model(run)
        recognizer, motion = self._models()
        if model_digest(run.model) != recognizer.digest:
            raise ModelFileError(
                f"{run.name} was changed on the disk since the service loaded it; try again when "
                "it has taken the new one."
            )
        visit = LiveVisit(
            lambda _: device_stream(recognizer, motion), recognizer.calibration.rejection_threshold
        )
        return self.visits.admit(visit, model)

    def _models(self) -> "tuple[LetterRecognizer, MotionModel | None]":
        """Return what frames are read with; anew where the service's recognizer was replaced."""
        whole = self._open_recognizer()
        with self._lock:
            if self._live is None:
                self._motion = _motion_or_none()
            if self._live is None or self._live[0] is not whole:
                self._live = whole, whole.for_live()
            return self._live[1], self._motion


class _NaturalReaders:
    """Makes readers of natural spelling around one model, loaded at the first call; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shared: tuple[FluentModel, WordsLater] | None = None

    def __call__(self) -> NaturalReader:
        with self._lock:
            if self._shared is None:
                self._shared = FluentModel.load(), WordsLater()
            return NaturalReader(FluentReader(*self._shared))


def device_model(run: TrainingRun) -> DeviceModel:
    """Return what a browser must read with for a run.

    Raises:
        ModelFileError: the run has no form for browsers.
    """
    model = web_model_of(run.folder)
    return DeviceModel(model.classes, model.sha256, model.feature_count)


def _motion_or_none() -> MotionModel | None:
    try:
        return MotionModel.load(SHIPPED_MOTION_MODEL)
    except ModelFileError:
        return None  # J and Z are not read; `models verify` tells why
