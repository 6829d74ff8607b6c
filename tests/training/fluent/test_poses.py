"""Hands of photos and of landmark files, sorted by signer and letter."""

import numpy as np
import pytest

from asl_core.alphabet import LETTERS, STATIC_LETTERS
from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.errors import PhotoSetError
from asl_core.photos.hand_crops import HandCrops, KeptPhoto
from asl_core.training.fluent.held_hands import held_hands
from asl_core.training.fluent.poses import photo_poses, read_pose_book

NO_PICTURES = np.zeros((0, 1, 1, 3), np.uint8)


def crops(handedness="Right", mirrored=False, note="ok"):
    photos, landmarks = [], []
    for letter in LETTERS:
        points = letter_landmarks(letter, 320, 240).points.copy()
        if mirrored:
            points[:, 0] = 1 - points[:, 0]
        landmarks.append(points)
        name = f"train/anna/{letter}/000.webp"
        photos.append(KeptPhoto(name, letter, "anna", "anna", note, True, handedness, 320, 240))
    return HandCrops.of(NO_PICTURES, np.array(landmarks, np.float32), photos)


def test_photos_give_the_still_letters_of_each_signer():
    book = photo_poses(crops())
    assert book.names == ("anna",) and set(book.signers["anna"]) == set(STATIC_LETTERS)


def test_a_left_handed_signer_is_mirrored():
    right, left = photo_poses(crops()), photo_poses(crops("Left", mirrored=True))
    for letter in STATIC_LETTERS:
        np.testing.assert_allclose(
            left.signers["anna"][letter], right.signers["anna"][letter], atol=1e-3
        )


def test_doubtful_labels_are_left_out():
    with pytest.raises(PhotoSetError, match="no found hand"):
        photo_poses(crops(note="suspect"))


def test_hands_that_were_read_right_are_held(make_photo, small_report):
    from dataclasses import replace

    results = tuple(
        replace(make_photo(letter, read), photo_id=f"train/anna/{letter}/000.webp")
        for letter, read in (("A", "A"), ("B", "D"), ("C", None), ("J", "J"))
    )
    (hand,) = held_hands(replace(small_report, photos=results), crops())
    assert (hand.letter, hand.signer, hand.is_left) == ("A", "anna", False)
    assert hand.prediction.best.label == "A"
    assert float(hand.prediction.probabilities.sum()) == pytest.approx(1)


def test_a_landmark_file_is_read_by_signer(letters_file):
    book = read_pose_book(letters_file)
    assert book.names == ("dora", "emil") and "J" not in book.signers["dora"]
    assert book.signers["dora"]["A"].shape == (2, 21, 3)


def test_a_file_that_is_none_is_refused(tmp_path):
    path = tmp_path / "letters.npz"
    path.write_bytes(b"no")
    with pytest.raises(PhotoSetError, match=r"letters\.npz holds no landmarks"):
        read_pose_book(path)
