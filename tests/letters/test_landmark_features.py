import numpy as np
import pytest

from asl_core.letters.landmark_features import (
    FEATURE_COUNT,
    landmark_features,
    mirrored_features,
)

RIGHT, MIRRORED = np.array([False]), np.array([True])


@pytest.fixture
def hands():
    return np.random.default_rng(5).normal(300, 80, (4, 21, 3)).astype(np.float32)


def keep(hands):
    return np.zeros(len(hands), bool)


def test_describes_each_hand_by_finite_numbers(hands):
    features = landmark_features(hands, keep(hands))
    assert features.shape == (4, FEATURE_COUNT)
    assert features.dtype == np.float32
    assert np.isfinite(features).all()


def test_does_not_depend_on_place_and_size(hands):
    moved = hands * 0.37 + np.array([500, -80, 3], np.float32)
    assert landmark_features(moved, keep(hands)) == pytest.approx(
        landmark_features(hands, keep(hands)), abs=2e-4
    )


def test_depends_on_orientation(hands):
    turned = hands.copy()
    turned[..., 0], turned[..., 1] = -hands[..., 1], hands[..., 0]
    difference = landmark_features(turned, keep(hands)) - landmark_features(hands, keep(hands))
    assert np.abs(difference[:, :63]).mean() > 0.3
    # Distances and angles are the same, only the places differ.
    assert np.abs(difference[:, 63:]).max() < 1e-3


def test_mirroring_by_flag_is_mirroring_the_hand(hands):
    flipped = hands * np.array([-1, 1, 1], np.float32)
    by_flag = landmark_features(hands, ~keep(hands))
    assert by_flag == pytest.approx(landmark_features(flipped, keep(hands)), abs=1e-4)
    assert np.abs(by_flag - landmark_features(hands, keep(hands)))[:, :63:3].mean() > 0.3


def test_features_are_mirrored_as_the_hand_is(hands):
    told = mirrored_features(landmark_features(hands, keep(hands)))
    np.testing.assert_array_equal(told, landmark_features(hands, ~keep(hands)))


def test_flags_act_on_their_own_hand_alone(hands):
    some = landmark_features(hands, np.array([True, False, True, False]))
    assert some[1::2] == pytest.approx(landmark_features(hands, keep(hands))[1::2], abs=1e-6)
    assert some[::2] == pytest.approx(landmark_features(hands, ~keep(hands))[::2], abs=1e-6)


def test_points_are_centred_with_a_root_mean_square_of_one(hands):
    placed = landmark_features(hands, keep(hands))[:, :63].reshape(4, 21, 3)
    assert placed.mean(axis=1) == pytest.approx(np.zeros((4, 3)), abs=1e-4)
    squares = (placed[..., :2] ** 2).sum(axis=-1).mean(axis=-1)
    assert squares == pytest.approx(np.ones(4), abs=1e-4)


def test_distances_and_angles_of_a_known_hand():
    straight = np.zeros((1, 21, 3), np.float32)
    straight[0, :, 0] = np.arange(21)
    features = landmark_features(straight, RIGHT)[0]
    unit = np.sqrt(np.mean((np.arange(21) - 10.0) ** 2))
    thumb_to_index_tip = features[63]
    assert thumb_to_index_tip == pytest.approx(4 / unit, rel=1e-5)
    # Every joint lies on one line and points the same way.
    assert features[-15:] == pytest.approx(np.ones(15), abs=1e-5)


def test_a_bent_joint_has_the_cosine_of_its_angle():
    hand = np.zeros((1, 21, 3), np.float32)
    hand[0, :, 0] = np.arange(21)
    hand[0, 8] = hand[0, 7] + (0, 5, 0)
    cosines = landmark_features(hand, RIGHT)[0, -15:]
    last_index_joint = 11
    assert cosines[last_index_joint] == pytest.approx(0, abs=1e-6)
    assert np.delete(cosines, last_index_joint) == pytest.approx(np.ones(14), abs=1e-5)


def test_points_in_one_place_give_finite_numbers():
    assert np.isfinite(landmark_features(np.ones((1, 21, 3), np.float32), MIRRORED)).all()


def test_leaves_its_input_as_it_is(hands):
    kept = hands.copy()
    landmark_features(hands, ~keep(hands))
    assert (hands == kept).all()
