"""A replica's reader in this process: Ray Serve's batches need no cluster."""

import asyncio
import importlib.util
import io
import threading

import pytest
from PIL import Image

from asl_core.errors import ModelFileError
from asl_core.scale.answers import ModelSummary, Refusal

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="needs Ray: pip install '.[scale]'"
)


def encoded(red):
    buffer = io.BytesIO()
    Image.new("RGB", (80, 40), (red, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


class BlindAtFirst:
    """The colour pipeline's detector, which is shown a drawn hand before its first picture."""

    def __init__(self, detect, together=None):
        self._detect, self._together = detect, together

    def detect(self, frame, timestamp_ms=0):
        if frame.shape != (40, 80, 3):
            return None
        if self._together:
            self._together.wait(20)
        return self._detect(frame)

    def close(self):
        pass


@pytest.fixture
def open_reader(colour_pipeline, monkeypatch):
    from ray.serve import batching

    from asl_core.scale.reader import PictureReader

    # It would compare the batch with the settings of the deployment, which there is none of here.
    monkeypatch.setattr(
        batching._BatchQueue, "_warn_if_max_batch_size_exceeds_max_ongoing_requests", lambda _: None
    )

    def open_it(workers=1, together=None):
        detect = colour_pipeline.detector.detect
        recognizer = colour_pipeline.recognizer
        return PictureReader(lambda: recognizer, lambda: BlindAtFirst(detect, together), workers)

    return open_it


def test_a_picture_is_read_as_by_a_thread(open_reader):
    timed = asyncio.run(open_reader().read(encoded(150)))
    assert timed.reading.prediction.best.label == "A"
    assert timed.reading.box.as_list() == [10, -5, 60, 45]
    assert timed.reading.crop is None
    assert timed.decode_ms > 0 and timed.wait_ms >= 0


def test_hands_of_several_pictures_are_named_in_one_call(open_reader, colour_pipeline):
    sizes = []
    recognize = colour_pipeline.recognizer.recognize

    def counted(hands):
        sizes.append(len(hands))
        return recognize(hands)

    colour_pipeline.recognizer.recognize = counted
    reader = open_reader(3, threading.Barrier(3))

    async def ask():
        return await asyncio.gather(*(reader.read(encoded(red)) for red in (100, 200, 150)))

    letters = [timed.reading.prediction.best for timed in asyncio.run(ask())]
    assert [(letter.label, round(letter.confidence, 2)) for letter in letters] == [
        ("A", 0.9),
        ("J", 0.85),
        ("A", 0.61),
    ]
    assert sum(sizes) == 3
    assert max(sizes) > 1


def test_a_picture_without_a_hand_asks_no_network(open_reader):
    assert asyncio.run(open_reader().read(encoded(0))).reading.prediction is None


def test_what_is_no_picture_is_a_sentence(open_reader):
    refusal = asyncio.run(open_reader().read(b"no picture"))
    assert isinstance(refusal, Refusal)
    assert refusal.sentence.startswith("The image is not a picture that can be read")


def test_the_model_is_named(open_reader):
    summary = asyncio.run(open_reader().describe())
    assert isinstance(summary, ModelSummary)
    assert (summary.name, summary.version, summary.digest) == ("colours", "1.2.3", "c0" * 32)
    assert summary.calibration.rejection_threshold == 0.8


def test_a_model_that_cannot_be_loaded_is_a_sentence():
    from asl_core.scale.reader import PictureReader

    def broken():
        raise ModelFileError("no weights.")

    reader = PictureReader(broken, lambda: None, 1)
    assert asyncio.run(reader.describe()) == Refusal("no weights.")
