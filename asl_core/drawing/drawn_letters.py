"""Draws the hand of any letter from `drawn_letters.json`, the typical hands of many signers.

The file is made by `python -m asl_core typical-hands`; it holds means of landmarks: no photo, and
no single person's hand.
"""

from functools import cache
from pathlib import Path

import numpy as np

from asl_core.alphabet import LETTERS
from asl_core.drawing.drawn_hand import DEFAULT_STYLE, HandStyle, draw_hand, palm_length
from asl_core.drawing.relief import Points
from asl_core.errors import SettingsError
from asl_core.hands.landmarks import HandLandmarks
from asl_core.images import Frame
from asl_core.records.json_file import read_json

TYPICAL_HANDS_FILE = Path(__file__).with_name("drawn_letters.json")

SMALLEST_SIDE, LARGEST_SIDE = 32, 2048
"""Sides in pixels of a picture that is drawn."""

_PALM_SHARE = 0.36  # the palm's length as a share of the picture's shorter side
_LARGEST_SHARE = 0.74
_CENTRE = (0.5, 0.46)  # the forearm needs room below


@cache
def typical_points(letter: str) -> Points:
    """Return the typical right hand of a letter, float32 `(21, 3)`, read-only.

    x right, y down, z away from the eye, around the centre, in root mean square planar distances
    from it.

    Raises:
        SettingsError: `letter` is not one of A to Z.
        RunError: `drawn_letters.json` is missing or broken.
    """
    if letter not in LETTERS:
        raise SettingsError(f"{letter!r} is not a letter from A to Z; there is no hand to draw.")
    points = np.array(read_json(TYPICAL_HANDS_FILE)["letters"][letter]["points"], np.float32)
    points.flags.writeable = False
    return points


def letter_landmarks(letter: str, width: int, height: int) -> HandLandmarks:
    """Place the typical hand of a letter in a picture of `width` by `height` pixels.

    All letters are shown by a hand of one size, smaller only where it would not fit.

    Raises:
        SettingsError: `letter` is not one of A to Z.
    """
    points = typical_points(letter).copy()
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    points[:, :2] -= (low + high) / 2
    scale = min(_PALM_SHARE / palm_length(points), _LARGEST_SHARE / float((high - low).max()))
    points *= scale * min(width, height)
    points[:, :2] += np.array(_CENTRE, np.float32) * (width, height)
    return HandLandmarks(np.asarray(points / np.array([width, height, width]), np.float32))


def drawn_letter(letter: str, size: int = 480, style: HandStyle = DEFAULT_STYLE) -> Frame:
    """Draw a right hand that shows `letter`, RGB uint8 `(size, size, 3)`; always the same.

    Raises:
        SettingsError: `letter` is not one of A to Z, or `size` is not 32 to 2048.
    """
    if not SMALLEST_SIDE <= size <= LARGEST_SIDE:
        raise SettingsError(f"size is {size}; allowed are {SMALLEST_SIDE} to {LARGEST_SIDE}.")
    return draw_hand(letter_landmarks(letter, size, size), size, size, style)
