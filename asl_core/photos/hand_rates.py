"""Measures in how many photos of each signer the hand detector finds a hand."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.pool import ThreadPool
from queue import SimpleQueue
from typing import TYPE_CHECKING

import numpy as np

from asl_core import images
from asl_core.alphabet import NOTHING
from asl_core.photos.photo_set import LabelledPhoto

if TYPE_CHECKING:
    from asl_core.hands.detector import HandDetector


@dataclass(frozen=True)
class HandRate:
    """In `found` of `photos` photos of a signer that were looked at a hand was found."""

    split: str
    signer: str
    photos: int
    found: int

    @property
    def rate(self) -> float:
        """`found / photos`, in 0-1."""
        return self.found / self.photos


def measure_hand_rates(
    photos: Sequence[LabelledPhoto],
    new_detector: "Callable[[], HandDetector]",
    workers: int,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[HandRate, ...]:
    """Look for a hand in each of `photos`, with one new detector for each of `workers` threads.

    `progress(done, total)` is called after each photo. The rates are sorted by split and signer.

    Raises:
        ImageError: a photo cannot be read.
        ModelFileError: the detector's model is missing or altered.
    """
    chosen = [photo for photo in photos if photo.label != NOTHING]
    looked: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    free: SimpleQueue[HandDetector] = SimpleQueue()
    detectors: list[HandDetector] = []

    def shows_hand(photo: LabelledPhoto) -> bool:
        frame = images.read(photo.path)
        detector = free.get()
        try:
            return detector.detect(frame) is not None
        finally:
            free.put(detector)

    try:
        for _ in range(workers):
            detectors.append(new_detector())
            free.put(detectors[-1])
        with ThreadPool(workers) as pool:
            for done, (photo, is_hand) in enumerate(
                zip(chosen, pool.imap(shows_hand, chosen), strict=True), start=1
            ):
                looked[photo.split, photo.signer] += 1
                found[photo.split, photo.signer] += is_hand
                if progress:
                    progress(done, len(chosen))
    finally:
        for detector in detectors:
            detector.close()
    return tuple(HandRate(*key, looked[key], found[key]) for key in sorted(looked))


def sample_over_signers(
    photos: Sequence[LabelledPhoto], count: int, seed: int = 0
) -> tuple[LabelledPhoto, ...]:
    """Draw `count` photos, by turns one of each signer; always the same for the same photos.

    Photos of the class `nothing` are not drawn; where there are fewer than `count`, all are.
    """
    waiting: defaultdict[str, list[LabelledPhoto]] = defaultdict(list)
    candidates = [photo for photo in photos if photo.label != NOTHING]
    turns: list[tuple[int, LabelledPhoto]] = []
    for index in np.random.default_rng(seed).permutation(len(candidates)):
        photo = candidates[index]
        waiting[photo.signer].append(photo)
        turns.append((len(waiting[photo.signer]), photo))
    turns.sort(key=lambda turn: turn[0])
    return tuple(photo for _, photo in turns[:count])
