"""Frame numbers as bar codes in a picture: read again after a codec, and in a mirrored picture."""

from collections.abc import Sequence

import numpy as np

from asl_core.images import Frame

STRIP_CELLS = 40
"""Cells in the whole width of a picture; the code takes the first ones."""

STRIP_SHARE = 1 / 20
"""Height of the code, at the picture's upper edge, as a share of the picture's height."""

NUMBERS = 1024
"""Numbers that have a code: 0 to 1023, 34 seconds of 30 frames each."""

_BITS = 10
_DARK, _LIGHT = 24, 232  # not the ends of the range, which a camera's limited range clips
_MIDDLE = 128


def cells_of(number: int) -> tuple[bool, ...]:
    """Return the cells of a number, light is True, from left to right.

    Two light cells, then each bit beside its opposite, then two dark ones: a picture's edge is
    not taken for a code, and a code in a mirrored picture can be told from another number.

    Raises:
        ValueError: there is no code for the number.
    """
    if not 0 <= number < NUMBERS:
        raise ValueError(f"{number} has no code; the numbers are 0 to {NUMBERS - 1}.")
    bits = [bool(number >> place & 1) for place in reversed(range(_BITS))]
    pairs = [cell for bit in bits for cell in (bit, not bit)]
    return (True, True, *pairs, False, False)


def with_code(frame: Frame, number: int) -> Frame:
    """Return a copy of an RGB uint8 `(H, W, 3)` Frame with the code of `number` at its upper left.

    Raises:
        ValueError: there is no code for the number, or the width is no multiple of STRIP_CELLS.
    """
    height, width = frame.shape[:2]
    if width % STRIP_CELLS:
        raise ValueError(f"The width {width} is no multiple of {STRIP_CELLS}.")
    greys = np.where(cells_of(number), _LIGHT, _DARK).repeat(width // STRIP_CELLS)
    coded = frame.copy()
    coded[: round(height * STRIP_SHARE), : len(greys)] = greys[None, :, None]
    return coded


def read_code(strip: Sequence[int]) -> int | None:
    """Read the number from the brightness, 0-255, of the STRIP_CELLS cells of a picture's edge.

    None where there is no code. Of a mirrored picture, give the strip reversed.

    Raises:
        ValueError: the strip has another number of cells.
    """
    if len(strip) != STRIP_CELLS:
        raise ValueError(f"A strip of {len(strip)} cells; a picture has {STRIP_CELLS}.")
    cells = [value > _MIDDLE for value in strip[: 2 * _BITS + 4]]
    if cells[:2] != [True, True] or any(cells[-2:]):
        return None
    number = 0
    for bit, opposite in zip(cells[2:-2:2], cells[3:-2:2], strict=True):
        if bit == opposite:
            return None
        number = 2 * number + bit
    return number
