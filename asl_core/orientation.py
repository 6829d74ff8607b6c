"""The eight ways in which a stored picture can lie, as photos and videos declare them."""

import re
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_ORIENTATION_TAG = 0x0112
_EXIF_PREFIX = b"Exif\0\0"
_MOST_ENTRIES = 4096
# TIFF 6.0, section 2: type number -> struct code of one value. Writers use other types than the
# SHORT of the standard, so each that can hold a small number is understood.
_TYPES = {1: "B", 2: "B", 3: "H", 4: "I", 5: "I", 6: "b", 7: "B", 8: "h", 9: "i", 10: "i", 16: "Q"}
_RATIONALS, _ASCII = (5, 10), 2


@dataclass(frozen=True)
class Orientation:
    """How to turn a stored picture upright: swap rows and columns first, then mirror."""

    swaps_axes: bool = False
    mirrors_columns: bool = False
    mirrors_rows: bool = False

    def upright(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return a stored picture `(H, W, ...)` as it is meant to be seen, in contiguous memory."""
        turned = picture.swapaxes(0, 1) if self.swaps_axes else picture
        turned = turned[:, ::-1] if self.mirrors_columns else turned
        return np.ascontiguousarray(turned[::-1] if self.mirrors_rows else turned)


AS_STORED = Orientation()

_OF_EXIF = (
    AS_STORED,
    Orientation(mirrors_columns=True),
    Orientation(mirrors_columns=True, mirrors_rows=True),
    Orientation(mirrors_rows=True),
    Orientation(swaps_axes=True),
    Orientation(swaps_axes=True, mirrors_columns=True),
    Orientation(swaps_axes=True, mirrors_columns=True, mirrors_rows=True),
    Orientation(swaps_axes=True, mirrors_rows=True),
)


def of_exif_value(value: int) -> Orientation:
    """Return the orientation with an EXIF number from 1 to 8; other numbers count as 1."""
    return _OF_EXIF[value - 1] if 1 <= value <= len(_OF_EXIF) else AS_STORED


def of_exif(block: bytes) -> Orientation:
    """Read the orientation from an EXIF block and nothing else of it.

    Only the first directory is searched; a broken block counts as one without orientation.
    """
    block = block.removeprefix(_EXIF_PREFIX)
    try:
        order = {b"II": "<", b"MM": ">"}[block[:2]]
        (start,) = struct.unpack_from(f"{order}I", block, 4)
        (count,) = struct.unpack_from(f"{order}H", block, start)
        for place in range(start + 2, start + 2 + 12 * min(count, _MOST_ENTRIES), 12):
            tag, kind, values = struct.unpack_from(f"{order}HHI", block, place)
            if tag == _ORIENTATION_TAG:
                return of_exif_value(_first_value(block, order, place + 8, kind, values))
    except (KeyError, ValueError, struct.error):
        pass
    return AS_STORED


def of_xmp(packet: bytes) -> Orientation:
    """Read `tiff:Orientation` from an XMP packet."""
    found = re.search(rb"tiff:Orientation(?:=[\"']|>)([1-8])", packet)
    return of_exif_value(int(found[1])) if found else AS_STORED


def of_display_matrix(matrix: bytes) -> Orientation:
    """Read a container's display matrix: nine int32 in the machine's byte order (ISO 14496-12).

    A stored point (x, y) is shown at (a x + c y, b x + d y). Of other angles than right ones the
    nearest counts.
    """
    if len(matrix) != 36:
        return AS_STORED
    a, b, _, c, d, *_ = struct.unpack("=9i", matrix)
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Orientation(False, a < 0, d < 0)
    return Orientation(True, c < 0, b < 0)


def _first_value(block: bytes, order: str, place: int, kind: int, count: int) -> int:
    code = _TYPES[kind]
    size = struct.calcsize(f"{order}{code}") * (2 if kind in _RATIONALS else 1)
    if size * count > 4:  # more does not fit into the entry, which then says where it lies
        (place,) = struct.unpack_from(f"{order}I", block, place)
    if kind in _RATIONALS:
        above, below = struct.unpack_from(f"{order}2{code}", block, place)
        return int(above // below) if below else 1
    (value,) = struct.unpack_from(f"{order}{code}", block, place)
    return int(value) - ord("0") if kind == _ASCII and value >= ord("0") else int(value)
