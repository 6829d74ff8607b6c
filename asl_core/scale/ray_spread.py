"""Does the same work on many entries with Ray Data: in order, a few at a time, with flat memory."""

import pickle
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from asl_core.errors import AslError, RunError
from asl_core.scale.ray_session import ray_session, silence

ENTRIES_PER_TURN = 16
"""Entries that a worker takes at once: a second of work, beside which Ray's own is nothing."""

_RESTARTS = 3
"""How often a worker that ended is started again, before the pictures are to blame."""


@dataclass(frozen=True)
class RaySpread:
    """Spreads work over Ray's processes, here or on the cluster at `address`.

    It is a `Spread` of asl_core.evaluation.measurement. On a cluster every node must see the same
    files at the same paths.
    """

    address: str | None = None

    def __call__(
        self,
        load: Callable[[], Any],
        work: Callable[[Any, Any], Any],
        entries: Sequence[Any],
        workers: int,
    ) -> Iterator[Any]:
        """Yield `work(loaded, entry)` of each entry, in order; each of `workers` calls `load` once.

        Raises:
            RunError: a worker ended again and again.
            AslError: what `load` raises.
        """
        if not entries:
            return
        with ray_session(self.address, workers):
            for outcomes in _turns(load, work, entries, workers):
                for outcome in outcomes:
                    if isinstance(outcome, _Raised):
                        raise outcome.error
                    yield outcome


@dataclass(frozen=True)
class _Raised:
    """What work raised; an error that crossed Ray as an error would bring Ray's traceback."""

    error: Exception


class _Worker:
    """A process of Ray Data: loads once, then works on batches of pickled entries."""

    def __init__(self, load: Callable[[], Any], work: Callable[[Any, Any], Any]) -> None:
        self._work = work
        self._failure: AslError | None = None
        try:
            self._loaded = load()
        except AslError as error:
            self._failure = error

    def __call__(self, batch: Any) -> Any:
        import pyarrow as pa

        entries = [pickle.loads(entry) for entry in batch["entry"].to_pylist()]
        outcomes = [pickle.dumps(self._outcome(entry)) for entry in entries]
        return pa.table({"outcome": pa.array(outcomes, pa.binary())})

    def _outcome(self, entry: Any) -> Any:
        if self._failure is not None:
            return _Raised(self._failure)
        try:
            return self._work(self._loaded, entry)
        except Exception as error:
            return _Raised(error)


def _turns(
    load: Callable[[], Any],
    work: Callable[[Any, Any], Any],
    entries: Sequence[Any],
    workers: int,
) -> Iterator[list[Any]]:
    """Yield the outcomes of one turn after the other; only a few turns are held at a time."""
    import ray
    import ray.data
    from ray.exceptions import RayError

    silence()
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    turns = -(-len(entries) // ENTRIES_PER_TURN)
    rows = [{"entry": pickle.dumps(entry)} for entry in entries]
    blocks = ray.data.from_items(rows, override_num_blocks=turns)
    with warnings.catch_warnings():
        # Ray 2.64 renames the last two; without them a picture that crashes a decoder would be
        # given to one new process after the other for ever.
        warnings.simplefilter("ignore")
        outcomes = blocks.map_batches(
            _Worker,
            fn_constructor_args=(load, work),
            batch_size=None,  # a block as it is
            batch_format="pyarrow",
            compute=ray.data.ActorPoolStrategy(size=min(workers, turns)),
            num_cpus=1,
            max_restarts=_RESTARTS,
            max_task_retries=_RESTARTS,
        )
    try:
        for table in outcomes.iter_batches(batch_size=None, batch_format="pyarrow"):
            yield [pickle.loads(outcome) for outcome in table["outcome"].to_pylist()]
    except RayError as error:
        raise RunError(
            f"Reader processes ended {_RESTARTS + 1} times ({type(error).__name__}), perhaps as "
            "memory ran out; try again with fewer --workers."
        ) from None
