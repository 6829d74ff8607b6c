from dataclasses import dataclass

import pytest

from asl_core.records.plain_values import BrokenValueError, build


@dataclass(frozen=True)
class Point:
    x: float
    label: str


@dataclass(frozen=True)
class Path:
    points: tuple[Point, ...]
    corner: tuple[int, int] | None
    is_closed: bool = False


def test_builds_nested_dataclasses():
    values = {"points": [{"x": 1, "label": "a"}, {"x": 2.5, "label": "b"}], "corner": [3, 4]}
    assert build(Path, values) == Path((Point(1.0, "a"), Point(2.5, "b")), (3, 4))
    assert type(build(Point, {"x": 1, "label": "a"}).x) is float


def test_none_and_default():
    assert build(Path, {"points": [], "corner": None, "is_closed": True}) == Path((), None, True)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([], "is [], not an object"),
        ({"points": []}, "corner is missing"),
        ({"points": [], "corner": None, "colour": 1}, "colour is not known"),
        ({"points": {}, "corner": None}, "points is {}, not a list"),
        ({"points": [{"x": 1}], "corner": None}, "points[0].label is missing"),
        (
            {"points": [{"x": "1", "label": "a"}], "corner": None},
            "points[0].x is '1', not a finite",
        ),
        ({"points": [{"x": True, "label": "a"}], "corner": None}, "points[0].x is True"),
        ({"points": [{"x": float("nan"), "label": "a"}], "corner": None}, "points[0].x is nan"),
        ({"points": [{"x": 1, "label": 7}], "corner": None}, "points[0].label is 7, not a text"),
        ({"points": [], "corner": [1, 2, 3]}, "corner has 3 entries, not 2"),
        ({"points": [], "corner": [1, 2.5]}, "corner[1] is 2.5, not a whole number"),
        ({"points": [], "corner": None, "is_closed": 1}, "is_closed is 1, not true or false"),
    ],
)
def test_says_where_a_value_is_wrong(values, sentence):
    with pytest.raises(BrokenValueError) as caught:
        build(Path, values)
    assert sentence in str(caught.value)


def test_long_values_are_cut():
    with pytest.raises(BrokenValueError) as caught:
        build(Point, {"x": "9" * 1000, "label": "a"})
    assert len(str(caught.value)) < 100
