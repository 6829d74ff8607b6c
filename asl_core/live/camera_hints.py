"""What a person can do so that the hand is read better: size, place, light, in plain words."""

import math
import statistics
from dataclasses import dataclass

import numpy as np

from asl_core.frame_pipeline import FrameReading
from asl_core.images import LUMA, Frame

MOVE_CLOSER = "Move closer: your hand is small in the picture."
MOVE_BACK = "Move back a little: your hand fills the picture."
INTO_PICTURE = "Move your whole hand into the picture."
MORE_LIGHT = "More light: the picture is too dark."
LIGHT_BEHIND = "The light is behind you: turn towards it."
TOO_BRIGHT = "Too bright: move out of the strong light."
HOLD_STILL = "Hold your hand still for a moment."
NO_HAND = "Show one hand to the camera."

SMALLEST_HAND, LARGEST_HAND = 0.18, 0.85
"""Longer side of the hand's bounding box as a share of the Frame's shorter side.

Of 36 validation photos shrunk into 640x480, video mode finds the hand in 36 at 0.3, 35 at 0.2, 30
at 0.16, 23 at 0.13 and 13 at 0.08. Hands in validation photos span 0.23 to 0.72; a larger one
leaves no room to move without leaving the picture.
"""

DARK_HAND, BRIGHT_HAND = 45.0, 235.0
"""Median luma of the 21 points. Dark skin in even light measures 64 to 90 in validation photos
and is read well, so the threshold lies far below; above 235 a camera keeps no detail."""

DARK_FRAME, BRIGHT_FRAME = 40.0, 215.0
"""Mean luma of a Frame. A room at night with only a screen's light measures 73 to 98."""

BACKLIT_RATIO = 2.5
"""Frame's luma over the hand's; the backlit validation photos measure up to 1.9 and are read."""

_SETTLE_S = 0.5  # a hint appears after about as long, and goes after the same time
_SHOW, _HIDE = 0.6, 0.3
_PATIENCE_S = {NO_HAND: 2.5, HOLD_STILL: 1.5}  # a lowered hand is a space, a quick one a change
_ORDER = (
    NO_HAND,
    INTO_PICTURE,
    MORE_LIGHT,
    LIGHT_BEHIND,
    TOO_BRIGHT,
    MOVE_CLOSER,
    MOVE_BACK,
    HOLD_STILL,
)
_LUMA = np.array(LUMA, np.float32)
_STEP = 16  # every 16th pixel each way tells a Frame's brightness well enough


@dataclass(frozen=True)
class Light:
    """Brightness as luma in 0-255: mean of the Frame, median of the hand's points.

    `hand` is None without a hand, or where none of its points lies within the Frame.
    """

    frame: float
    hand: float | None


def light_of(frame: Frame, reading: FrameReading) -> Light:
    """Measure the light of an RGB uint8 `(H, W, 3)` Frame and of the hand that was read in it."""
    return Light(frame_brightness(frame), hand_brightness(frame, reading))


@dataclass
class _Evidence:
    """How steadily a hint has held lately, 0-1, and whether it is shown."""

    share: float = 0.0
    is_shown: bool = False


class CameraHints:
    """The hints of one visitor, smoothed in time; not thread-safe."""

    def __init__(self) -> None:
        self._evidence = {hint: _Evidence() for hint in _ORDER}
        self._last_s: float | None = None

    def update(
        self, time_s: float, light: Light, reading: FrameReading, waits_for_stillness: bool
    ) -> tuple[str, ...]:
        """Take in what a frame shows and return the sentences to show now, most urgent first."""
        passed = 0.0 if self._last_s is None else max(0.0, time_s - self._last_s)
        self._last_s = time_s
        present = hints_of(light, reading)
        if waits_for_stillness:
            present |= {HOLD_STILL}
        for hint, evidence in self._evidence.items():
            weight = 1 - math.exp(-passed / _PATIENCE_S.get(hint, _SETTLE_S))
            evidence.share += weight * ((hint in present) - evidence.share)
            limit = _HIDE if evidence.is_shown else _SHOW
            # One that needs patience must not linger once its cause is gone.
            is_over = hint in _PATIENCE_S and hint not in present
            evidence.share = 0.0 if is_over else evidence.share
            evidence.is_shown = evidence.share > limit
        return self.shown

    @property
    def shown(self) -> tuple[str, ...]:
        """The sentences to show now, most urgent first."""
        return tuple(hint for hint in _ORDER if self._evidence[hint].is_shown)


def hints_of(light: Light, reading: FrameReading) -> frozenset[str]:
    """Return what one frame's light and reading say, without smoothing."""
    if reading.detection is None:
        brightness = light.frame
        if brightness < DARK_FRAME:
            return frozenset({MORE_LIGHT})
        if brightness > BRIGHT_FRAME:
            return frozenset({TOO_BRIGHT})
        return frozenset() if reading.is_whole_frame else frozenset({NO_HAND})
    return frozenset({*_size_hints(reading), *_light_hints(light)})


def _size_hints(reading: FrameReading) -> set[str]:
    assert reading.detection is not None
    shares = reading.detection.landmarks.points[:, :2]
    if float(shares.min()) < 0 or float(shares.max()) > 1:
        return {INTO_PICTURE}
    pixels = reading.detection.landmarks.pixels(reading.width, reading.height)
    size = float(np.ptp(pixels, axis=0).max()) / min(reading.width, reading.height)
    if size < SMALLEST_HAND:
        return {MOVE_CLOSER}
    return {MOVE_BACK} if size > LARGEST_HAND else set()


def _light_hints(light: Light) -> set[str]:
    hand = light.hand
    if hand is None:
        return set()
    if hand < DARK_HAND:
        is_backlit = light.frame > BACKLIT_RATIO * hand
        return {LIGHT_BEHIND if is_backlit else MORE_LIGHT}
    return {TOO_BRIGHT} if hand > BRIGHT_HAND else set()


def frame_brightness(frame: Frame) -> float:
    """Return the mean luma in 0-255 of an RGB uint8 `(H, W, 3)` Frame, from some of its pixels."""
    return float(np.mean(frame[::_STEP, ::_STEP] @ _LUMA))


def hand_brightness(frame: Frame, reading: FrameReading) -> float | None:
    """Return the median luma in 0-255 at the landmarks within the Frame, None without any."""
    if reading.detection is None:
        return None
    columns, rows = reading.detection.landmarks.pixels(reading.width, reading.height).astype(int).T
    inside = (columns >= 0) & (columns < reading.width) & (rows >= 0) & (rows < reading.height)
    if not inside.any():
        return None
    # `np.median` of so few takes ten times as long.
    luma: list[float] = (frame[rows[inside], columns[inside]] @ _LUMA).tolist()
    return statistics.median(luma)
