"""EXIF numbers, XMP and display matrices: eight ways to lie, and every way to write them."""

import struct

import numpy as np
import pytest

from asl_core.orientation import (
    AS_STORED,
    of_display_matrix,
    of_exif,
    of_exif_value,
    of_xmp,
)

STORED = np.arange(6, dtype=np.uint8).reshape(2, 3)
# What stands in the corners after turning, by EXIF 2.32, 4.6.4.A.
UPRIGHT = {
    1: [[0, 1, 2], [3, 4, 5]],
    2: [[2, 1, 0], [5, 4, 3]],
    3: [[5, 4, 3], [2, 1, 0]],
    4: [[3, 4, 5], [0, 1, 2]],
    5: [[0, 3], [1, 4], [2, 5]],
    6: [[3, 0], [4, 1], [5, 2]],
    7: [[5, 2], [4, 1], [3, 0]],
    8: [[2, 5], [1, 4], [0, 3]],
}


def block(kind, value, order="<", count=1, lead=b""):
    mark = b"II" if order == "<" else b"MM"
    head = mark + struct.pack(f"{order}HIH", 42, 8, 1)
    field = struct.pack(f"{order}HHI", 0x0112, kind, count)
    size = len(value)
    if size <= 4:
        return lead + head + field + value.ljust(4, b"\0") + bytes(4)
    return lead + head + field + struct.pack(f"{order}I", 26) + bytes(4) + value


@pytest.mark.parametrize(("number", "expected"), UPRIGHT.items())
def test_each_number_turns_as_exif_says(number, expected):
    upright = of_exif_value(number).upright(STORED)
    assert upright.tolist() == expected
    assert upright.flags.c_contiguous


@pytest.mark.parametrize("number", [0, 9, -1, 65535])
def test_other_numbers_leave_the_picture(number):
    assert of_exif_value(number) == AS_STORED


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("lead", [b"", b"Exif\0\0"])
@pytest.mark.parametrize(
    ("kind", "code"), [(1, "B"), (3, "H"), (4, "I"), (6, "b"), (8, "h"), (9, "i"), (16, "Q")]
)
def test_the_tag_is_read_in_each_whole_type(order, lead, kind, code):
    assert of_exif(
        block(kind, struct.pack(f"{order}{code}", 6), order, lead=lead)
    ) == of_exif_value(6)


def test_the_tag_is_read_as_fraction_and_as_text():
    assert of_exif(block(5, struct.pack("<2I", 12, 2))) == of_exif_value(6)
    assert of_exif(block(2, b"6\0", count=2)) == of_exif_value(6)
    assert of_exif(block(3, struct.pack("<4H", 6, 1, 1, 1), count=4)) == of_exif_value(6)


@pytest.mark.parametrize("cut", range(40))
def test_a_block_that_is_cut_leaves_the_picture_or_turns_it(cut):
    whole = block(5, struct.pack("<2I", 12, 2))
    assert of_exif(whole[:cut]) in (AS_STORED, of_exif_value(6))


@pytest.mark.parametrize("kind", [7, 11, 12, 13, 0, 99, 255])
def test_a_tag_of_a_type_without_numbers_leaves_the_picture_or_turns_it(kind):
    assert of_exif(block(kind, b"\6\0\0\0")) in (AS_STORED, of_exif_value(6))


def test_a_fraction_of_nothing_leaves_the_picture():
    assert of_exif(block(5, struct.pack("<2I", 6, 0))) == AS_STORED


def test_xmp_is_read_as_attribute_and_as_element():
    assert of_xmp(b'<x tiff:Orientation="8"/>') == of_exif_value(8)
    assert of_xmp(b"<tiff:Orientation>3</tiff:Orientation>") == of_exif_value(3)
    assert of_xmp(b"<x/>") == AS_STORED


def test_a_matrix_of_zeros_or_of_another_size_leaves_the_picture():
    assert of_display_matrix(bytes(36)) == AS_STORED
    assert of_display_matrix(b"") == AS_STORED
