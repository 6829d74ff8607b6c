import logging
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from asl_core.drawing.overlay import BOX_COLOUR, DOUBT_COLOUR, HELD_COLOUR
from asl_core.errors import ModelFileError, TranscriptError
from asl_core.frame_pipeline import FramePipeline
from asl_core.frame_speller import FrameSpeller
from asl_core.hands.detector import MediaPipeHandDetector
from asl_core.letters.checkpoint import Calibration
from asl_core.letters.preprocessing import Preprocessing
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.live import camera_hints
from asl_core.live.camera import ERROR_SHOWN_S, LiveSession
from asl_core.live.snapshot import LiveTimes
from asl_core.records.training_run import SHIPPED_RUN
from asl_core.spelling.settings import SpellingSettings
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


@pytest.fixture
def session(colour_pipeline, detector):
    pipeline = FramePipeline(detector, colour_pipeline.recognizer)
    live = LiveSession(FrameSpeller(pipeline, Speller(0.3), None))
    yield live
    detector.permit.set()
    live.close()


def show(session, red, start_s, seconds):
    times = np.arange(start_s, start_s + seconds, STEP_S)
    for time_s in times:
        picture = session.on_frame(colour(red), float(time_s), receive_ms=2.0)
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


def test_a_new_session_shows_nothing(session):
    state = session.snapshot()
    assert (state.letter, state.top, state.hints, state.error) == (None, (), (), None)
    assert (state.frames, state.fps, state.last_frame_s) == (0, 0.0, None)
    assert state.ms == LiveTimes()
    assert state.transcript.text == ""


def test_frames_become_a_snapshot(session):
    show(session, 100, 5.0, 0.5)
    state = session.snapshot()
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


def test_a_held_letter_stands_in_the_transcript(session):
    show(session, 100, 0.0, 1.2)
    assert session.snapshot().transcript.text == "A"


def test_the_hold_is_seen_on_the_video(session):
    early = count(show(session, 100, 0.0, 0.35), HELD_COLOUR)
    late = count(show(session, 100, 0.35, 0.35), HELD_COLOUR)
    assert 0 < early < late
    before_release = show(session, 100, 0.7, 0.3)
    assert count(before_release, BOX_COLOUR) == 0, "the square is green after the commit"


def test_an_uncertain_reading_is_grey(colour_pipeline):
    live = LiveSession(FrameSpeller(colour_pipeline, Speller(0.99), None))
    picture = show(live, 150, 0.0, 0.3)
    assert count(picture, DOUBT_COLOUR) > 500
    assert live.snapshot().spelling.waits_for == "certainty"


def test_mirroring_changes_what_is_shown_not_what_is_read(session, detector):
    seen = []
    inner = detector.inner.detect
    detector.inner = SimpleNamespace(detect=lambda frame, ms: (seen.append(frame), inner(frame))[1])
    frame = colour(100)
    shown_mirrored = session.on_frame(frame, 0.0)
    session.mirrored = False
    assert not session.mirrored
    shown_plain = session.on_frame(frame, STEP_S)
    assert seen[0] is frame
    assert seen[1] is frame
    corner = np.s_[2, 2]
    assert (shown_plain[corner] == frame[corner]).all()
    assert (shown_mirrored[corner] == frame[2, -3]).all()
    assert shown_plain.shape == shown_mirrored.shape == frame.shape


def test_without_a_hand_there_is_no_letter(session):
    show(session, 100, 0.0, 0.4)
    show(session, 0, 0.4, 0.4)
    state = session.snapshot()
    assert (state.letter, state.top, state.handedness) == (None, (), None)


def test_hints_reach_the_snapshot(session):
    show(session, 0, 0.0, 1.5)
    assert session.snapshot().hints == (camera_hints.MORE_LIGHT,)


def test_a_stream_that_stands_still_is_noticed(session):
    show(session, 100, 0.0, 0.5)
    fresh, stale = session.snapshot(0.55), session.snapshot(9.0)
    assert fresh.letter == "A"
    assert fresh.fps == pytest.approx(30, rel=0.1)
    assert (stale.letter, stale.top, stale.fps, stale.hints) == (None, (), 0.0, ())


def test_commands_reach_the_words(session):
    show(session, 100, 0.0, 1.2)
    session.type_space()
    session.type_letter("b")
    assert session.snapshot().transcript.text == "A B"
    session.delete()
    session.undo()
    session.replace_word("CAB")
    kept = session.snapshot().transcript
    assert kept.text == "A CAB"
    session.clear()
    assert session.snapshot().transcript.text == ""
    session.restore(kept)
    assert session.snapshot().transcript.text == "A CAB"
    with pytest.raises(TranscriptError, match="7"):
        session.type_letter("7")


def test_a_slower_hold_can_be_set(session):
    session.set_settings(SpellingSettings(hold_seconds=2.0))
    assert session.settings.hold_seconds == 2.0
    show(session, 100, 0.0, 1.5)
    assert session.snapshot().transcript.text == ""
    show(session, 100, 1.5, 1.0)
    assert session.snapshot().transcript.text == "A"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ModelFileError("weights.bin was altered."), "weights.bin was altered."),
        (ZeroDivisionError("x"), "A frame could not be read (ZeroDivisionError)"),
    ],
    ids=["our own", "any other"],
)
def test_an_error_becomes_a_sentence_and_the_video_goes_on(
    session, detector, caplog, error, sentence
):
    show(session, 100, 0.0, 0.5)
    detector.fails = error
    with caplog.at_level(logging.WARNING):
        for number in range(5):
            picture = session.on_frame(colour(100), 0.5 + number * STEP_S)
    assert (picture == colour(100)[:, ::-1]).all(), "the plain frame, mirrored as the video is"
    state = session.snapshot()
    assert state.error.startswith(sentence)
    assert "Traceback" not in state.error
    assert len(caplog.records) == 1, "logged once, not for each frame"
    detector.fails = None
    show(session, 100, 0.7, 1.0)
    assert session.snapshot().error == state.error, "long enough to be read"
    show(session, 100, 1.7, ERROR_SHOWN_S)
    assert session.snapshot().error is None
    assert session.snapshot().transcript.text == "A"


@pytest.mark.parametrize(
    "frame",
    [np.zeros((0, 5, 3), np.uint8), np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), None],
    ids=["empty", "grey", "not uint8", "nothing"],
)
def test_what_is_no_frame_never_raises(session, frame, photo_detector):
    real = FramePipeline(
        photo_detector, SimpleNamespace(preprocessing=Preprocessing(), calibration=Calibration())
    )
    live = LiveSession(FrameSpeller(real, Speller(0.3), None))
    live.on_frame(frame, 1.0)
    kind = "AttributeError" if frame is None else "ValueError"
    assert live.snapshot().error.startswith(f"A frame could not be read ({kind})")


def test_a_snapshot_never_waits_for_a_frame(session, detector):
    detector.is_slow = True
    worker, _ = in_thread(lambda: session.on_frame(colour(100), 1.0))
    assert detector.entered.wait(2)
    started = time.perf_counter()
    session.type_letter("Q")
    session.set_settings(SpellingSettings())
    assert session.snapshot().transcript.text == "Q"
    assert time.perf_counter() - started < 0.5
    assert worker.is_alive()
    detector.permit.set()
    worker.join(2)
    assert session.snapshot().frames == 1


def test_of_the_frames_that_wait_the_newest_wins(session, detector):
    detector.is_slow = True
    frames = [colour(red) for red in (100, 100, 150, 200)]
    threads = [in_thread(lambda: session.on_frame(frames[0], 0.0))]
    assert detector.entered.wait(2)
    for number in (1, 2, 3):
        threads.append(
            in_thread(lambda n=number: session.on_frame(frames[n], n * STEP_S)),
        )
        wait_until(lambda count=number: session.snapshot().dropped == count - 1)
        wait_until(lambda count=number: session._turns._arrivals == count + 1)
    wait_until(lambda: session.snapshot().dropped == 2)
    for number in (1, 2):
        threads[number][0].join(2)
        assert (threads[number][1][0] == frames[number][:, ::-1]).all(), "undrawn, mirrored"
    assert detector.calls == 1
    detector.permit.set()
    threads[0][0].join(2)
    threads[3][0].join(2)
    state = session.snapshot()
    assert detector.calls == 2
    assert (state.frames, state.dropped) == (2, 2)
    assert state.top[0].label == "J", "the last frame was read"


def test_closing_twice_frees_once_and_frames_come_back_as_they_are(session, detector):
    show(session, 100, 0.0, 1.2)
    session.close()
    session.close()
    assert detector.closed == 1
    frame = colour(100)
    assert session.on_frame(frame, 9.0) is frame
    assert session.is_closed
    state = session.snapshot()
    assert state.is_closed
    assert (state.frames, state.error, state.transcript.text) == (36, None, "A")


def test_closing_while_a_frame_is_read_never_waits_and_frees_after_it(session, detector):
    detector.is_slow = True
    worker, result = in_thread(lambda: session.on_frame(colour(100), 1.0))
    assert detector.entered.wait(2)
    waiting, came_back = in_thread(lambda: session.on_frame(colour(150), 1.1))
    wait_until(lambda: session._turns._arrivals == 2)
    session.close()
    waiting.join(2)
    assert (came_back[0] == colour(150)).all()
    assert detector.closed == 0
    detector.permit.set()
    worker.join(2)
    assert result[0].shape == (240, 320, 3)
    assert detector.closed == 1
    assert session.snapshot().error is None


def test_a_detector_that_fails_to_close_is_no_crash(session, detector, caplog):
    def fail():
        detector.closed += 1
        raise RuntimeError("graph is gone")

    detector.close = fail
    session.close()
    session.close()
    assert detector.closed == 1
    assert "graph is gone" in caplog.text


def open_session(recognizer):
    detector = MediaPipeHandDetector("video")
    return LiveSession(FrameSpeller(FramePipeline(detector, recognizer), Speller(0.3), None))


def test_four_sessions_share_a_recognizer_and_keep_their_words_apart(colour_pipeline):
    asked = threading.Lock()

    def recognize(hands, inner=colour_pipeline.recognizer.recognize):
        with asked:
            return inner(hands)

    recognizer = SimpleNamespace(
        preprocessing=colour_pipeline.recognizer.preprocessing, recognize=recognize
    )
    detect = colour_pipeline.detector.detect
    sessions = [
        LiveSession(
            FrameSpeller(
                FramePipeline(SlowDetector(SimpleNamespace(detect=detect)), recognizer),
                Speller(0.3),
                None,
            )
        )
        for _ in range(4)
    ]

    def spell(number):
        for _ in range(number):
            sessions[number].type_letter("XYZ"[number - 1])
        show(sessions[number], 100, 10.0 * number, 1.2)
        sessions[number].snapshot()

    threads = [threading.Thread(target=spell, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    states = [live.snapshot() for live in sessions]
    assert [state.transcript.text for state in states] == ["A", "XA", "YYA", "ZZZA"]
    assert [state.frames for state in states] == [36] * 4
    assert [state.error for state in states] == [None] * 4


def test_four_real_sessions_in_threads(drawn_frame):
    torch_threads = torch.get_num_threads()
    run = Path(__file__).parents[2] / "models" / SHIPPED_RUN
    recognizer = LetterRecognizer.load(run, "cpu").for_live()
    sessions = [open_session(recognizer) for _ in range(4)]

    def spell(live, letter):
        for number in range(8):
            live.on_frame(drawn_frame(letter), number * 0.15)

    pairs = list(zip(sessions, "BLVY", strict=True))
    threads = [threading.Thread(target=spell, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    torch.set_num_threads(torch_threads)
    for live, letter in pairs:
        live.close()
        state = live.snapshot()
        assert (state.error, state.frames) == (None, 8)
        assert state.transcript.text == letter


def test_fifty_sessions_leave_no_thread_and_no_detector(drawn_frame, monkeypatch):
    """MediaPipe's threads are native, so the system's own count of them is asked."""
    opened = []
    make, free = MediaPipeHandDetector.__init__, MediaPipeHandDetector.close
    monkeypatch.setattr(
        MediaPipeHandDetector, "__init__", lambda s, mode: (opened.append(1), make(s, mode))[0]
    )
    monkeypatch.setattr(MediaPipeHandDetector, "close", lambda s: (opened.pop(), free(s))[1])

    def visit():
        live = open_session(
            SimpleNamespace(preprocessing=Preprocessing(), calibration=Calibration())
        )
        for number in range(2):
            live.on_frame(np.zeros((120, 160, 3), np.uint8), number * STEP_S)
        live.close()
        live.close()
        assert live.snapshot().frames == 2

    for _ in range(3):
        visit()
    threads, native = threading.active_count(), native_threads()
    for _ in range(50):
        visit()
    assert opened == []
    assert threading.active_count() <= threads
    assert native_threads() <= native + 2


def native_threads() -> int:
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else 0
