import numpy as np
import pytest

from asl_core.letters.motion.features import (
    LEAST_BEND_OF_Z,
    index_bend,
    little_finger_lead,
    moment_features,
)
from asl_core.moving_hand.turns import signed_area
from asl_core.photos.motion_sequences import read_motion_sequences
from asl_core.training.motion.clips import gather_material
from asl_core.training.motion.drawn_letters import drawn_j, drawn_z


@pytest.fixture(scope="module")
def material(sequences_file):
    return gather_material(read_motion_sequences(sequences_file, "train"))


@pytest.fixture
def strokes_of_j(material):
    random = np.random.default_rng(0)
    hand, loose = material.little_poses[0], material.loose_poses[0]
    return [drawn_j(hand, loose, random) for _ in range(40)]


@pytest.fixture
def strokes_of_z(material):
    random = np.random.default_rng(0)
    return [drawn_z(material.index_poses[0], random) for _ in range(40)]


def test_a_drawn_j_falls_and_then_hooks_to_the_thumbs_side(strokes_of_j):
    for clip in strokes_of_j:
        tip = clip.points[:, 20, :2]
        lowest = int(tip[:, 1].argmax())
        assert signed_area(clip.points[0]) < 0, "the thumb is on the right"
        assert tip[lowest, 1] - tip[0, 1] >= 0.7
        assert tip[-1, 0] - tip[: lowest + 1, 0].min() >= 0.45
        assert lowest >= len(tip) / 4


def test_a_drawn_z_goes_aside_back_down_and_aside_again(strokes_of_z):
    sides = set()
    for clip in strokes_of_z:
        tip = clip.points[:, 8, :2] - clip.points[0, 8, :2]
        side = np.sign(tip[np.abs(tip[: len(tip) // 2, 0]).argmax(), 0])
        sides.add(side)
        along = side * tip[:, 0]
        corner = int(along[: len(along) // 2].argmax())
        back = corner + int(along[corner:].argmin())
        assert along[corner] - along[back] > 0.25
        assert along[-1] - along[back] > 0.25
        assert tip[-1, 1] > 0.25
        assert index_bend(moment_features(clip.points)) >= LEAST_BEND_OF_Z
    assert sides == {-1, 1}


def test_drawn_strokes_differ_in_size_and_time(strokes_of_j, strokes_of_z):
    for clips in (strokes_of_j, strokes_of_z):
        paths = [clip.stroke.path_palms for clip in clips]
        seconds = [clip.stroke.end_s for clip in clips]
        assert max(paths) > 2 * min(paths)
        assert max(seconds) > 1.5 * min(seconds)


def test_the_hand_stays_a_hand(strokes_of_j):
    lengths = [
        np.linalg.norm(clip.points[:, 20] - clip.points[:, 0], axis=-1) for clip in strokes_of_j
    ]
    for length in lengths:
        assert length == pytest.approx(length[0], rel=1e-3)


def test_the_drawing_finger_leads(strokes_of_j, strokes_of_z):
    j = np.mean([little_finger_lead(moment_features(clip.points)) for clip in strokes_of_j])
    z = np.mean([little_finger_lead(moment_features(clip.points)) for clip in strokes_of_z])
    assert j > z + 0.3
