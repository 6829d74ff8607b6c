from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from asl_core import images
from asl_core.alphabet import LETTERS
from asl_core.benchmark import live_speed, stages
from asl_core.benchmark.speed_report import measure_speed
from asl_core.errors import ImageError
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.classifier import LetterClassifier
from asl_core.letters.preprocessing import Preprocessing

PHOTO = Path(__file__).parents[3] / "shared/photos/validation/janvi/Y/000.webp"


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "random-run"
    Checkpoint("random-run", LETTERS, Preprocessing(32), LetterClassifier(26)).save(folder)
    return folder


@pytest.mark.slow
def test_a_picture_without_a_hand_is_one_sentence(run_folder):
    with pytest.raises(ImageError, match="No hand is found in the picture"):
        measure_speed(run_folder, np.full((48, 64, 3), 90, np.uint8), 0, 0, "cpu")


@pytest.mark.slow
@pytest.mark.shared
def test_a_short_run_fills_the_report(run_folder, monkeypatch):
    if not PHOTO.is_file():
        pytest.skip("needs ../shared/photos")
    monkeypatch.setattr(stages, "_BLOCK_FRAMES", 2)
    monkeypatch.setattr(stages, "_WARM_UP_FRAMES", 1)
    monkeypatch.setattr(stages, "BATCH_SIZES", (1, 2))
    monkeypatch.setattr(live_speed, "VISITORS", (1, 2))
    report = measure_speed(run_folder, images.read(PHOTO), 0, 0, "cpu")
    assert report.run == "random-run"
    assert report.cold_start is None
    assert report.machine.device == "cpu"
    for comparison in (report.video, report.photo):
        assert comparison.ours.frames == comparison.reference.frames == 2
        assert comparison.ours.hand_share == comparison.reference.hand_share == 1
        assert comparison.ratio == pytest.approx(
            comparison.ours.fps / comparison.reference.fps, rel=0.01
        )
    assert asdict(report)["pipeline"] == {
        "ours_fps": report.video.ours.fps,
        "reference_fps": report.video.reference.fps,
        "ratio": report.video.ratio,
    }
    assert list(report.batch.ours_images_per_second) == ["1", "2"]
    assert [speed.visitors for speed in report.live] == [1, 2]
    assert [speed.frames for speed in report.live] == [1, 2]
