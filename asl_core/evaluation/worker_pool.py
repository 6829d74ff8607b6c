"""Several processes, each of which loads its own model once and then takes tasks."""

import functools
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from asl_core.errors import RunError

Loaded = TypeVar("Loaded")
Entry = TypeVar("Entry")
Outcome = TypeVar("Outcome")

_ENTRIES_PER_TURN = 4


@dataclass(frozen=True)
class WorkerPool(Generic[Loaded]):
    """Processes, each with what `load` makes in it.

    `load` must be picklable, such as a `functools.partial` of a module's function.
    """

    load: Callable[[], Loaded]
    workers: int

    def each(
        self, task: Callable[[Loaded, Entry], Outcome], entries: Sequence[Entry]
    ) -> Iterator[Outcome]:
        """Give `task(loaded, entry)` for each entry, in their order; `task` is a module's function.

        Raises:
            RunError: a process ended unexpectedly.
        """
        # A forked copy of MediaPipe's or torch's threads would hang, so workers start afresh.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self.workers, context, _start_worker, (self.load, task)) as pool:
            try:
                yield from pool.map(_work, entries, chunksize=_ENTRIES_PER_TURN)
            except BrokenProcessPool:
                raise RunError(
                    f"One of {self.workers} worker processes ended, perhaps for want of memory; "
                    "try again with --workers 1."
                ) from None
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


_task: Callable[[Any], Any] | None = None


def _start_worker(load: Callable[[], Any], task: Callable[[Any, Any], Any]) -> None:
    global _task
    _task = functools.partial(task, load())


def _work(entry: Any) -> Any:
    assert _task is not None
    return _task(entry)
