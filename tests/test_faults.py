"""When the machine fails: full disks, vanished models, clocks that jump, detectors that throw.

What happens is said in one sentence, and what comes next is served.
"""

import errno
import io
import tempfile
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from asl_core.errors import AslError, ModelFileError, VideoError
from asl_core.frame_pipeline import FramePipeline
from asl_core.frame_speller import StreamReader
from asl_core.letters.preprocessing import Preprocessing
from asl_core.live.camera import LiveCamera
from asl_core.live.snapshot import Spelled
from asl_core.spelling.speller import Speller

FRAME = np.zeros((48, 64, 3), np.uint8)


class Live:
    """A camera with words, as a visit holds them."""

    def __init__(self, pipeline):
        self.speller, self.lock = Speller(0.5), threading.RLock()
        self.camera = LiveCamera(StreamReader(pipeline), self.lock)

    def on_frame(self, frame, time_s):
        return self.camera.on_frame(frame, time_s, 0.0, True, self.spell)

    def spell(self, sighting):
        committed = self.speller.observe(sighting.observation)
        return Spelled(committed, self.speller.state, self.speller.transcript)

    def snapshot(self):
        return self.camera.snapshot(self.speller.state, self.speller.transcript, None)


def session(detect):
    detector = SimpleNamespace(detect=detect, close=lambda: None)
    recognizer = SimpleNamespace(
        classes=(), preprocessing=Preprocessing(), recognize=lambda hands: []
    )
    return Live(FramePipeline(detector, recognizer))


def test_a_detector_that_throws_at_every_tenth_frame_costs_those_frames_alone():
    seen = 0

    def detect(frame, timestamp_ms=0):
        nonlocal seen
        seen += 1
        if seen % 10 == 0:
            raise RuntimeError("inference failed")

    live = session(detect)
    for number in range(100):
        assert live.on_frame(FRAME, number / 30).shape == FRAME.shape
    assert seen == 100
    assert live.snapshot().frames == 90


@pytest.mark.parametrize(
    "times_s", [[0, 1, 2, 1, 0.5, 3, 4], [100, 100, 100], [5, -5, 6], [1e9, 0, 0.1]]
)
def test_a_clock_that_jumps_back_ends_no_stream(times_s):
    live = session(lambda frame, timestamp_ms=0: None)
    for time_s in times_s:
        assert live.on_frame(FRAME, time_s).shape == FRAME.shape
    assert live.snapshot().frames == len(times_s)


def test_a_gpu_without_memory_is_a_sentence_and_the_stream_goes_on():
    class OutOfMemoryError(RuntimeError):
        """As torch raises it."""

    is_full = True

    def detect(frame, timestamp_ms=0):
        if is_full:
            raise OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    live = session(detect)
    live.on_frame(FRAME, 0.0)
    assert live.snapshot().error
    assert "Traceback" not in live.snapshot().error
    is_full = False
    for number in range(1, 400):
        live.on_frame(FRAME, number / 30)
    assert live.snapshot().frames == 399
    assert live.snapshot().error is None


def test_a_full_disk_refuses_an_uploaded_video_in_one_sentence(monkeypatch):
    from pages.panels.photo import video_reader

    def full(source, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(video_reader.shutil, "copyfileobj", full)
    upload = io.BytesIO(b"video")
    upload.name = "wave.mp4"
    wish = video_reader.VideoWish(upload, Path("model"), "standard")
    with pytest.raises(
        VideoError, match=r"wave.mp4 cannot be kept here: No space left on device\.$"
    ):
        video_reader.read_video(wish, lambda share, text: None)


def test_a_disk_without_a_place_for_temporary_files_is_a_sentence_too(monkeypatch):
    from pages.panels.photo import video_reader

    def read_only(*arguments, **settings):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", read_only)
    upload = io.BytesIO(b"video")
    upload.name = "wave.mp4"
    wish = video_reader.VideoWish(upload, Path("model"), "standard")
    with pytest.raises(VideoError, match=r"wave.mp4 cannot be kept here: Read-only file system\.$"):
        video_reader.read_video(wish, lambda share, text: None)


@pytest.mark.parametrize("fate", ["vanished", "cut", "other bytes", "a folder"])
def test_a_model_that_vanishes_or_changes_is_a_sentence(tmp_path, fate):
    from asl_core.letters.weight_files import read_weights, write_weights

    entry = write_weights(tmp_path / "weights.safetensors", {"a": np.ones(4, np.float32)})
    path = tmp_path / "weights.safetensors"
    data = path.read_bytes()
    path.unlink()
    if fate == "cut":
        path.write_bytes(data[:-5])
    elif fate == "other bytes":
        path.write_bytes(bytes(len(data)))
    elif fate == "a folder":
        path.mkdir()
    with pytest.raises(ModelFileError) as caught:
        read_weights(tmp_path, entry, "model.json")
    assert isinstance(caught.value, AslError)
    assert "\n" not in str(caught.value)
