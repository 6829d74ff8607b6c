"""A visitor's camera runs with fakes: no detector may outlive its stream."""

import gc
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from asl_core.errors import ModelFileError
from asl_core.frame_pipeline import FramePipeline
from asl_core.frame_speller import FrameSpeller
from asl_core.live.visit import LiveVisit
from asl_core.spelling.settings import FLUENT
from asl_core.spelling.transcript import CommittedLetter, Transcript

RED = np.zeros((60, 80, 3), np.uint8)
RED[..., 0] = 100
"""Read as A by the colour pipeline."""


class Detectors:
    """Opens frame spellers around the colour pipeline and counts the detectors it made."""

    def __init__(self, pipeline: FramePipeline) -> None:
        self.pipeline = pipeline
        self.opened: list[str] = []
        self.closed = 0

    def __call__(self, speller, source) -> FrameSpeller:
        self.opened.append(source)

        def close():
            self.closed += 1

        detector = SimpleNamespace(detect=self.pipeline.detector.detect, close=close)
        return FrameSpeller(FramePipeline(detector, self.pipeline.recognizer), speller)

    @property
    def held(self) -> int:
        return len(self.opened) - self.closed


@pytest.fixture
def detectors(colour_pipeline) -> Detectors:
    return Detectors(colour_pipeline)


@pytest.fixture
def visit(detectors) -> LiveVisit:
    return LiveVisit(detectors, rejection_threshold=0.5)


def test_a_detector_is_made_by_the_first_frame_only(visit, detectors):
    assert (detectors.opened, visit.is_open, visit.snapshot()) == ([], False, None)
    visit.on_frame(RED, "video")
    visit.on_frame(RED, "video")
    assert detectors.opened == ["video"]
    assert visit.snapshot().frames == 2
    assert visit.snapshot().top[0].label == "A"


def test_fifty_connects_leave_no_detector_and_no_thread(visit, detectors):
    threads = threading.active_count()
    visit.type_letter("A")
    for _ in range(50):
        visit.on_frame(RED, "video")
        visit.end_stream()
        visit.end_stream()
    assert (len(detectors.opened), detectors.held) == (50, 0)
    assert threading.active_count() == threads
    assert visit.transcript.text == "A", "the words outlive each stream"


def test_a_visit_that_is_dropped_closes_its_detector(detectors):
    visit = LiveVisit(detectors, 0.5)
    visit.on_frame(RED, "video")
    assert detectors.held == 1
    del visit
    gc.collect()
    assert detectors.held == 0


def test_streams_that_end_while_frames_come_leave_one_detector_at_most(visit, detectors):
    stop = threading.Event()

    def frames():
        while not stop.is_set():
            visit.on_frame(RED, "video")

    def ends():
        while not stop.is_set():
            visit.end_stream()

    threads = [threading.Thread(target=work) for work in (frames, frames, ends)]
    for thread in threads:
        thread.start()
    stop.wait(0.5)
    stop.set()
    for thread in threads:
        thread.join()
    visit.end_stream()
    assert len(detectors.opened) > 1
    assert detectors.held == 0


def test_video_frames_that_come_late_open_nothing_in_snapshot_mode(visit, detectors):
    visit.on_frame(RED, "video")
    visit.source = "pictures"
    assert detectors.held == 0
    assert np.array_equal(visit.on_frame(RED, "video"), RED)
    assert detectors.held == 0
    visit.on_frame(RED, "pictures")
    assert detectors.opened == ["video", "pictures"]


def test_a_model_that_is_missing_becomes_a_sentence_and_video_goes_on(colour_pipeline):
    def broken(speller, source):
        raise ModelFileError("hand_landmarker.task is missing.")

    visit = LiveVisit(broken, 0.5)
    assert np.array_equal(visit.on_frame(RED, "video"), RED)
    assert visit.error == "hand_landmarker.task is missing."
    visit.end_stream()
    assert visit.error is None


@pytest.mark.parametrize("is_streaming", [False, True], ids=["before Start", "while streaming"])
def test_commands_work_with_and_without_a_camera(visit, is_streaming):
    if is_streaming:
        visit.on_frame(RED, "video")
    for letter in "cat":
        visit.type_letter(letter)
    visit.type_space()
    visit.delete()
    assert visit.transcript.text == "CAT"
    visit.replace_word("COAT")
    assert visit.transcript.text == "COAT"
    visit.clear()
    assert (visit.transcript.text, visit.can_undo) == ("", True)
    visit.undo()
    visit.undo()
    assert visit.transcript.text == "CAT"
    visit.settings = FLUENT
    assert visit.settings == FLUENT


def test_the_view_is_the_same_after_a_reconnect(visit):
    visit.mirrored = False
    frame = RED.copy()
    frame[:, :10] = 0
    visit.on_frame(frame, "video")
    visit.end_stream()
    assert visit.on_frame(np.zeros_like(RED), "video").shape == RED.shape
    assert visit.mirrored is False


def test_restored_words_lie_before_what_follows(visit):
    letters = (CommittedLetter("H", 500.0, 501.0, 0.9), CommittedLetter("I", 502.0, 503.0, 0.8))
    visit.restore(Transcript(letters))
    assert visit.transcript.text == "HI"
    assert visit.now_s > 503.0
    visit.undo()
    assert visit.transcript.text == ""
