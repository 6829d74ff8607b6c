import numpy as np
import pytest

from asl_core.photos.motion_sequences import read_motion_sequences
from asl_core.training.motion.clips import gather_material
from asl_core.training.motion.hand_moves import HandMoves, picked


@pytest.fixture(scope="module")
def material(sequences_file):
    return gather_material(read_motion_sequences(sequences_file, "train"))


@pytest.fixture
def moves(material):
    return HandMoves(material, np.random.default_rng(0))


@pytest.mark.parametrize("name", ["still", "transits", "wandering", "slide", "raised_or_lowered"])
def test_a_move_is_a_whole_stream_without_a_stroke(moves, name):
    for _ in range(15):
        stream = getattr(moves, name)()
        assert stream.letter == ""
        assert (np.diff(stream.times_s) > 0).all()
        assert stream.points.shape == (len(stream.times_s), 21, 3)
        assert np.isfinite(stream.points).all()


def test_a_held_hand_lasts_as_told_and_hardly_moves(moves, material):
    ways = []
    for _ in range(20):
        stream = moves.held(material.little_poses[0], 0.5)
        assert stream.times_s[-1] == pytest.approx(0.5, abs=0.05)
        ways.append(np.ptp(stream.points[:, 0, :2], axis=0).max())
    assert max(ways) < 0.6


def test_a_hand_carried_away_gets_there(moves):
    ways = [np.ptp(moves.slide().points[:, 0, :2], axis=0).max() for _ in range(30)]
    assert np.median(ways) > 1


def test_joined_moves_go_on_near_where_the_first_ended(moves, material):
    first = moves.held(material.little_poses[0], 0.3)
    second = moves.held(material.index_poses[0], 0.4)
    both = moves.joined(first, second)
    np.testing.assert_array_equal(both.points[: len(first.points)], first.points)
    begins = both.points[-len(second.points)]
    np.testing.assert_allclose(
        begins - begins[0], second.points[0] - second.points[0, 0], atol=1e-5
    )
    assert 0.1 < both.times_s[-1] - first.times_s[-1] - 0.4 < 0.6
    assert np.linalg.norm(begins[0] - first.points[-1, 0]) < 2.5


def test_every_option_is_picked():
    random = np.random.default_rng(0)
    assert {picked(random, ("I", "Q", "Y")) for _ in range(50)} == {"I", "Q", "Y"}
    assert picked(random, (7,)) == 7
