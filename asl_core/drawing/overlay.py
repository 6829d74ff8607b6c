"""Draws what was read in a Frame onto the Frame: skeleton, crop box, letter."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from asl_core.frame_pipeline import FrameReading
from asl_core.hands.crop import CropBox, WholeFrame
from asl_core.hands.landmarks import BONES, FINGERS, LANDMARK_COUNT
from asl_core.images import Frame

Colour = tuple[int, int, int]
"""RGB 0-255."""

FINGER_COLOURS: tuple[Colour, ...] = (
    (251, 146, 60),
    (250, 204, 21),
    (52, 211, 153),
    (56, 189, 248),
    (216, 150, 255),
)
"""Thumb to little finger."""

PALM_COLOUR: Colour = (226, 232, 240)
BOX_COLOUR: Colour = (79, 70, 229)
TEXT_COLOUR: Colour = (255, 255, 255)
RIM_COLOUR: Colour = (15, 23, 42)
DOUBT_COLOUR: Colour = (82, 90, 104)
HELD_COLOUR: Colour = (4, 120, 87)
SKELETON_BACKGROUND: Colour = (51, 65, 85)

_SHIFT = 3  # OpenCV draws at 1/8 pixel, so that a slow hand does not jump
_BOX_TO_LINE = 1 / 110
_FONT = cv2.FONT_HERSHEY_DUPLEX
_FONT_HEIGHT = 22.0  # pixels of a capital at scale 1
_LETTER_SHARE = 1 / 12
_SMALLEST_LETTER = 15.0
_CONFIDENCE_SHARE = 0.6

_BONE_COLOURS: tuple[Colour, ...] = tuple(
    next((FINGER_COLOURS[i] for i, f in enumerate(FINGERS) if {*bone} <= {*f}), PALM_COLOUR)
    for bone in BONES
)
_BONES = np.array(BONES)
_BONES_OF_COLOUR: dict[Colour, NDArray[np.intp]] = {
    colour: _BONES[[colour == other for other in _BONE_COLOURS]]
    for colour in dict.fromkeys(_BONE_COLOURS)
}


@dataclass(frozen=True)
class ShownLetter:
    """What a label says: the letter, its confidence in 0-1, and how far it is held, 0-1.

    An uncertain letter stands on grey with a question mark. The held share of the label is
    green, the rest indigo; at 1 the square is green too.
    """

    letter: str
    confidence: float
    is_certain: bool = True
    held: float = 0.0


@dataclass(frozen=True)
class _Text:
    """One line of text: where its baseline begins within the label, and how large it is."""

    text: str
    scale: float
    weight: int
    left: int
    baseline: int


@dataclass(frozen=True)
class _Label:
    """A solid plate of `width` by `height` pixels with texts on it."""

    width: int
    height: int
    texts: tuple[_Text, ...]


def draw_reading(frame: Frame, reading: FrameReading, mirrored: bool = False) -> Frame:
    """Return a copy of an RGB uint8 `(H, W, 3)` Frame with what was read in it.

    The skeleton has a colour for each finger; the square is what the network saw, and the letter
    with its confidence stands beside it, or inside at the Frame's edge. With `mirrored` everything
    but the text is mirrored. Nothing is drawn where no hand was found; where the whole Frame was
    read, the label stands in its upper left corner.

    Raises:
        ValueError: the Frame has another size than the one that was read.
    """
    best = reading.prediction.best if reading.prediction is not None else None
    shown = ShownLetter(best.label, best.confidence) if best is not None else None
    return draw_shown(frame, reading, shown, mirrored)


def draw_shown(
    frame: Frame,
    reading: FrameReading,
    shown: ShownLetter | None,
    mirrored: bool = False,
    free_below: int = 0,
) -> Frame:
    """Draw like `draw_reading`, with the label `shown`, kept off the lowest `free_below` rows.

    Raises:
        ValueError: the Frame has another size than the one that was read.
    """
    height, width = frame.shape[:2]
    if (width, height) != (reading.width, reading.height):
        raise ValueError(f"a {width}x{height} frame, read was {reading.width}x{reading.height}")
    picture = np.asarray(cv2.flip(frame, 1), np.uint8) if mirrored else np.array(frame, order="C")
    box = reading.box
    if reading.detection is None or not isinstance(box, CropBox):
        if isinstance(box, WholeFrame) and shown is not None:
            _draw_label(picture, CropBox(0, 0, 1), shown, free_below)
        return picture
    points = reading.detection.landmarks.pixels(width, height)
    if mirrored:
        points[:, 0] = width - 1 - points[:, 0]
        box = CropBox(width - box.right, box.top, box.side)
    line = max(1.0, box.side * _BOX_TO_LINE)
    is_held = shown is not None and shown.held >= 1
    _draw_box(picture, box, line, HELD_COLOUR if is_held else BOX_COLOUR)
    _draw_bones(picture, points, line)
    if shown is not None:
        _draw_label(picture, box, shown, free_below)
    return picture


def draw_skeleton(
    landmarks: NDArray[np.float32],
    width: int,
    height: int,
    size: int = 160,
    background: Colour = SKELETON_BACKGROUND,
) -> Frame:
    """Draw a hand's skeleton alone, in true proportions and centred, RGB uint8 `(size, size, 3)`.

    `landmarks` is `(21, 2)` or `(21, 3)` with x and y in 0-1 of a photo of `width` by `height`
    pixels, which need not be at hand.

    Raises:
        ValueError: there are not 21 points.
    """
    planar = np.asarray(landmarks, np.float32)[:, :2] * np.array([width, height], np.float32)
    if planar.shape != (LANDMARK_COUNT, 2):
        raise ValueError(f"landmarks have shape (21, 2) or (21, 3), not {np.shape(landmarks)}")
    low, high = planar.min(axis=0), planar.max(axis=0)
    scale = 0.8 * size / max(float((high - low).max()), 1e-6)
    picture = np.empty((size, size, 3), np.uint8)
    picture[:] = background
    _draw_bones(picture, (planar - (low + high) / 2) * scale + size / 2, max(1.0, size / 110))
    return picture


def _draw_bones(picture: Frame, points: NDArray[np.float32], line: float) -> None:
    """Draw bones and joints in few calls.

    Each call into OpenCV releases Python's interpreter lock; beside another busy thread, getting it
    back eighty times takes ten times as long as the drawing.
    """
    fixed = np.round(points * (1 << _SHIFT)).astype(np.int32)
    thin = max(1, round(1.8 * line))
    # A dark rim below keeps the bright lines visible on skin and on bright walls.
    rim = thin + 2 * max(1, round(0.6 * line))
    _draw_lines(picture, fixed[_BONES], RIM_COLOUR, rim)
    for colour, bones in _BONES_OF_COLOUR.items():
        _draw_lines(picture, fixed[bones], colour, thin)
    dot = round(3 * line + 1)
    joints = np.stack([fixed, fixed], axis=1)  # a line without length is a round dot
    _draw_lines(picture, joints, RIM_COLOUR, dot + 2)
    _draw_lines(picture, joints, PALM_COLOUR, dot)


def _draw_lines(picture: Frame, lines: NDArray[np.int32], colour: Colour, width: int) -> None:
    cv2.polylines(picture, list(lines), False, colour, width, cv2.LINE_AA, _SHIFT)


def _draw_box(picture: Frame, box: CropBox, line: float, colour: Colour) -> None:
    """Draw the square; sides that lie beyond the picture are not seen."""
    first, last = (box.left, box.top), (box.right - 1, box.bottom - 1)
    thickness = max(1, round(1.3 * line))
    cv2.rectangle(picture, first, last, TEXT_COLOUR, thickness + 2)
    cv2.rectangle(picture, first, last, colour, thickness)


def _draw_label(picture: Frame, box: CropBox, shown: ShownLetter, free_below: int) -> None:
    height, width = picture.shape[:2]
    letter = shown.letter if shown.is_certain else f"{shown.letter}?"
    label = _label(letter, f"{shown.confidence:.0%}", width, height)
    left = min(max(box.left, 0), max(width - label.width, 0))
    top = _label_top(box, label.height, max(height - free_below, label.height))
    right, bottom = left + label.width - 1, top + label.height - 1
    colour = BOX_COLOUR if shown.is_certain else DOUBT_COLOUR
    cv2.rectangle(picture, (left, top), (right, bottom), colour, -1)
    filled = round(label.width * min(shown.held, 1.0))
    if filled > 0:
        front = left + filled - 1
        cv2.rectangle(picture, (left, top), (front, bottom), HELD_COLOUR, -1)
        # Green and indigo are equally dark; the edge between them must not be told by hue alone.
        cv2.line(picture, (front, top), (front, bottom), TEXT_COLOUR, 1 + label.height // 40)
    for text in label.texts:
        start = (left + text.left, top + text.baseline)
        cv2.putText(
            picture, text.text, start, _FONT, text.scale, TEXT_COLOUR, text.weight, cv2.LINE_AA
        )


def _label_top(box: CropBox, label_height: int, height: int) -> int:
    """Above the box where there is room, else below it, else inside at its top."""
    if box.top >= label_height:
        return box.top - label_height
    if box.bottom + label_height <= height:
        return max(box.bottom, 0)
    return min(max(box.top, 0), max(height - label_height, 0))


# A hundred shares of 26 letters in any size that a visitor sends: only the latest are kept.
@lru_cache(maxsize=256)
def _label(letter: str, confidence: str, width: int, height: int) -> _Label:
    """Lay out a label for a picture of `width` by `height` pixels, small enough to fit."""
    capital = max(_SMALLEST_LETTER, min(width, height) * _LETTER_SHARE)
    label = _laid_out(letter, confidence, capital)
    shrink = min(1.0, width / label.width, height / label.height)
    return label if shrink == 1 else _laid_out(letter, confidence, capital * shrink * 0.9)


def _laid_out(letter: str, confidence: str, capital: float) -> _Label:
    pad = max(1, round(capital * 0.35))
    left, baseline = pad, round(pad + capital)
    texts = []
    for text, share in ((letter, 1.0), (confidence, _CONFIDENCE_SHARE)):
        scale = capital * share / _FONT_HEIGHT
        weight = max(1, round(scale * 2 * share))
        texts.append(_Text(text, scale, weight, left, baseline))
        left += cv2.getTextSize(text, _FONT, scale, weight)[0][0] + pad
    return _Label(left, baseline + pad, tuple(texts))
