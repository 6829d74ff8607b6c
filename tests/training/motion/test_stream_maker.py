import numpy as np
import pytest

from asl_core.letters.motion.features import palm_lengths
from asl_core.moving_hand.turns import palm_turns, turns_of
from asl_core.photos.motion_sequences import read_motion_sequences
from asl_core.training.motion.clips import (
    Pose,
    carried_over,
    gather_material,
)
from asl_core.training.motion.stream import Stream, as_seen
from asl_core.training.motion.stream_maker import StreamMaker


@pytest.fixture(scope="module")
def material(sequences_file):
    return gather_material(read_motion_sequences(sequences_file, "train"))


def test_material_is_sorted_and_in_palm_lengths(material):
    assert {letter: len(clips) for letter, clips in material.strokes.items()} == {"J": 2, "Z": 2}
    assert {clip.letter for clip in material.still} == set("IDAB")
    assert {pose.letter for pose in material.little_poses} == {"I"}
    for clip in material.still:
        assert np.median(palm_lengths(clip.points)) == pytest.approx(1, abs=1e-3)


def test_photo_hands_add_poses(sequences_file, signed_in_air):
    hands = signed_in_air("I")[1][:3]
    sequences = read_motion_sequences(sequences_file, "train")
    more = gather_material(sequences, hands, ("I", "I", "L"))
    assert len(more.little_poses) == len(gather_material(sequences).little_poses) + 2
    np.testing.assert_allclose(more.poses[-1].points[0], 0)
    assert palm_lengths(more.poses[-1].points) == pytest.approx(1, rel=1e-5)


def test_palm_turns_find_the_turn(signed_in_air):
    hand = signed_in_air("B")[1][0]
    turns = turns_of(np.radians([[30.0, 0.0, 0.0], [10.0, 20.0, -40.0]])).astype(np.float32)
    turned = np.einsum("kij,pj->kpi", turns, hand)
    np.testing.assert_allclose(palm_turns(turned, hand), turns, atol=1e-4)


def test_a_carried_stroke_starts_with_the_other_hand_and_bends_as_signed(material):
    clip = material.strokes["J"][0]
    pose = material.little_poses[0]
    carried = carried_over(clip, pose)
    start = int(np.searchsorted(clip.times_s, clip.stroke.start_s - 1e-6))
    np.testing.assert_allclose(carried.points[:, 0], clip.points[:, 0], atol=1e-5)
    begins = carried.points[start] - carried.points[start, 0]
    np.testing.assert_allclose(np.abs(begins), np.abs(pose.points), atol=1e-4)
    fall = np.ptp(clip.points[:, 20, 1])
    assert np.ptp(carried.points[:, 20, 1]) > 0.7 * fall


def test_a_hand_carried_to_itself_signs_the_same(material):
    clip = material.strokes["J"][0]
    start = int(np.searchsorted(clip.times_s, clip.stroke.start_s - 1e-6))
    own = Pose("I", clip.points[start] - clip.points[start, 0])
    np.testing.assert_allclose(carried_over(clip, own).points, clip.points, atol=1e-5)


@pytest.mark.parametrize("letter", ["J", "Z"])
def test_a_stroke_stream_knows_when_its_stroke_is(material, letter):
    maker = StreamMaker(material, np.random.default_rng(0))
    for _ in range(20):
        stream = maker.stroke(letter)
        assert stream.letter == letter
        assert stream.start_s < stream.end_s <= stream.times_s[-1] + 1e-6
        assert (np.diff(stream.times_s) > 0).all()
        assert len(stream.times_s) == len(stream.points)
        assert np.isfinite(stream.points).all()


def test_counter_examples_have_no_stroke(material):
    maker = StreamMaker(material, np.random.default_rng(0))
    for _ in range(60):
        stream = maker.counter_example()
        assert stream.letter == ""
        assert (np.diff(stream.times_s) > 0).all()
        assert stream.points.shape == (len(stream.times_s), 21, 3)


def test_the_same_seed_makes_the_same_stream(material):
    first, again = (StreamMaker(material, np.random.default_rng(7)).stroke("J") for _ in range(2))
    np.testing.assert_array_equal(first.points, again.points)


def test_a_camera_sees_fewer_frames_that_tremble(material):
    stream = StreamMaker(material, np.random.default_rng(1)).stroke("Z")
    times, points = as_seen(stream, np.random.default_rng(2))
    assert len(times) == len(points)
    assert stream.times_s[0] <= times[0] and times[-1] <= stream.times_s[-1] + 1e-5
    assert np.diff(times).min() >= 1 / 31 * 0.99


def test_a_stream_shorter_than_between_two_frames_is_seen_once():
    points = np.zeros((2, 21, 3), np.float32)
    stream = Stream(np.array([0.0, 0.02]), points)
    for seed in range(50):
        times, seen = as_seen(stream, np.random.default_rng(seed))
        assert len(times) == len(seen) >= 1
        assert times[0] >= 0 and times[-1] <= 0.02 + 1e-6
