"""Joins what several threads ask a network at the same time into one call."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.networks import PictureAnswer, PictureNetwork

MOST_ROWS = 64
"""Crops of one call."""


class MicroBatches:
    """A picture network that answers all who wait in one call; made for GPUs, thread-safe.

    Nobody waits for company: a thread that finds the network idle asks at once. Those that come
    while it computes (a millisecond on a GPU) wait for it and are then asked for together, so the
    batch grows with the number of visitors and a single one is never held up.
    """

    def __init__(self, network: PictureNetwork, most_rows: int = MOST_ROWS) -> None:
        self._network, self._most_rows = network, most_rows
        self._changed = threading.Condition()
        self._waiting: list[_Asked] = []
        self._is_busy = False

    def __call__(self, pixels: NDArray[np.uint8]) -> PictureAnswer:
        """Answer one caller's crops, RGB uint8 `(B, S, S, 3)`.

        Raises:
            Exception: what the network raised for the batch that they were part of.
        """
        mine = _Asked(pixels)
        with self._changed:
            self._waiting.append(mine)
        while not mine.is_done:
            with self._changed:
                self._changed.wait_for(lambda: mine.is_done or not self._is_busy)
                if mine.is_done:
                    break
                batch = self._take()
                self._is_busy = True
            try:
                _answer(self._network, batch)
            finally:
                with self._changed:
                    self._is_busy = False
                    self._changed.notify_all()
        return mine.result()

    def _take(self) -> "list[_Asked]":
        """Take who waits, in their order, as far as `most_rows` go; at least the first."""
        rows, count = 0, 0
        for asked in self._waiting:
            rows += len(asked.pixels)
            if count and rows > self._most_rows:
                break
            count += 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch


class _Asked:
    """One caller's crops and, later, their answer or the error."""

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        self.pixels = pixels
        self.is_done = False
        self._answer: PictureAnswer | None = None
        self._error: BaseException | None = None

    def settle(self, answer: PictureAnswer | None, error: BaseException | None) -> None:
        self._answer, self._error = answer, error
        self.is_done = True

    def result(self) -> PictureAnswer:
        if self._error is not None:
            raise self._error
        assert self._answer is not None
        return self._answer


def _answer(network: PictureNetwork, batch: list[_Asked]) -> None:
    try:
        answer = network(np.concatenate([asked.pixels for asked in batch]))
    except BaseException as error:  # each caller raises it in its own thread
        for asked in batch:
            asked.settle(None, error)
        return
    ends = np.cumsum([len(asked.pixels) for asked in batch])[:-1]
    parts = zip(*(np.split(rows, ends) for rows in answer), strict=True)
    for asked, part in zip(batch, parts, strict=True):
        asked.settle(PictureAnswer(*part), None)


class FixedSizes:
    """Computes batches of any size with runners that are made for a few sizes each.

    A CUDA graph replays the same kernels on the same memory, so it has one size. `make_runner(n)`
    returns a function from n rows to outputs of n rows; it is called for a size when that is first
    needed. Rows are filled up with zeros, whose answers are dropped. Not thread-safe.
    """

    def __init__(
        self,
        make_runner: Callable[[int], Callable[[NDArray[Any]], tuple[NDArray[np.float32], ...]]],
        sizes: tuple[int, ...],
    ) -> None:
        self._make_runner, self._sizes = make_runner, tuple(sorted(sizes))
        self._runners: dict[int, Callable[[NDArray[Any]], tuple[NDArray[np.float32], ...]]] = {}

    def __call__(self, rows: NDArray[Any]) -> tuple[NDArray[np.float32], ...]:
        """Return every output for all `rows`, in their order."""
        most = self._sizes[-1]
        parts = [self._run(rows[start : start + most]) for start in range(0, len(rows), most)]
        return tuple(np.concatenate(outputs) for outputs in zip(*parts, strict=True))

    def _run(self, rows: NDArray[Any]) -> tuple[NDArray[np.float32], ...]:
        count = len(rows)
        size = next(size for size in self._sizes if size >= count)
        if size not in self._runners:
            self._runners[size] = self._make_runner(size)
        filled = rows
        if count < size:
            filled = np.zeros((size, *rows.shape[1:]), rows.dtype)
            filled[:count] = rows
        return tuple(output[:count] for output in self._runners[size](filled))
