"""Landmark files and videos of a folder, with what they spell."""

import numpy as np
import pytest

from asl_core.errors import PhotoSetError
from asl_core.evaluation.fluent.sequences import (
    kind_of,
    letters_of,
    read_landmark_sequence,
    video_texts,
)


def write(path, **changes):
    landmarks = np.full((4, 21, 3), 0.5, np.float32)
    landmarks[1] = np.nan
    values = {"landmarks": landmarks, "text": "3 Bees", "aspect": 2.0, "signer": "anna", **changes}
    np.savez(path, **{name: value for name, value in values.items() if value is not None})
    return path


def test_points_are_in_pixels_and_lost_hands_are_none(tmp_path):
    sequence = read_landmark_sequence(write(tmp_path / "video_bees.npz", times=[0, 0.1, 0.2, 0.4]))
    assert (sequence.text, sequence.signer) == ("BEES", "anna")
    frames = list(sequence.frames(times_as_fast=2.0))
    assert [frame.points is None for frame in frames] == [False, True, False, False]
    assert frames[3].time_s == pytest.approx(0.2)
    np.testing.assert_allclose(frames[0].points[0], [480, 240, 480])


def test_without_times_the_frame_rate_counts(tmp_path):
    sequence = read_landmark_sequence(write(tmp_path / "a.npz", fps=15.0))
    np.testing.assert_allclose(sequence.times_s, [0, 1 / 15, 2 / 15, 0.2])


def test_an_unknown_depth_is_still_a_hand(tmp_path):
    landmarks = np.full((4, 21, 3), 0.5, np.float32)
    landmarks[..., 2] = np.nan
    sequence = read_landmark_sequence(write(tmp_path / "a.npz", landmarks=landmarks))
    assert all(frame.points is not None for frame in sequence.frames())


@pytest.mark.parametrize(
    "changes, says",
    [
        ({"text": None}, "holds no spelled sequence"),
        ({"text": "123"}, "holds no letter"),
        ({"aspect": 0.0}, "aspect 0.0"),
        ({"landmarks": np.zeros((4, 20, 3))}, r"shape \(4, 20, 3\)"),
        ({"times": [0, 1, 1, 2]}, "do not rise"),
        ({"times": [0, 1]}, "4 frames"),
    ],
)
def test_a_broken_file_is_refused_in_one_sentence(tmp_path, changes, says):
    with pytest.raises(PhotoSetError, match=says):
        read_landmark_sequence(write(tmp_path / "a.npz", **changes))


def test_what_is_no_npz_is_refused(tmp_path):
    path = tmp_path / "a.npz"
    path.write_bytes(b"no")
    with pytest.raises(PhotoSetError, match=r"a\.npz holds no spelled sequence"):
        read_landmark_sequence(path)


def test_letters_alone_count():
    assert letters_of("695 natl. forest/é") == "NATLFOREST"


@pytest.mark.parametrize("file, kind", [("video_bear.npz", "video"), ("Bear.MP4", "mp4")])
def test_kinds(file, kind):
    assert kind_of(file) == kind


def test_a_video_spells_its_name_or_what_the_table_says(tmp_path):
    for name in ("bear.mp4", "clip1.mp4", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "texts.csv").write_text("file,text\nclip1.mp4,Whale\n")
    assert video_texts(tmp_path) == {"bear.mp4": "BEAR", "clip1.mp4": "WHALE"}


def test_a_table_that_names_what_is_not_there_is_refused(tmp_path):
    (tmp_path / "texts.csv").write_text("file,text\ngone.mp4,Whale\n")
    with pytest.raises(PhotoSetError, match=r"gone\.mp4"):
        video_texts(tmp_path)
