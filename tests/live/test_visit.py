"""A visitor's camera runs with fakes: no detector may outlive its stream."""

import gc
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from asl_core.errors import ModelFileError
from asl_core.frame_pipeline import FramePipeline
from asl_core.frame_speller import StreamReader
from asl_core.hands.detector import MediaPipeHandDetector
from asl_core.letters.model_file import Calibration
from asl_core.letters.motion.letter import MotionLetter
from asl_core.letters.preprocessing import Preprocessing
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.live.visit import LiveVisit
from asl_core.records.training_run import SHIPPED_RUN
from asl_core.spelling.fluent.natural_reader import NaturalReader
from asl_core.spelling.fluent.reading import NOTHING_READ, FluentLetter, FluentReading, FluentWord
from asl_core.spelling.letter_stabilizer import LetterStabilizer
from asl_core.spelling.settings import FLUENT, SpellingSettings
from asl_core.spelling.transcript import CommittedLetter, Transcript

RED = np.zeros((60, 80, 3), np.uint8)
RED[..., 0] = 100
"""Read as A by the colour pipeline."""


class Detectors:
    """Opens streams around the colour pipeline and counts the detectors it made."""

    def __init__(self, pipeline: FramePipeline) -> None:
        self.pipeline = pipeline
        self.opened: list[str] = []
        self.closed = 0

    def __call__(self, source) -> StreamReader:
        self.opened.append(source)

        def close():
            self.closed += 1

        detector = SimpleNamespace(detect=self.pipeline.detector.detect, close=close)
        return StreamReader(FramePipeline(detector, self.pipeline.recognizer))

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


@pytest.mark.slow
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
    def broken(source):
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


def test_restored_words_lie_before_what_was_spelled_already(visit):
    visit.type_letter("S")
    visit.restore(Transcript((CommittedLetter("H", 500.0, 501.0, 0.9),)))
    assert visit.transcript.text == "HS"
    earlier, spelled = visit.transcript.letters
    assert earlier.end_s < spelled.start_s <= visit.now_s


class JMotion:
    """Reads a J in every frame."""

    is_tracing = False

    def update(self, time_s, points, is_left):
        return MotionLetter("J", time_s, time_s, 0.9)

    def reset(self):
        pass


class HeldDetector:
    """Holds each frame until it may go on."""

    def __init__(self, inner) -> None:
        self.inner = inner
        self.entered, self.go_on, self.closed = threading.Event(), threading.Event(), 0

    def detect(self, frame, timestamp_ms=0):
        self.entered.set()
        assert self.go_on.wait(5), "no frame was let on"
        return self.inner.detect(frame, timestamp_ms)

    def close(self):
        self.closed += 1


@pytest.fixture
def held(colour_pipeline) -> HeldDetector:
    return HeldDetector(colour_pipeline.detector)


@pytest.fixture
def j_visit(colour_pipeline, held) -> LiveVisit:
    """A visit in which every frame is a J, once the detector lets it on."""
    pipeline = FramePipeline(held, colour_pipeline.recognizer)
    return LiveVisit(lambda _: StreamReader(pipeline, JMotion()), 0.5)


ENDS = {
    "Stop": lambda visit: visit.end_stream(),
    "other source": lambda visit: setattr(visit, "source", "pictures"),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_frame_that_is_being_read_at_the_end_writes_nothing(j_visit, held, end):
    shown = []
    reading = threading.Thread(target=lambda: shown.append(j_visit.on_frame(RED, "video")))
    reading.start()
    assert held.entered.wait(5)
    ENDS[end](j_visit)
    held.go_on.set()
    reading.join(5)
    assert j_visit.transcript.text == ""
    assert shown[0] is RED
    assert held.closed == 1, "freed by the frame that was being read"


def test_a_frame_of_an_earlier_camera_writes_nothing_into_the_next(colour_pipeline, held):
    """The one that is being read at Stop ends after the next Start."""
    waits = FramePipeline(held, colour_pipeline.recognizer)
    streams = [StreamReader(waits, JMotion()), StreamReader(colour_pipeline)]
    visit = LiveVisit(lambda _: streams.pop(0), 0.5)
    reading = threading.Thread(target=visit.on_frame, args=(RED, "video"))
    reading.start()
    assert held.entered.wait(5)
    visit.end_stream()
    visit.on_frame(RED, "video")
    held.go_on.set()
    reading.join(5)
    assert visit.is_open
    assert visit.transcript.text == ""
    assert visit.snapshot().frames == 1


def test_a_frame_of_the_open_camera_is_spelled(j_visit, held):
    held.go_on.set()
    j_visit.on_frame(RED, "video")
    assert j_visit.transcript.text == "J"


def test_neither_snapshot_nor_command_waits_for_a_frame(j_visit, held):
    reading = threading.Thread(target=j_visit.on_frame, args=(RED, "video"))
    reading.start()
    assert held.entered.wait(5)
    j_visit.type_letter("Q")
    j_visit.settings = FLUENT
    j_visit.mirrored = False
    assert j_visit.snapshot().transcript.text == "Q"
    assert reading.is_alive(), "the frame is still being read"
    held.go_on.set()
    reading.join(5)
    assert j_visit.transcript.text == "QJ"


class Clock:
    """Seconds that are set by hand."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def show(visit, clock, frame, start_s, seconds):
    for time_s in np.arange(start_s, start_s + seconds, 1 / 30):
        clock.now_s = float(time_s)
        visit.on_frame(frame, "video")


def test_a_slower_hold_can_be_set_while_streaming(detectors):
    clock = Clock()
    visit = LiveVisit(detectors, 0.3, clock=clock)
    visit.settings = SpellingSettings(hold_seconds=2.0)
    show(visit, clock, RED, 0.0, 1.5)
    assert visit.transcript.text == ""
    show(visit, clock, RED, 1.5, 1.0)
    assert visit.transcript.text == "A"


def test_what_was_held_before_stop_does_not_go_on(detectors):
    clock = Clock()
    visit = LiveVisit(detectors, 0.3, clock=clock)
    show(visit, clock, RED, 0.0, 0.6)
    visit.end_stream()
    show(visit, clock, RED, 0.6, 0.6)
    assert visit.transcript.text == ""


def test_a_video_that_stands_still_shows_no_letter_and_a_picture_stays(detectors):
    clock = Clock()
    visit = LiveVisit(detectors, 0.3, clock=clock)
    show(visit, clock, RED, 0.0, 0.3)
    clock.now_s = 9.0
    assert visit.snapshot().letter is None
    visit.source = "pictures"
    visit.on_frame(RED, "pictures")
    clock.now_s = 30.0
    assert visit.snapshot().letter == "A"


def test_four_visitors_share_a_recognizer_and_keep_their_words_apart(colour_pipeline):
    asked = threading.Lock()

    def recognize(hands, inner=colour_pipeline.recognizer.recognize):
        with asked:
            return inner(hands)

    recognizer = SimpleNamespace(
        preprocessing=colour_pipeline.recognizer.preprocessing, recognize=recognize
    )
    clocks = [Clock() for _ in range(4)]
    visits = [
        LiveVisit(
            lambda _: StreamReader(FramePipeline(colour_pipeline.detector, recognizer)),
            0.3,
            clock=clock,
        )
        for clock in clocks
    ]

    def spell(number):
        for _ in range(number):
            visits[number].type_letter("XYZ"[number - 1])
        show(visits[number], clocks[number], RED, 10.0 * number, 1.2)

    in_threads(spell, [(number,) for number in range(4)])
    assert [visit.transcript.text for visit in visits] == ["A", "XA", "YYA", "ZZZA"]
    assert [visit.snapshot().frames for visit in visits] == [36] * 4
    assert [visit.error for visit in visits] == [None] * 4


def in_threads(work, arguments):
    threads = [threading.Thread(target=work, args=given) for given in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


@pytest.mark.slow
def test_four_visitors_with_the_real_models(drawn_frame):
    run = Path(__file__).parents[2] / "models" / SHIPPED_RUN
    recognizer = LetterRecognizer.load(run, "cpu").for_live()
    clocks = [Clock() for _ in range(4)]
    visits = [real_visit(recognizer, clock) for clock in clocks]

    def spell(visit, clock, letter):
        for number in range(8):
            clock.now_s = number * 0.15
            visit.on_frame(drawn_frame(letter), "video")

    in_threads(spell, list(zip(visits, clocks, "BLVY", strict=True)))
    assert [(visit.error, visit.snapshot().frames) for visit in visits] == [(None, 8)] * 4
    assert [visit.transcript.text for visit in visits] == list("BLVY")
    for visit in visits:
        visit.end_stream()


def real_visit(recognizer, clock):
    def open_stream(source):
        return StreamReader(FramePipeline(MediaPipeHandDetector("video"), recognizer))

    return LiveVisit(open_stream, 0.3, clock=clock)


@pytest.mark.slow
def test_fifty_streams_leave_no_thread_and_no_detector(monkeypatch):
    """MediaPipe's threads are native, so the system's own count of them is asked."""
    opened = []
    make, free = MediaPipeHandDetector.__init__, MediaPipeHandDetector.close
    monkeypatch.setattr(
        MediaPipeHandDetector, "__init__", lambda s, mode: (opened.append(1), make(s, mode))[0]
    )
    monkeypatch.setattr(MediaPipeHandDetector, "close", lambda s: (opened.pop(), free(s))[1])
    clock = Clock()
    recognizer = SimpleNamespace(preprocessing=Preprocessing(), calibration=Calibration())
    visit = real_visit(recognizer, clock)

    def stream():
        for _ in range(2):
            clock.now_s += 1 / 30
            visit.on_frame(np.zeros((120, 160, 3), np.uint8), "video")
        assert visit.snapshot().frames == 2
        visit.end_stream()

    for _ in range(3):
        stream()
    threads, native = threading.active_count(), native_threads()
    for _ in range(50):
        stream()
    assert opened == []
    assert threading.active_count() <= threads
    assert native_threads() <= native + 2


def native_threads() -> int:
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else 0


class Word:
    """Reads HI in the first frame; it is complete with the stream."""

    letters = (FluentLetter("H", 0.0, 0.1, 0.9), FluentLetter("I", 0.2, 0.3, 0.8))

    def __init__(self):
        self.frames = 0

    def update(self, time_s, points, is_left=False, prediction=None):
        self.frames += 1
        return FluentReading((), self.letters)

    def finish(self):
        frames, self.frames = self.frames, 0
        return FluentReading(self.letters, (), FluentWord(self.letters)) if frames else NOTHING_READ

    def reset(self):
        self.frames = 0


def test_stop_completes_a_word_that_is_spelled_naturally(visit):
    visit.read_with(NaturalReader(Word()))
    visit.on_frame(RED, "video")
    assert (visit.transcript.text, visit.snapshot().spelling.unsettled) == ("", "HI")
    visit.end_stream()
    assert (visit.transcript.text, visit.spelling.unsettled) == ("HI ", "")
    visit.end_stream()
    assert visit.transcript.text == "HI "


def test_nothing_is_written_naturally_after_stop(colour_pipeline, held):
    pipeline = FramePipeline(held, colour_pipeline.recognizer)
    visit = LiveVisit(lambda _: StreamReader(pipeline), 0.5)
    visit.read_with(NaturalReader(Word()))
    reading = threading.Thread(target=visit.on_frame, args=(RED, "video"))
    reading.start()
    assert held.entered.wait(5)
    visit.end_stream()
    held.go_on.set()
    reading.join(5)
    assert (visit.transcript.text, visit.spelling.unsettled) == ("", "")


def test_another_way_of_spelling_keeps_the_words_of_the_visit(visit):
    visit.read_with(NaturalReader(Word()))
    visit.on_frame(RED, "video")
    visit.read_with(LetterStabilizer(0.5))
    assert (visit.transcript.text, visit.spelling.is_natural) == ("HI ", False)


def test_a_frame_that_may_end_a_natural_word_is_not_quick(visit):
    assert visit.is_quick
    visit.read_with(NaturalReader(Word()))
    assert not visit.is_quick
