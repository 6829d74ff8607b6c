"""Changed views of a Frame in which MediaPipe may find a hand that it missed, and the way back."""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from asl_core.hands.crop import PAD_COLOUR
from asl_core.hands.landmarks import HandDetection, HandLandmarks
from asl_core.images import Frame

BORDER_SHARE = 0.35
"""Width of the plain border as a share of the longer side; gives room to tight crops."""

SOFT_BORDER_SHARE = 0.5
WIDE_BORDER_SHARE = 0.8
SMALL_SIDE = 160
"""Longer side in pixels of a shrunk view. Its pixels are means of many, so noise goes: a photo in a
dark room shows its hand there first."""

BRIGHT_MEAN, LEAST_EXPONENT = 0.45, 0.2
"""Mean pixel value in 0-1 that a dark view is brightened to, and how far at most."""

SKIN_COLOUR = (1.0, 0.78, 0.66)
"""Red, green and blue of a light in which a grey picture has about the colours of skin."""

_DARKER, _BRIGHTER = 1.8, 0.5
"""Exponents (gamma) on pixel values in 0-1."""


def _identity() -> NDArray[np.float32]:
    return np.array([[1, 0, 0], [0, 1, 0]], np.float32)


@dataclass(frozen=True)
class SearchView:
    """A changed view of a Frame and the way back: `original = matrix @ (x, y, 1)`, all in 0-1.

    `depth_scale` turns depths in the scale of the view's width into those of the Frame's.
    """

    picture: Frame
    matrix: NDArray[np.float32] = field(default_factory=_identity)
    depth_scale: float = 1.0

    def back(self, seen: HandDetection) -> HandDetection:
        """Return a hand that was seen in the view as it lies in the Frame."""
        points = seen.landmarks.points.copy()
        planar = np.column_stack([points[:, :2], np.ones(len(points), np.float32)])
        points[:, :2] = planar @ self.matrix.T
        points[:, 2] *= self.depth_scale
        return HandDetection(HandLandmarks(points), seen.handedness, seen.score, is_sure=False)


def unchanged(frame: Frame) -> SearchView:
    """Show a Frame as it is."""
    return SearchView(frame)


def turned(frame: Frame) -> SearchView:
    """Turn a Frame by 90 degrees clockwise."""
    height, width = frame.shape[:2]
    picture = np.asarray(cv2.rotate(frame, cv2.ROTATE_90_CLOCKWISE), np.uint8)
    return SearchView(picture, np.array([[0, 1, 0], [-1, 0, 1]], np.float32), height / width)


def turned_back(frame: Frame) -> SearchView:
    """Turn a Frame by 90 degrees anticlockwise."""
    height, width = frame.shape[:2]
    picture = np.asarray(cv2.rotate(frame, cv2.ROTATE_90_COUNTERCLOCKWISE), np.uint8)
    return SearchView(picture, np.array([[0, -1, 1], [1, 0, 0]], np.float32), height / width)


def upside_down(frame: Frame) -> SearchView:
    """Turn a Frame by 180 degrees."""
    picture = np.asarray(cv2.rotate(frame, cv2.ROTATE_180), np.uint8)
    return SearchView(picture, np.array([[-1, 0, 1], [0, -1, 1]], np.float32))


def bordered(frame: Frame) -> SearchView:
    """Put a plain border around a Frame."""
    return _widened(frame, BORDER_SHARE, cv2.BORDER_CONSTANT)


def widely_bordered(frame: Frame) -> SearchView:
    """Put a wide plain border around a Frame, so that a hand that fills it looks small."""
    return _widened(frame, WIDE_BORDER_SHARE, cv2.BORDER_CONSTANT)


def softly_bordered(frame: Frame) -> SearchView:
    """Put the blurred mirror image of a Frame around it, which has no edge to mistake for one."""
    view = _widened(frame, SOFT_BORDER_SHARE, cv2.BORDER_REFLECT_101)
    height, width = frame.shape[:2]
    border = _border(frame, SOFT_BORDER_SHARE)
    picture = cv2.GaussianBlur(view.picture, (0, 0), max(width, height) / 30)
    picture[border : border + height, border : border + width] = frame
    return SearchView(np.asarray(picture, np.uint8), view.matrix, view.depth_scale)


def darker(frame: Frame) -> SearchView:
    """Bring back the fingers of a hand that a lamp or a screen bleaches."""
    return SearchView(_with_exponent(frame, _DARKER))


def brighter(frame: Frame) -> SearchView:
    """Bring back the fingers of a hand against the light, however bright the Frame is."""
    return SearchView(_with_exponent(frame, _BRIGHTER))


def bright(frame: Frame) -> SearchView:
    """Shrink a Frame and brighten it as far as it is dark: finds hands in poor light."""
    return SearchView(_brightened(_shrunk(frame)))


def bright_and_turned(frame: Frame) -> SearchView:
    """Turn the view `bright` by 90 degrees anticlockwise."""
    return turned_back(bright(frame).picture)


def grey(frame: Frame) -> SearchView:
    """Shrink a Frame and take its colours away: finds hands in gloves or coloured light."""
    return SearchView(_in_one_colour(_shrunk(frame), (1.0, 1.0, 1.0)))


def skin_coloured(frame: Frame) -> SearchView:
    """Show the light and shade of `bright` in the colour of skin, whatever colour a hand has."""
    return SearchView(_in_one_colour(bright(frame).picture, SKIN_COLOUR))


@dataclass(frozen=True)
class Look:
    """A view in which a hand is sought; a patient look tries more places of it than others do."""

    view_of: Callable[[Frame], SearchView]
    is_patient: bool = False


SECOND_LOOKS: tuple[Look, ...] = (
    Look(turned),
    Look(bright, is_patient=True),
    Look(bordered),
    Look(unchanged, is_patient=True),
)
"""What is tried first where the Frame itself shows no hand."""

LOOKS_AT_A_SURE_HAND = SECOND_LOOKS[:3]
"""A hand that the Frame itself shows, but no letter for sure, is looked at no more than this: all
others together change nothing. Measured in docs/experiments.md."""

FURTHER_LOOKS: tuple[Look, ...] = (
    Look(skin_coloured),
    Look(softly_bordered),
    Look(darker),
    Look(upside_down),
    Look(widely_bordered),
    Look(brighter),
    Look(turned_back),
    Look(bright),
    Look(bright_and_turned),
    Look(grey),
)
"""Further looks at a photo that still shows no hand for sure (`FramePipeline`)."""


def _border(frame: Frame, share: float) -> int:
    longer: int = max(frame.shape[:2])
    return round(share * longer)


def _widened(frame: Frame, share: float, kind: int) -> SearchView:
    height, width = frame.shape[:2]
    border = _border(frame, share)
    sides = (border, border, border, border)
    wider = np.asarray(cv2.copyMakeBorder(frame, *sides, kind, value=PAD_COLOUR), np.uint8)
    scale_x, scale_y = 1 + 2 * border / width, 1 + 2 * border / height
    matrix = np.array([[scale_x, 0, -border / width], [0, scale_y, -border / height]], np.float32)
    return SearchView(wider, matrix, scale_x)


def _shrunk(frame: Frame) -> Frame:
    height, width = frame.shape[:2]
    scale = SMALL_SIDE / max(height, width)
    if scale >= 1:
        return frame
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)


def _brightened(frame: Frame) -> Frame:
    mean = max(float(frame.mean()) / 255, 1 / 255)
    if mean >= BRIGHT_MEAN:
        return frame
    # mean ** exponent = BRIGHT_MEAN
    return _with_exponent(frame, max(LEAST_EXPONENT, np.log(BRIGHT_MEAN) / np.log(mean)))


def _in_one_colour(frame: Frame, colour: tuple[float, float, float]) -> Frame:
    luma = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)[..., None]
    return np.asarray(luma * np.array(colour), np.uint8)


def _with_exponent(frame: Frame, exponent: float) -> Frame:
    # Of 256 possible values each is raised once, not every pixel.
    table = (255 * (np.arange(256) / 255) ** exponent).round().astype(np.uint8)
    return np.asarray(cv2.LUT(frame, table), np.uint8)
