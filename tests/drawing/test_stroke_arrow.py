from xml.etree import ElementTree

import pytest

from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.drawing.stroke_arrow import STROKES, stroke_svg

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(("letter", "shape", "finger"), [("J", "I", 20), ("Z", "Z", 8)])
def test_the_stroke_starts_at_the_fingertip_that_draws_it(letter, shape, finger):
    drawing = ElementTree.fromstring(stroke_svg(letter, b"picture", 480))
    tip = drawing.find(f"{SVG}circle")
    x, y = letter_landmarks(shape, 480, 480).points[finger][:2] * 10
    assert float(tip.get("cx")) == pytest.approx(x, abs=0.01)
    assert float(tip.get("cy")) == pytest.approx(y, abs=0.01)
    path = drawing.findall(f"{SVG}path")[-1]
    assert path.get("d") == f"M {tip.get('cx')} {tip.get('cy')} {STROKES[letter].path}"


def test_the_picture_lies_below():
    drawing = ElementTree.fromstring(stroke_svg("J", b"picture", 480))
    assert drawing.find(f"{SVG}image").get("href") == "data:image/jpeg;base64,cGljdHVyZQ=="


def test_a_still_letter_has_no_stroke():
    with pytest.raises(KeyError):
        stroke_svg("A", b"picture", 480)


def test_the_stroke_of_z_stays_within_the_picture():
    x, y = letter_landmarks("Z", 480, 480).points[8][:2] * 10
    numbers = [float(part) for part in STROKES["Z"].path.split() if part not in "hl"]
    first, right, down, last = numbers
    margin = 0.5
    assert x + min(first, first + right + last) > margin
    assert x + first + right < 10 - margin
    assert y + down < 10 - margin
