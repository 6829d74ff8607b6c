"""The spine of every measurement of a run: which model, which pictures, and the loop over them."""

import functools
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypedDict, TypeVar

from asl_core import images
from asl_core.errors import AslError, ImageError, PhotoSetError, RunError
from asl_core.images import Frame
from asl_core.photos.photo_set import PhotoSet
from asl_core.records.training_run import TrainingRun

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FramePipeline

EVERY_SPLIT = "all"
_ENTRIES_PER_TURN = 4


class Picture(Protocol):
    """What is measured: a picture on disk and its name in reports."""

    @property
    def photo_id(self) -> str:
        """The path below the root of its set."""
        ...

    @property
    def path(self) -> Path:
        """Where it lies on this machine."""
        ...


Loaded = TypeVar("Loaded")
Entry = TypeVar("Entry", bound=Picture)
Outcome = TypeVar("Outcome")
Task = Callable[[Loaded, Entry, Frame], Outcome]
"""Reads one decoded picture with what was loaded; a module's function, so that it is picklable."""


class ReportHead(TypedDict):
    """The fields that every report of a run begins with: what was measured, how, and when."""

    run: str
    split: str
    command: str
    created: str


class Spread(Protocol):
    """Does the same work on every entry, in one process or in many."""

    def __call__(
        self,
        load: Callable[[], Any],
        work: Callable[[Any, Any], Any],
        entries: Sequence[Any],
        workers: int,
    ) -> Iterator[Any]:
        """Yield `work(loaded, entry)` of each entry, in order; each of `workers` calls `load` once.

        Raises:
            RunError: a worker ended unexpectedly.
            AslError: what `load` raises.
        """


@dataclass(frozen=True)
class Unreadable:
    """A picture that could not be decoded, and the sentence that says why."""

    photo_id: str
    reason: str

    def __str__(self) -> str:
        return f"{self.photo_id}: {self.reason}"


def in_processes(
    load: Callable[[], Any],
    work: Callable[[Any, Any], Any],
    entries: Sequence[Any],
    workers: int,
) -> Iterator[Any]:
    """Work in this process where there is one worker, else in as many processes; see `Spread`."""
    if workers == 1:
        loaded = load()
        try:
            yield from map(functools.partial(work, loaded), entries)
        finally:
            # MediaPipe ends with a traceback where Python ends before its graphs are freed.
            if hasattr(loaded, "close"):
                loaded.close()
        return
    # A forked copy of MediaPipe's or torch's threads would hang, so workers start afresh.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start_worker, (load, work)) as processes:
        try:
            yield from processes.map(_work, entries, chunksize=_ENTRIES_PER_TURN)
        except BrokenProcessPool:
            raise RunError(
                f"One of {workers} worker processes ended, perhaps because memory ran "
                "out; try again with --workers 1."
            ) from None
        finally:
            processes.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True)
class Measurement(Generic[Loaded]):
    """A run on the pictures of a folder's split, read in this process or in several.

    `material` is the folder's name, `command` what reproduces the report. `load` makes what reads
    the pictures, once in each of `workers` processes; it must be picklable, such as
    `functools.partial(load_photo_pipeline, folder, threads=1)`. `progress(done, total)` is called
    after each picture. `spread` is what the workers are: processes here, or elsewhere.
    """

    run: TrainingRun
    material: str
    split: str
    command: str
    load: Callable[[], Loaded]
    workers: int = 1
    progress: Callable[[int, int], None] | None = None
    spread: Spread = in_processes

    @property
    def head(self) -> ReportHead:
        """How a report of this measurement begins; `created` is this moment in UTC, ISO 8601."""
        created = datetime.now(UTC).isoformat(timespec="seconds")
        return {
            "run": self.run.name,
            "split": self.split,
            "command": self.command,
            "created": created,
        }

    def chosen(self, photos: PhotoSet) -> PhotoSet:
        """Return the photos of the split; EVERY_SPLIT stands for all.

        Raises:
            PhotoSetError: there is no such split.
        """
        return photos if self.split == EVERY_SPLIT else photos.of_split(self.split)

    def read(
        self, task: Task[Loaded, Entry, Outcome], entries: Sequence[Entry]
    ) -> tuple[list[Outcome], tuple[str, ...]]:
        """Return what `task` makes of each picture, in order, and a sentence for each undecodable.

        Raises:
            RunError: a worker process ended unexpectedly.
            AslError: what `load` raises.
        """
        outcomes: list[Outcome] = []
        unreadable: list[str] = []
        for done, outcome in enumerate(self._each(task, entries), start=1):
            if isinstance(outcome, Unreadable):
                unreadable.append(str(outcome))
            else:
                outcomes.append(outcome)
            if self.progress:
                self.progress(done, len(entries))
        return outcomes, tuple(unreadable)

    def _each(
        self, task: Task[Loaded, Entry, Outcome], entries: Sequence[Entry]
    ) -> Iterator[Outcome | Unreadable]:
        # What spreads the work calls it with what was loaded, then the entry.
        work = functools.partial(_read_one, task)
        return self.spread(self.load, work, entries, self.workers)

    def nothing_read(self) -> PhotoSetError:
        """Return the error for a split without a readable photo of a static letter."""
        return PhotoSetError(
            f"{self.material}, split {self.split!r}, has no readable photo of a static letter that "
            f"{self.run.name} knows."
        )


def load_photo_pipeline(
    run_folder: Path, threads: int | None = None, picture_only: bool = False
) -> "FramePipeline":
    """Load the model of a run with a detector in photo mode.

    `threads` limits how many processor cores the network uses, None: all. With
    `picture_only` the landmark network has no say.

    Raises:
        ModelFileError: the model or the detector's file is missing, altered or does not fit.
    """
    # Imported here, so that the parent of a pool needs neither networks nor MediaPipe.
    from asl_core.frame_pipeline import FramePipeline
    from asl_core.hands.detector import MediaPipeHandDetector
    from asl_core.letters.recognizer import LetterRecognizer

    recognizer = LetterRecognizer.load(run_folder, threads=threads)
    if picture_only:
        recognizer = recognizer.without_landmarks()
    return FramePipeline(MediaPipeHandDetector("photo"), recognizer)


def _read_one(
    task: Task[Loaded, Entry, Outcome], loaded: Loaded, entry: Entry
) -> Outcome | Unreadable:
    try:
        frame = images.read(entry.path)
    except ImageError as error:
        # A report travels, so it names the picture and not where it lies on this machine.
        return Unreadable(entry.photo_id, str(error).replace(str(entry.path), "The file"))
    return task(loaded, entry, frame)


_worked: Callable[[Any], Any] | None = None


def _start_worker(load: Callable[[], Any], work: Callable[[Any, Any], Any]) -> None:
    global _worked
    try:
        _worked = functools.partial(work, load())
    except AslError as error:
        # A pool whose initializer raises is broken and loses the sentence: the first task tells it.
        _worked = functools.partial(_fail, error)


def _fail(error: AslError, entry: object) -> None:
    raise error


def _work(entry: Any) -> Any:
    assert _worked is not None
    return _worked(entry)
