import json
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from asl_core.__main__ import app
from asl_core.alphabet import LETTERS
from asl_core.drawing.drawn_letters import letter_landmarks, typical_points

RUNNER = CliRunner(env={"COLUMNS": "200"})
SIGNERS = ("anna", "ben", "carl", "dora", "emil")


@pytest.fixture
def photos(monkeypatch):
    """Put five signers with one photo of each letter in the place of photos and crops."""
    # Imported late, so that the commands' tests are collected without MediaPipe.
    from asl_core.photos.hand_crops import HandCrops, KeptPhoto

    kept, landmarks = [], []
    for letter in LETTERS:
        for signer in SIGNERS:
            photo_id = f"train/{signer}/{letter}/0.webp"
            kept.append(
                KeptPhoto(photo_id, letter, signer[0], signer, "ok", True, "Right", 640, 480)
            )
            landmarks.append(letter_landmarks(letter, 640, 480).points)
    pictures = np.zeros((len(kept), 1, 1, 3), np.uint8)
    crops = HandCrops.of(pictures, np.stack(landmarks), kept)
    asked = SimpleNamespace(split=None, folder=None)

    def cut(photo_set, folder):
        asked.split, asked.folder = photo_set, folder
        return crops

    sets = SimpleNamespace(of_split=lambda split: split)
    monkeypatch.setattr("asl_core.photos.photo_set.read_photo_set", lambda root: sets)
    monkeypatch.setattr("asl_core.photos.hand_crops.load_or_cut", cut)
    return asked


def test_writes_the_hands_and_says_so(photos, tmp_path):
    target = tmp_path / "hands.json"
    command = ["typical-hands", "--photos", "anywhere", "--crops", "kept", "--target", str(target)]
    done = RUNNER.invoke(app, command)
    assert done.exit_code == 0, done.output
    assert (photos.split, photos.folder.as_posix()) == ("train", "kept/train")
    assert "B: mean of 5 of 5 signers, 5 photos seen" in done.output
    values = json.loads(target.read_text())
    assert values["photo_set"] == "130 photos of 5 signers, split train"
    assert values["sources"] == ["a", "b", "c", "d", "e"]
    centred = typical_points("B") - typical_points("B").mean(axis=0)
    assert np.array(values["letters"]["B"]["points"]) == pytest.approx(centred, abs=2e-3)


def test_a_missing_folder_gives_one_sentence(tmp_path):
    done = RUNNER.invoke(app, ["typical-hands", "--photos", str(tmp_path / "gone")])
    assert done.exit_code == 1
    assert "gone is not a folder." in done.output
    assert "Traceback" not in done.output
