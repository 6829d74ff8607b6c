import json

import numpy as np
import pytest

from asl_core.drawing.drawn_letters import typical_points
from asl_core.errors import PhotoSetError
from asl_core.photos.hand_crops import HandCrops, KeptPhoto
from asl_core.photos.typical_hands import (
    normalised,
    typical_hands,
    usable_photos,
    write_typical_hands,
)

WIDTH, HEIGHT = 640, 480


def in_frame(points, size=60.0, centre=(320, 240)):
    """Place a hand in a 640x480 photo: x, y in 0-1, z in the scale of x."""
    pixels = points * size
    pixels[:, :2] += centre
    return (pixels / (WIDTH, HEIGHT, WIDTH)).astype(np.float32)


def kept(letter, signer, note="ok", found=True, handedness="Right"):
    return KeptPhoto(
        photo_id=f"train/{signer}/{letter}/0.webp",
        label=letter,
        source=signer.split("_")[0],
        signer=signer,
        label_note=note,
        found=found,
        handedness=handedness,
        width=WIDTH,
        height=HEIGHT,
    )


def crops_of(photos):
    """Make HandCrops from (kept photo, landmarks) pairs; the pictures are not needed."""
    landmarks = np.stack([points for _, points in photos]).astype(np.float32)
    pictures = np.zeros((len(photos), 1, 1, 3), np.uint8)
    return HandCrops.of(pictures, landmarks, [photo for photo, _ in photos])


def signers_photos(letter="B", signers=9, photos=3, noise=0.02, seed=0, **columns):
    random = np.random.default_rng(seed)
    made = []
    for signer in range(signers):
        for _ in range(photos):
            hand = typical_points(letter) + random.normal(0, noise, (21, 3))
            placed = in_frame(hand, random.uniform(30, 90), random.uniform(100, 380, 2))
            made.append((kept(letter, f"s{signer}", **columns), placed))
    return made


def distance(hand, letter):
    return float(np.linalg.norm((hand - typical_points(letter))[:, :2], axis=1).mean())


def test_a_hand_is_found_wherever_and_however_large():
    hand = typical_hands(crops_of(signers_photos()), ("B",))[0]
    assert hand.letter == "B"
    assert distance(hand.points, "B") < 0.02
    assert (hand.signers, hand.signers_seen, hand.photos_seen) == (5, 9, 27)


def test_a_third_of_many_signers_is_averaged():
    hand = typical_hands(crops_of(signers_photos(signers=30, photos=1)), ("B",))[0]
    assert (hand.signers, hand.signers_seen) == (10, 30)


def test_the_mean_is_no_single_photo():
    crops = crops_of(signers_photos())
    hand = typical_hands(crops, ("B",))[0]
    each = normalised(crops.landmarks, crops.frame_sizes, crops.left_hand)
    assert np.abs(each - hand.points).max(axis=(1, 2)).min() > 0.005


def test_other_conventions_do_not_bend_the_hand():
    usual = signers_photos(signers=9)
    strange = [(kept("B", f"other{i}"), in_frame(typical_points("Y"))) for i in range(4)]
    hand = typical_hands(crops_of(usual + strange), ("B",))[0]
    assert hand.signers_seen == 13
    assert distance(hand.points, "B") < 0.02


def test_a_signer_with_many_photos_counts_once():
    usual = signers_photos(signers=9, photos=1)
    eager = [(kept("B", "eager"), in_frame(typical_points("Y"))) for _ in range(40)]
    hand = typical_hands(crops_of(usual + eager), ("B",))[0]
    assert distance(hand.points, "B") < 0.02


def test_left_hands_are_mirrored():
    photos = []
    for made, points in signers_photos(handedness="Left"):
        mirrored = points.copy()
        mirrored[:, 0] = 1 - mirrored[:, 0]
        photos.append((made, mirrored))
    assert distance(typical_hands(crops_of(photos), ("B",))[0].points, "B") < 0.02


def test_unusable_photos_are_left_out():
    nothing = np.full((21, 3), np.nan)
    unusable = [
        (kept("B", "s0", note="variant"), in_frame(typical_points("Y"))),
        (kept("B", "s1", note="suspect"), in_frame(typical_points("Y"))),
        (kept("B", "s2", found=False, handedness=""), nothing),
        (kept("space", "s3"), in_frame(typical_points("B"))),
    ]
    crops = crops_of(signers_photos() + unusable)
    assert usable_photos(crops).tolist() == [True] * 27 + [False] * 4
    hand = typical_hands(crops, ("B",))[0]
    assert hand.photos_seen == 27
    assert np.isfinite(hand.points).all()


def test_too_few_signers_are_refused():
    with pytest.raises(PhotoSetError, match="letter B has usable photos of 4 signers; 5 are"):
        typical_hands(crops_of(signers_photos(signers=4)), ("B",))


def test_a_letter_without_photos_is_refused():
    with pytest.raises(PhotoSetError, match="letter C has usable photos of 0 signers"):
        typical_hands(crops_of(signers_photos()), ("B", "C"))


def test_normalised_hands_have_one_place_size_and_side():
    points = typical_points("L")
    one = in_frame(points, 20, (100, 100))
    two = in_frame(points * (-1, 1, 1), 70, (400, 300))
    sizes = np.array([[WIDTH, HEIGHT]] * 2, np.float32)
    placed = normalised(np.stack([one, two]), sizes, np.array([False, True]))
    assert placed[0] == pytest.approx(placed[1], abs=1e-4)
    assert placed.mean(axis=1) == pytest.approx(0, abs=1e-5)
    assert (placed[..., :2] ** 2).sum(axis=-1).mean(axis=-1) == pytest.approx([1, 1], rel=1e-4)


def test_normalising_undoes_the_frames_proportions():
    points = typical_points("L") - typical_points("L").mean(axis=0)
    sizes = np.array([[WIDTH, HEIGHT]], np.float32)
    placed = normalised(in_frame(points)[None], sizes, np.array([False]))[0]
    assert placed == pytest.approx(points, abs=1e-3)


def test_the_written_file_can_be_drawn_from(tmp_path, monkeypatch):
    hands = typical_hands(crops_of(signers_photos()), ("B",))
    path = tmp_path / "hands.json"
    write_typical_hands(path, hands, "27 photos", ("anna", "ben"))
    values = json.loads(path.read_text())
    assert values["photo_set"] == "27 photos"
    assert values["sources"] == ["anna", "ben"]
    assert values["letters"]["B"]["signers"] == 5
    written = np.array(values["letters"]["B"]["points"])
    assert written == pytest.approx(hands[0].points, abs=5.1e-5)
    monkeypatch.setattr("asl_core.drawing.drawn_letters.TYPICAL_HANDS_FILE", path)
    typical_points.cache_clear()
    try:
        assert typical_points("B") == pytest.approx(written)
    finally:
        typical_points.cache_clear()
