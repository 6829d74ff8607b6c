"""Cuts labelled windows out of training streams and varies them as other cameras would."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.motion.features import STEPS
from asl_core.letters.motion.model import CLASSES
from asl_core.letters.motion.trace import resampled
from asl_core.training.motion.clips import MotionMaterial
from asl_core.training.motion.stream import Stream, as_seen
from asl_core.training.motion.stream_maker import StreamMaker

_JUST_DONE_S = (-0.04, 0.25)
"""From when to when after a stroke's end it counts as done; the reader decides in this time."""

_LONG_DONE_S = 0.5
_UNDER_WAY = (0.3, 0.8)
"""Shares of a stroke between which it counts as under way."""

_FEWEST_SHARE = 0.6
"""A window that shows less of a whole stroke teaches nothing."""

_MOMENTS = np.linspace(-1, 0, STEPS)
_STROKE_SHARE = 0.6
_J_SHARE = 0.55
_WINDOWS_PER_STREAM = 6


@dataclass(frozen=True)
class LabelledWindows:
    """Hands over time: float16 `(N, STEPS, 21, 3)` in palm lengths, seconds, class indices."""

    hands: NDArray[np.float16]
    seconds: NDArray[np.float32]
    classes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.classes)


def cut_windows(
    material: MotionMaterial,
    streams: int,
    window_seconds: tuple[float, ...],
    random: np.random.Generator,
) -> LabelledWindows:
    """Make `streams` streams and cut about six windows out of each."""
    maker = StreamMaker(material, random)
    hands: list[NDArray[np.float16]] = []
    seconds: list[float] = []
    classes: list[int] = []
    for _ in range(streams):
        if random.random() < _STROKE_SHARE:
            stream = maker.stroke("J" if random.random() < _J_SHARE else "Z")
        else:
            stream = maker.counter_example()
        times, points = as_seen(stream, random)
        for end_s, length, label in _moments(stream, window_seconds, random):
            at = end_s + length * _MOMENTS
            # A reader sees nothing younger than the window's end.
            seen = max(1, int(np.searchsorted(times, end_s + 1e-6)))
            hands.append(resampled(times[:seen], points[:seen], at).astype(np.float16))
            seconds.append(length)
            classes.append(CLASSES.index(label))
    return LabelledWindows(
        np.stack(hands), np.array(seconds, np.float32), np.array(classes, np.int64)
    )


def _moments(
    stream: Stream, window_seconds: tuple[float, ...], random: np.random.Generator
) -> list[tuple[float, float, str]]:
    """Choose ends, lengths and labels of windows."""
    last = float(stream.times_s[-1])
    moments = []
    for number in range(_WINDOWS_PER_STREAM):
        length = float(random.choice(window_seconds) * np.exp(random.uniform(-0.15, 0.15)))
        if stream.letter and number < 2:
            end = stream.end_s + random.uniform(*_JUST_DONE_S)
        elif stream.letter and number < 4:
            share = random.uniform(*_UNDER_WAY)
            end = stream.start_s + share * (stream.end_s - stream.start_s)
        else:
            end = random.uniform(0.05, last + 0.2)
        label = label_at(stream, end, length)
        if label is not None and end <= last + 0.25:
            moments.append((end, length, label))
    return moments


def label_at(stream: Stream, end_s: float, seconds: float) -> str | None:
    """Name what a window shows at its end; None where that is a matter of taste."""
    if not stream.letter:
        return "none"
    lasts = stream.end_s - stream.start_s
    share = (end_s - stream.start_s) / max(lasts, 1e-6)
    if _JUST_DONE_S[0] <= end_s - stream.end_s <= _JUST_DONE_S[1]:
        shown = (stream.end_s - (end_s - seconds)) / max(lasts, 1e-6)
        return stream.letter if shown >= _FEWEST_SHARE else None
    if _UNDER_WAY[0] <= share <= _UNDER_WAY[1]:
        return f"{stream.letter} under way"
    if share < 0.05 or end_s > stream.end_s + _LONG_DONE_S:
        return "none"
    return None


def varied(hands: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Turn, tilt, stretch and mirror each window `(N, STEPS, 21, 3)` as one."""
    count = len(hands)
    angles = np.radians(random.uniform(-1, 1, (count, 3)) * np.array([18, 25, 20]))
    cosine, sine = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
    points = hands.astype(np.float32).copy()
    points[..., 2] *= np.exp(random.uniform(-0.5, 0.2, count)).astype(np.float32)[:, None, None]
    for axis, (one, other) in enumerate(((0, 1), (0, 2), (1, 2))):
        c, s = cosine[:, axis, None, None], sine[:, axis, None, None]
        first, second = points[..., one].copy(), points[..., other].copy()
        points[..., one] = c * first - s * second
        points[..., other] = s * first + c * second
    stretch = np.exp(random.uniform(-0.15, 0.15, (count, 3))).astype(np.float32)
    stretch[random.random(count) < 0.5, 0] *= -1
    return points * stretch[:, None, None, :]
