import numpy as np

from asl_core.hands.crop import box_around
from asl_core.hands.landmarks import HandLandmarks
from asl_core.photos.hand_crops import CACHE_SCALE, CACHE_SIZE
from asl_core.training.hand_masks import HandMasks, hand_mask, hull_mask


def _ring(centre: float, radius: float) -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, 21, dtype=np.float32)
    return centre + radius * np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_a_mask_covers_the_hand_and_leaves_the_corners():
    points = _ring(84, 30)
    mask = hand_mask(points, 168)
    assert mask.shape == (168, 168)
    rows, columns = np.round(points).astype(int).T[::-1]
    assert mask[rows, columns].min() > 0.4
    assert max(mask[0, 0], mask[0, -1], mask[-1, 0], mask[-1, -1]) == 0
    assert mask.min() == 0
    assert mask.max() <= 1


def test_a_hull_also_covers_what_is_between_the_fingers():
    points = np.full((21, 2), 60, np.float32)  # a palm in one corner ...
    points[8], points[20] = (140, 60), (60, 140)  # ... and the tips of two fingers, wide apart
    between = (90, 90)
    assert hull_mask(points, 168)[between] == 1
    assert hand_mask(points, 168)[between] < 0.1
    assert hull_mask(points, 168)[120, 120] < 0.1, "beyond the line from tip to tip"


def test_masks_lie_where_the_kept_crop_shows_the_hand(make_crops):
    crops = make_crops("A")
    masks = HandMasks(crops)
    width, height = (int(side) for side in crops.frame_sizes[0])
    box = box_around(HandLandmarks(crops.landmarks[0]), width, height, CACHE_SCALE)
    places = (crops.landmarks[0, :, :2] * (width, height) - (box.left, box.top)) / box.side
    columns, rows = np.round(places * CACHE_SIZE).astype(int).T
    assert masks.hand_and_arm(0)[rows, columns].min() > 0.4
    assert masks.hull(0)[rows, columns].min() > 0.4


def test_a_crop_without_a_hand_has_no_mask(make_crops):
    assert not HandMasks(make_crops("A", found="0")).found.any()
