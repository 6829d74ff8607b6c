import gc
import logging
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

from asl_core.drawing.overlay import BOX_COLOUR, DOUBT_COLOUR, HELD_COLOUR
from asl_core.errors import ModelFileError
from asl_core.frame_pipeline import FramePipeline
from asl_core.frame_speller import StreamReader
from asl_core.letters.model_file import Calibration
from asl_core.letters.preprocessing import Preprocessing
from asl_core.live import camera_hints
from asl_core.live.camera import ERROR_SHOWN_S, LiveCamera
from asl_core.live.frame_turns import FrameTurns, Turn
from asl_core.live.snapshot import LiveTimes, Spelled
from asl_core.spelling.speller import Speller

STEP_S = 1 / 30


def colour(red, width=320, height=240):
    frame = np.zeros((height, width, 3), np.uint8)
    frame[..., 0], frame[..., 1:] = red, 100 if red else 0
    frame[:, : width // 4, 1] = 160
    return frame


class SlowDetector:
    """Stands before another detector: waits for a permit, and counts its calls."""

    def __init__(self, inner, is_slow=False) -> None:
        self.inner, self.is_slow = inner, is_slow
        self.entered, self.permit = threading.Event(), threading.Event()
        self.calls = self.closed = self.inside = 0
        self.fails: Exception | None = None

    def detect(self, frame, timestamp_ms=0):
        self.calls += 1
        self.inside += 1
        assert self.inside == 1, "two frames in one detector"
        try:
            if self.is_slow:
                self.entered.set()
                assert self.permit.wait(5), "no permit came"
            if self.fails is not None:
                raise self.fails
            assert not self.closed, "read after it was closed"
            return self.inner.detect(frame, timestamp_ms)
        finally:
            self.inside -= 1

    def close(self):
        assert self.inside == 0, "closed while a frame was read"
        self.closed += 1


@pytest.fixture
def detector(colour_pipeline):
    return SlowDetector(colour_pipeline.detector)


class Run:
    """A camera with words, as a visit holds them; times are given by hand."""

    def __init__(self, pipeline, threshold=0.3) -> None:
        self.speller, self.lock, self.mirrored = Speller(threshold), threading.RLock(), True
        self.camera = LiveCamera(StreamReader(pipeline), self.lock)
        self.close = self.camera.close

    def on_frame(self, frame, time_s, receive_ms=0.0):
        return self.camera.on_frame(frame, time_s, receive_ms, self.mirrored, self.spell)

    def spell(self, sighting):
        with self.lock:
            committed = self.speller.observe(sighting.observation)
            return Spelled(committed, self.speller.state, self.speller.transcript)

    def snapshot(self, now_s=None):
        with self.lock:
            return self.camera.snapshot(self.speller.state, self.speller.transcript, now_s)


@pytest.fixture
def run(colour_pipeline, detector):
    run = Run(FramePipeline(detector, colour_pipeline.recognizer))
    yield run
    detector.permit.set()
    run.close()


def show(run, red, start_s, seconds):
    times = np.arange(start_s, start_s + seconds, STEP_S)
    for time_s in times:
        picture = run.on_frame(colour(red), float(time_s), receive_ms=2.0)
    return picture


def count(picture, wanted):
    return int((picture == np.array(wanted, np.uint8)).all(axis=2).sum())


def in_thread(call):
    result = []
    thread = threading.Thread(target=lambda: result.append(call()))
    thread.start()
    return thread, result


def wait_until(condition, seconds=3.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.002)


def test_a_new_session_shows_nothing(run):
    state = run.snapshot()
    assert (state.letter, state.top, state.hints, state.error) == (None, (), (), None)
    assert (state.frames, state.fps, state.last_frame_s) == (0, 0.0, None)
    assert state.ms == LiveTimes()
    assert state.transcript.text == ""


def test_frames_become_a_snapshot(run):
    show(run, 100, 5.0, 0.5)
    state = run.snapshot()
    assert state.letter == "A"
    assert state.confidence > 0.8
    assert [scored.label for scored in state.top] == ["A", "B", "J"]
    assert state.top[0].confidence == pytest.approx(0.9)
    assert state.handedness == "Left"
    assert state.fps == pytest.approx(30, rel=0.01)
    assert state.frames == 15
    assert state.last_frame_s == pytest.approx(5.0 + 14 * STEP_S)
    assert state.ms.receive == pytest.approx(2)
    assert state.ms.draw > 0
    assert 0 < state.spelling.progress < 1


def test_a_held_letter_stands_in_the_transcript(run):
    show(run, 100, 0.0, 1.2)
    assert run.snapshot().transcript.text == "A"


def test_the_hold_is_seen_on_the_video(run):
    early = count(show(run, 100, 0.0, 0.35), HELD_COLOUR)
    late = count(show(run, 100, 0.35, 0.35), HELD_COLOUR)
    assert 0 < early < late
    before_release = show(run, 100, 0.7, 0.3)
    assert count(before_release, BOX_COLOUR) == 0, "the square is green after the commit"


def test_an_uncertain_reading_is_grey(colour_pipeline):
    live = Run(colour_pipeline, 0.99)
    picture = show(live, 150, 0.0, 0.3)
    assert count(picture, DOUBT_COLOUR) > 500
    assert live.snapshot().spelling.waits_for == "certainty"


def test_mirroring_changes_what_is_shown_not_what_is_read(run, detector):
    seen = []
    inner = detector.inner.detect
    detector.inner = SimpleNamespace(detect=lambda frame, ms: (seen.append(frame), inner(frame))[1])
    frame = colour(100)
    shown_mirrored = run.on_frame(frame, 0.0)
    run.mirrored = False
    shown_plain = run.on_frame(frame, STEP_S)
    assert seen[0] is frame
    assert seen[1] is frame
    corner = np.s_[2, 2]
    assert (shown_plain[corner] == frame[corner]).all()
    assert (shown_mirrored[corner] == frame[2, -3]).all()
    assert shown_plain.shape == shown_mirrored.shape == frame.shape


def test_without_a_hand_there_is_no_letter(run):
    show(run, 100, 0.0, 0.4)
    show(run, 0, 0.4, 0.4)
    state = run.snapshot()
    assert (state.letter, state.top, state.handedness) == (None, (), None)


def test_hints_reach_the_snapshot(run):
    show(run, 0, 0.0, 1.5)
    assert run.snapshot().hints == (camera_hints.MORE_LIGHT,)


def test_a_stream_that_stands_still_is_noticed(run):
    show(run, 100, 0.0, 0.5)
    fresh, stale = run.snapshot(0.55), run.snapshot(9.0)
    assert fresh.letter == "A"
    assert fresh.fps == pytest.approx(30, rel=0.1)
    assert (stale.letter, stale.top, stale.fps, stale.hints) == (None, (), 0.0, ())


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ModelFileError("weights.bin was altered."), "weights.bin was altered."),
        (ZeroDivisionError("x"), "A frame could not be read (ZeroDivisionError)"),
    ],
    ids=["our own", "any other"],
)
def test_an_error_becomes_a_sentence_and_the_video_goes_on(run, detector, caplog, error, sentence):
    show(run, 100, 0.0, 0.5)
    detector.fails = error
    with caplog.at_level(logging.WARNING):
        for number in range(5):
            picture = run.on_frame(colour(100), 0.5 + number * STEP_S)
    assert (picture == colour(100)[:, ::-1]).all(), "the plain frame, mirrored as the video is"
    state = run.snapshot()
    assert state.error.startswith(sentence)
    assert "Traceback" not in state.error
    assert len(caplog.records) == 1, "logged once, not for each frame"
    detector.fails = None
    show(run, 100, 0.7, 1.0)
    assert run.snapshot().error == state.error, "long enough to be read"
    show(run, 100, 1.7, ERROR_SHOWN_S)
    assert run.snapshot().error is None
    assert run.snapshot().transcript.text == "A"


@pytest.mark.parametrize(
    "frame",
    [np.zeros((0, 5, 3), np.uint8), np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), None],
    ids=["empty", "grey", "not uint8", "nothing"],
)
def test_what_is_no_frame_never_raises(frame, photo_detector):
    # A camera closes its detector once it is forgotten, and this one is the whole session's.
    shared = SimpleNamespace(detect=photo_detector.detect, close=lambda: None)
    real = FramePipeline(
        shared, SimpleNamespace(preprocessing=Preprocessing(), calibration=Calibration())
    )
    live = Run(real)
    live.on_frame(frame, 1.0)
    kind = "AttributeError" if frame is None else "ValueError"
    assert live.snapshot().error.startswith(f"A frame could not be read ({kind})")


def test_of_the_frames_that_wait_the_newest_wins(run, detector):
    detector.is_slow = True
    frames = [colour(red) for red in (100, 100, 150, 200)]
    threads = [in_thread(lambda: run.on_frame(frames[0], 0.0))]
    assert detector.entered.wait(2)
    for number in (1, 2, 3):
        threads.append(
            in_thread(lambda n=number: run.on_frame(frames[n], n * STEP_S)),
        )
        wait_until(lambda count=number: run.snapshot().dropped == count - 1)
        wait_until(lambda count=number: run.camera._turns._arrivals == count + 1)
    wait_until(lambda: run.snapshot().dropped == 2)
    for number in (1, 2):
        threads[number][0].join(2)
        assert (threads[number][1][0] == frames[number][:, ::-1]).all(), "undrawn, mirrored"
    assert detector.calls == 1
    detector.permit.set()
    threads[0][0].join(2)
    threads[3][0].join(2)
    state = run.snapshot()
    assert detector.calls == 2
    assert (state.frames, state.dropped) == (2, 2)
    assert state.top[0].label == "J", "the last frame was read"


def test_closing_twice_frees_once_and_frames_come_back_as_they_are(run, detector):
    show(run, 100, 0.0, 1.2)
    run.close()
    run.close()
    assert detector.closed == 1
    frame = colour(100)
    assert run.on_frame(frame, 9.0) is frame
    state = run.snapshot()
    assert (state.frames, state.error, state.transcript.text) == (36, None, "A")


def test_closing_while_a_frame_is_read_never_waits_and_frees_after_it(run, detector):
    detector.is_slow = True
    worker, result = in_thread(lambda: run.on_frame(colour(100), 1.0))
    assert detector.entered.wait(2)
    waiting, came_back = in_thread(lambda: run.on_frame(colour(150), 1.1))
    wait_until(lambda: run.camera._turns._arrivals == 2)
    run.close()
    waiting.join(2)
    assert (came_back[0] == colour(150)).all()
    assert detector.closed == 0
    detector.permit.set()
    worker.join(2)
    assert result[0].shape == (240, 320, 3)
    assert detector.closed == 1
    assert run.snapshot().error is None


def test_a_detector_that_fails_to_close_is_no_crash(run, detector, caplog):
    def fail():
        detector.closed += 1
        raise RuntimeError("graph is gone")

    detector.close = fail
    run.close()
    run.close()
    assert detector.closed == 1
    assert "graph is gone" in caplog.text


def test_what_may_not_be_spelled_any_more_comes_back_unmarked(run):
    show(run, 100, 0.0, 0.5)
    before = run.snapshot()
    run.spell = lambda sighting: None
    frame = colour(100)
    assert run.on_frame(frame, 0.6) is frame
    assert run.snapshot() == before


@pytest.mark.slow
def test_a_camera_that_is_dropped_frees_its_detector(colour_pipeline):
    detector = SlowDetector(colour_pipeline.detector)
    live = Run(FramePipeline(detector, colour_pipeline.recognizer))
    show(live, 100, 0.0, 0.1)
    del live
    gc.collect()
    assert detector.closed == 1


def test_the_newest_of_those_that_wait_goes_on():
    turns = FrameTurns(free=lambda: None)
    assert turns.enter() is Turn.GO
    results = {}
    threads = []
    for number in range(4):
        arrivals = number + 2
        thread = threading.Thread(target=lambda n=number: results.update({n: turns.enter()}))
        thread.start()
        threads.append(thread)
        wait_until(lambda count=arrivals: turns._arrivals == count)
    for thread in threads[:3]:
        thread.join(2)
    assert results == {0: Turn.OVERTAKEN, 1: Turn.OVERTAKEN, 2: Turn.OVERTAKEN}
    turns.leave()
    threads[3].join(2)
    assert results[3] is Turn.GO
    assert turns.overtaken == 3


def test_freed_once_and_only_when_nobody_is_inside():
    freed = []
    turns = FrameTurns(free=lambda: freed.append(1))
    turns.enter()
    turns.close()
    turns.close()
    assert freed == []
    turns.leave()
    assert freed == [1]
    turns.close()
    assert turns.enter() is Turn.CLOSED
    assert freed == [1]


def test_those_who_wait_are_sent_home_by_closing():
    turns = FrameTurns(free=lambda: None)
    turns.enter()
    results = []
    thread = threading.Thread(target=lambda: results.append(turns.enter()))
    thread.start()
    wait_until(lambda: turns._arrivals == 2)
    turns.close()
    thread.join(2)
    assert results == [Turn.CLOSED]
