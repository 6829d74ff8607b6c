import dataclasses

import numpy as np
import pytest

from asl_core.letter_tips import DARK_TIP, SMALL_HAND_TIP
from pages.panels.metrics.remaining_confusions import examples_of, hints_on, right_example


def sized(photo, extent: float, brightness: float = 130.0):
    """The photo with a hand whose longer side is `extent` of the photo's shorter side."""
    height = extent * min(photo.width, photo.height) / photo.height
    points = ((0.2, 0.2), (0.2, 0.2 + height), *[(0.2, 0.2)] * 19)
    return dataclasses.replace(photo, landmarks=points, brightness=brightness)


def turned(photo, degrees: float):
    """The photo with a hand turned around its first point, in a square photo."""
    points = np.array(photo.landmarks)
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = (points - points[0]) @ turn.T + points[0]
    landmarks = tuple((float(x), float(y)) for x, y in moved)
    return dataclasses.replace(photo, landmarks=landmarks, width=100, height=100)


@pytest.mark.parametrize(
    ("small", "hints"),
    [(0, 0), (1, 0), (2, 1), (6, 1)],
    ids=["none", "one says nothing", "a third", "all"],
)
def test_small_hands_are_named_when_they_matter(make_photo, small, hints):
    photos = [sized(make_photo(), 0.1)] * small + [sized(make_photo(), 0.5)] * (6 - small)
    found = hints_on(photos)
    assert len(found) == hints
    assert all(f"{small} of 6" in hint and SMALL_HAND_TIP in hint for hint in found)


def test_dim_light_is_named_also_without_a_hand(make_photo):
    lost = [dataclasses.replace(make_photo(predicted=None), brightness=80.0)] * 2
    (hint,) = hints_on(lost)
    assert hint == f"2 of 2 were in dim light. {DARK_TIP}"


def test_examples_come_from_different_signers_first(make_photo):
    photos = [
        make_photo("A", "E", 0.9, "ann"),
        make_photo("A", "E", 0.8, "ann"),
        make_photo("A", "E", 0.3, "ben"),
        make_photo("A", "E", 0.7, "ann"),
    ]
    assert [p.confidence for p in examples_of(photos)] == [0.9, 0.3, 0.8]


def test_the_right_hand_beside_it_is_held_alike(make_photo):
    upright, lying = turned(make_photo(), 5), turned(make_photo(), 80)
    wrong = turned(make_photo("A", "E"), 0)
    assert right_example([lying, upright, wrong], "A", wrong) == upright
    assert right_example([lying, upright, wrong], "A", turned(wrong, 85)) == lying


def test_only_right_hands_of_the_letter_are_examples(make_photo):
    wrong, other = make_photo("A", "E"), make_photo("B", "B")
    assert right_example([wrong, other], "A", wrong) is None
