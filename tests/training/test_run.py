"""The whole way from photos to a run folder, on drawn hands, through the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from asl_core.drawing.drawn_letters import drawn_letter
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.records.history import read_history

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
QUICK = [
    "--start-from",
    "scratch",
    "--stages",
    "1:32",
    "--batch-size",
    "4",
    "--precision",
    "32-true",
]


@pytest.fixture(scope="module")
def drawn_photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a photo set of drawn hands with the splits train and validation."""
    root = tmp_path_factory.mktemp("drawn")
    lines = ["path,split,source,signer,label"]
    for split, count in (("train", 4), ("validation", 2)):
        for letter in "BLV":
            for number in range(count):
                path = root / split / f"{split}_signer" / letter / f"{number}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                Image.fromarray(drawn_letter(letter, size=200 + 20 * number)).save(path)
                signer = f"{split}_signer"
                lines.append(f"{path.relative_to(root)},{split},{signer},{signer},{letter}")
    (root / "photos.csv").write_text("\n".join(lines) + "\n")
    return root


def _train(photos: Path, runs: Path, *more: str, launcher: tuple[str, ...] = ()) -> str:
    command = [sys.executable, *launcher, "-m", "asl_core", "train", "--photos", str(photos)]
    finished = subprocess.run(
        [*command, "--name", "tiny", "--runs", str(runs), *QUICK, *more],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_two_processes_train_one_run_that_one_process_continues(
    drawn_photos: Path, tmp_path: Path
) -> None:
    """Several processors are a launch option: torchrun starts two, each takes half a batch."""
    port = ("--master-port", "29517")
    launcher = ("-m", "torch.distributed.run", "--nproc-per-node", "2", *port)
    _train(drawn_photos, tmp_path, "--epochs", "2", "--devices", "2", launcher=launcher)
    folder = tmp_path / "tiny"
    rows = read_history(folder / "history.csv")
    assert [row.epoch for row in rows] == [1, 2]
    assert json.loads((folder / "config.json").read_text())["photos"]["train"] == 12
    assert json.loads((folder / "class_mapping.json").read_text())["25"] == "Z"
    recognizer = LetterRecognizer.load(folder, device="cpu")
    assert recognizer.classes[0] == "A"
    assert recognizer.preprocessing.input_size == 32

    # The finished run is found complete: another call writes nothing anew.
    written = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert "Finished" in _train(drawn_photos, tmp_path, "--epochs", "2")
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == written

    refused = subprocess.run(
        [
            sys.executable,
            "-m",
            "asl_core",
            "train",
            "--photos",
            str(drawn_photos),
            "--name",
            "tiny",
            "--runs",
            str(tmp_path),
            *QUICK,
            "--epochs",
            "5",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert "begun with another 'settings'" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_without_epochs_the_picture_network_stays_and_the_landmark_network_is_new(
    drawn_photos: Path, tmp_path: Path
) -> None:
    _train(drawn_photos, tmp_path, "--epochs", "1")
    first = tmp_path / "first"
    (tmp_path / "tiny").rename(first)
    _train(drawn_photos, tmp_path, "--epochs", "0", "--start-from", str(first))
    again = tmp_path / "tiny"
    for name in ("weights.safetensors", "history.csv"):
        assert (again / name).read_bytes() == (first / name).read_bytes()
    config = json.loads((again / "config.json").read_text())
    assert (config["settings"]["epochs"], config["start"]) == (1, "scratch")
    assert config["landmark_training"]["photos"]["train"] == 12
    assert LetterRecognizer.load(again, device="cpu").classes[0] == "A"
