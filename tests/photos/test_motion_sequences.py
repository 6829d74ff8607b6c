import numpy as np
import pytest

from asl_core.errors import PhotoSetError
from asl_core.photos.motion_sequences import read_motion_sequences


def test_only_the_asked_split_is_read(sequences_file):
    sequences = read_motion_sequences(sequences_file, "validation")
    assert {s.signer for s in sequences} == {"ben"}
    assert [s.letter for s in sequences] == list("JJZZIIDDAABB")
    assert sequences[0].number == 12


def test_points_are_pixels_of_a_frame_480_high(sequences_file):
    with np.load(sequences_file) as file:
        share = file["landmarks"][0, 5, 9].astype(float)
    points = read_motion_sequences(sequences_file, "train")[0].points
    np.testing.assert_allclose(points[5, 9], share * [640, 480, 640], rtol=1e-3)


def test_padding_after_the_last_seen_frame_is_cut(sequences_file):
    sequence = read_motion_sequences(sequences_file, "train")[0]
    assert len(sequence.points) == len(sequence.present) == len(sequence.times_s) < 40
    assert sequence.times_s[3] == pytest.approx(0.1)


def test_frames_without_a_hand_are_none(tmp_path):
    np.savez(
        tmp_path / "gap.npz",
        landmarks=np.ones((1, 4, 21, 3), np.float16),
        present=np.array([[True, False, True, False]]),
        label=np.array(["I"]),
        signer=np.array(["anna"]),
        split=np.array(["train"]),
        handedness=np.array(["L"]),
    )
    (sequence,) = read_motion_sequences(tmp_path / "gap.npz", "train")
    assert [points is None for _, points in sequence.frames()] == [False, True, False]
    assert sequence.is_left


def test_an_unknown_split_names_the_known(sequences_file):
    with pytest.raises(PhotoSetError, match=r"no split 'dev', only test, train, validation"):
        read_motion_sequences(sequences_file, "dev")


@pytest.mark.parametrize("content", [None, b"no archive"], ids=["missing", "broken"])
def test_a_file_that_is_none_is_a_sentence(tmp_path, content):
    path = tmp_path / "some.npz"
    if content:
        path.write_bytes(content)
    with pytest.raises(PhotoSetError, match=r"some\.npz holds no motion sequences"):
        read_motion_sequences(path, "train")


def test_fields_of_different_lengths_are_refused(tmp_path, sequences_file):
    with np.load(sequences_file) as file:
        fields = dict(file)
    fields["label"] = fields["label"][:5]
    np.savez(tmp_path / "some.npz", **fields)
    with pytest.raises(PhotoSetError, match="different lengths"):
        read_motion_sequences(tmp_path / "some.npz", "train")
