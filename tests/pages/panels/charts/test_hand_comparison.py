from xml.etree import ElementTree

import pytest

from pages.panels.charts.hand_comparison import comparison_svg

SVG = "{http://www.w3.org/2000/svg}"
OWN = [(10.0 + i, 20.0 + i) for i in range(21)]
WANTED = [(40.0 + i, 60.0 + i) for i in range(21)]


def drawn(part, is_left=False):
    svg = comparison_svg(b"jpeg", OWN, WANTED, part, 200, is_left)
    return ElementTree.fromstring(svg)


def arrows(root):
    return [line for line in root.iter(f"{SVG}line") if line.get("marker-end")]


def test_the_finger_to_change_is_dashed_and_an_arrow_shows_where_its_tip_belongs():
    root = drawn("index finger")
    (dashed,) = [group for group in root.iter(f"{SVG}g") if group.get("stroke-dasharray")]
    assert len(dashed) == 3, "its three bones"
    (arrow,) = arrows(root)
    assert (arrow.get("x1"), arrow.get("y1")) == ("18.0", "28.0")
    assert (arrow.get("x2"), arrow.get("y2")) == ("48.0", "68.0")


@pytest.mark.parametrize("part", ["whole hand", None])
def test_the_whole_hand_has_no_arrow(part):
    assert arrows(drawn(part)) == []


def test_a_tip_that_is_in_its_place_has_no_arrow():
    svg = comparison_svg(b"jpeg", OWN, OWN, "thumb", 200)
    assert arrows(ElementTree.fromstring(svg)) == []


def test_a_left_hand_is_mirrored():
    assert any("scale(-1,1)" in (g.get("transform") or "") for g in drawn(None, True).iter())
    assert not any("scale" in (g.get("transform") or "") for g in drawn(None).iter())
