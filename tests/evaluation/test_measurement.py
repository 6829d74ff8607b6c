"""Real processes, with a reader that imports neither torch nor MediaPipe."""

import functools
import os
import subprocess
import sys

import pytest

from asl_core.errors import ModelFileError, RunError
from asl_core.evaluation.measurement import Measurement
from asl_core.photos.photo_set import read_photo_set


def red_of(factor, photo, frame):
    return photo.photo_id, int(frame[0, 0, 0]) * factor


def refuse():
    raise ModelFileError("fake-run holds no weights.")


@pytest.fixture
def of_fake_run(fake_run):
    return functools.partial(Measurement, fake_run, "colours", "test", "command")


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_pictures_are_read_in_order_and_the_broken_ones_told(colour_photos, of_fake_run, workers):
    (colour_photos / "test/anna/B/002.png").write_bytes(b"")
    photos = read_photo_set(colour_photos).photos
    heard = []
    measurement = of_fake_run(
        functools.partial(int, 2), workers, lambda done, total: heard.append((done, total))
    )
    outcomes, unreadable = measurement.read(red_of, photos)
    assert [name for name, _ in outcomes] == [
        photo.photo_id for photo in photos if photo.label != "B" or photo.split != "test"
    ]
    assert [red for _, red in outcomes] == [200, 0, 400, 400, 200]
    assert unreadable == ("test/anna/B/002.png: 002.png is empty (0 bytes).",)
    assert heard == [(done, 6) for done in range(1, 7)]


class Opened:
    def __init__(self):
        self.is_closed = False

    def close(self):
        self.is_closed = True


def test_what_was_opened_in_this_process_is_closed(colour_photos, of_fake_run):
    opened = Opened()

    def is_open(loaded, photo, frame):
        return not loaded.is_closed

    outcomes, _ = of_fake_run(lambda: opened).read(is_open, read_photo_set(colour_photos).photos)
    assert all(outcomes)
    assert opened.is_closed


def test_a_vanished_picture_hides_the_place_of_the_folder(colour_photos, of_fake_run):
    photos = read_photo_set(colour_photos).photos[:1]
    photos[0].path.unlink()
    assert of_fake_run(int).read(red_of, photos) == (
        [],
        (f"{photos[0].photo_id}: The file does not exist.",),
    )


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_model_that_cannot_be_loaded_gives_its_own_sentence(colour_photos, of_fake_run, workers):
    photos = read_photo_set(colour_photos).photos
    with pytest.raises(ModelFileError, match=r"^fake-run holds no weights\."):
        of_fake_run(refuse, workers).read(red_of, photos)


@pytest.mark.slow
def test_a_worker_that_dies_gives_one_sentence(colour_photos, of_fake_run):
    photos = read_photo_set(colour_photos).photos
    with pytest.raises(RunError, match=r"worker processes ended.*--workers 1\."):
        of_fake_run(functools.partial(os._exit, 1), 2).read(red_of, photos)


@pytest.mark.slow
def test_the_parent_of_workers_loads_no_network():
    """It takes the classes from model.json, so it needs neither torch nor MediaPipe."""
    code = (
        "import sys, asl_core.evaluation.accuracy, asl_core.evaluation.robustness\n"
        "print(sorted({'torch', 'mediapipe'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
