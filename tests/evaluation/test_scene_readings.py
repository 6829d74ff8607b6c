from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from asl_core.errors import PhotoSetError, RunError
from asl_core.evaluation.scene_readings import (
    LIVE_RATE,
    LIVE_SECONDS,
    SceneReader,
    count_scenes,
    measure_scenes,
    most_confident,
)
from asl_core.frame_speller import FrameSpeller
from asl_core.letters.prediction import LetterPrediction
from asl_core.photos.scene_set import Scene
from asl_core.records.json_file import write_json
from asl_core.records.scenes_report import SceneCounts
from asl_core.spelling.speller import Speller

FRAMES = round(LIVE_SECONDS * LIVE_RATE)


def reading(letter=None, confidence=0.9, has_hand=True):
    """Return what a pipeline says of a frame: a letter or none, in a hand or without one."""
    classes = ("A", "B", "nothing")
    shares = np.full(3, (1 - confidence) / 2, np.float32)
    if letter:
        shares[classes.index(letter)] = confidence
    prediction = LetterPrediction(classes, shares) if letter else None
    return SimpleNamespace(detection=object() if has_hand else None, prediction=prediction)


def test_the_most_confident_frame_speaks_for_a_scene():
    frames = [reading(has_hand=False), reading("A", 0.6), reading("B", 0.8)]
    scene = most_confident(frames, written=1)
    assert (scene.has_hand, scene.letter, scene.written) == (True, "B", 1)
    assert scene.confidence == pytest.approx(0.8)


@pytest.mark.parametrize(
    "frame", [reading(), reading("nothing", 0.99)], ids=["no answer", "the class nothing"]
)
def test_a_hand_without_a_letter(frame):
    scene = most_confident([frame])
    assert (scene.has_hand, scene.letter) == (True, None)


def test_counts():
    scenes = [
        most_confident([reading(has_hand=False)]),
        most_confident([reading()]),
        most_confident([reading("A", 0.5)]),
        most_confident([reading("A", 0.75)]),
        most_confident([reading("B", 0.9, has_hand=False)]),
    ]
    assert count_scenes(scenes, 0.75) == SceneCounts(
        scenes=5, hands=3, letters=3, sure=2, whole_pictures=1
    )


@pytest.fixture
def scenes(tmp_path):
    """An empty picture, one that is read as A (0.9), as B (0.61), and one that is no picture."""
    listed = []
    for name, red in (("empty", 0), ("sure", 100), ("unsure", 150)):
        path = tmp_path / f"{name}.png"
        Image.new("RGB", (80, 40), (red, 0, 0)).save(path)
        listed.append(Scene(f"test/{name}.png", path, "coco"))
    (tmp_path / "broken.png").write_bytes(b"")
    return [*listed, Scene("test/broken.png", tmp_path / "broken.png", "coco")]


@pytest.fixture
def reader(colour_pipeline):
    opened = []

    def open_live():
        opened.append(FrameSpeller(colour_pipeline, Speller(0.8)))
        return opened[-1]

    reader = SceneReader(colour_pipeline, open_live)
    object.__setattr__(reader, "opened", opened)
    return reader


def test_each_scene_is_a_photo_and_a_fresh_camera_run(reader, scenes, make_measurement):
    seen = []
    measurement = make_measurement(
        reader, progress=lambda done, total: seen.append((done, total)), material="backgrounds"
    )
    report = measure_scenes(measurement, scenes)
    expected = SceneCounts(scenes=3, hands=2, letters=2, sure=1, whole_pictures=0)
    assert (report.photo, report.live) == (expected, expected)
    assert report.written == 1, "0.9 is held and written, 0.61 is not"
    assert report.rejection_threshold == 0.8
    assert [(e.scene_id, e.mode, e.letter, e.confidence) for e in report.letters] == [
        ("test/sure.png", "photo", "A", 0.9),
        ("test/sure.png", "live", "A", 0.9),
        ("test/unsure.png", "photo", "A", 0.61),
        ("test/unsure.png", "live", "A", 0.61),
    ]
    assert report.unreadable == ("test/broken.png: broken.png is empty (0 bytes).",)
    assert len(reader.opened) == 3
    assert seen[-1] == (4, 4)


def test_camera_runs_are_closed(reader, scenes, make_measurement):
    measure_scenes(make_measurement(reader), scenes[:1])
    with pytest.raises(ValueError, match="closed"):
        reader.opened[0].read(np.zeros((4, 4, 3), np.uint8), FRAMES / LIVE_RATE)


def test_only_broken_scenes(reader, scenes, make_measurement):
    with pytest.raises(PhotoSetError, match="No scene of backgrounds, split 'test'"):
        measure_scenes(make_measurement(reader, material="backgrounds"), scenes[3:])


def test_a_model_without_a_threshold_is_named(reader, scenes, make_measurement, fake_run):
    write_json(fake_run.folder / "model.json", {"classes": ["A"]})
    with pytest.raises(RunError, match=r"fake-run/model\.json names no rejection_threshold"):
        measure_scenes(make_measurement(reader), scenes)
