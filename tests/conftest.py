"""Fixtures that several test files share."""

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from asl_core.records.evaluation_report import (
    CalibrationBin,
    EvaluationReport,
    LetterScore,
    PhotoResult,
    SourceScore,
    Summary,
)
from asl_core.records.robustness_report import RobustnessReport, RobustnessRow
from asl_core.records.scenes_report import SceneCounts, SceneLetter, ScenesReport

# Collecting only makes objects that stay; looking for garbage among them takes half a second.
gc.disable()

MakePhoto = Callable[..., PhotoResult]


SLOW_SECONDS = 600
"""A slow test's time limit where it names none; pyproject.toml has that of the others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark browser tests as slow and alone, and give slow tests the time that they need."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.alone)
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_SECONDS))


def pytest_collection_finish() -> None:
    """Tests run with the collector as the application does; it leaves alone what stays."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave Hypothesis unloaded where no test used it: its plugin loads it for the summary.

    Where tests ran, the collector gets back what it left alone: libraries complain at the
    interpreter's end about what is never freed.
    """
    if "hypothesis" not in sys.modules:
        session.config.pluginmanager.unregister(name="hypothesispytest")
    if not session.config.option.collectonly:
        gc.unfreeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test that is marked `alone` run while the other workers of pytest-xdist wait."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return (yield)
    with turn(is_alone=item.get_closest_marker("alone") is not None):
        return (yield)


@contextmanager
def turn(is_alone: bool) -> Iterator[None]:
    """Hold this checkout's test room: with others, or alone once they have left it."""
    import fcntl

    with Path(__file__).open() as room, Path(__file__).with_name("test_docs.py").open() as door:
        # Whoever waits for the room keeps the door, so that others cannot overtake it for ever.
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if is_alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        try:
            yield
        finally:
            # Not left to the file's end: a forked child would keep the room.
            fcntl.flock(room, fcntl.LOCK_UN)


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Put the interpreter's main module back: AppTest leaves its script in that place, and every
    spawned process would run it."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture
def make_photo() -> MakePhoto:
    """Return a function that makes the result of one photo: label, what was read, confidence."""

    def make(
        label: str = "A",
        predicted: str | None = "A",
        confidence: float = 0.9,
        signer: str = "anna",
        source: str = "anna",
        top: tuple[tuple[str, float], ...] | None = None,
    ) -> PhotoResult:
        found = predicted is not None
        angles = np.linspace(0, 6, 21)
        points = np.stack([0.5 + 0.2 * np.cos(angles), 0.5 + 0.3 * np.sin(angles)], axis=1)
        return PhotoResult(
            photo_id=f"test/{signer}/{label}/000.webp",
            source=source,
            signer=signer,
            label=label,
            label_note="ok",
            predicted=predicted,
            confidence=confidence if found else None,
            top=top if top is not None else (((predicted, confidence),) if found else ()),
            handedness="Right" if found else None,
            box=(10, 20, 110, 120) if found else None,
            landmarks=tuple((float(x), float(y)) for x, y in points.round(4)) if found else (),
            width=160,
            height=120,
            brightness=101.5,
        )

    return make


@pytest.fixture
def small_report(make_photo: MakePhoto) -> EvaluationReport:
    """Return a consistent report of four photos: right, wrong, without a hand, and a J."""
    photos = (
        make_photo("A", "A", 0.9),
        make_photo("A", None),
        make_photo("B", "A", 0.61, top=(("A", 0.61), ("B", 0.3), ("J", 0.09))),
        make_photo("J", "J", 0.85, signer="ben"),
    )
    return EvaluationReport(
        run="small-run",
        photo_set="photos",
        split="test",
        command="python -m asl_core evaluate small-run --photos photos --split test",
        created="2026-11-21T20:00:00+00:00",
        classes=("A", "B", "J"),
        overall=Summary(4, 0.5, 0.75, 0.5, 0.5, 0.5, 0.25),
        static=Summary(3, 1 / 3, 2 / 3, 0.25, 0.25, 0.25, 1 / 3),
        motion=Summary(1, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0),
        letters=(
            LetterScore("A", 0.5, 0.5, 0.5, 2),
            LetterScore("B", 0.0, 0.0, 0.0, 1),
            LetterScore("J", 1.0, 1.0, 1.0, 1),
        ),
        confusion=((1, 0, 0, 1), (1, 0, 0, 0), (0, 0, 1, 0)),
        expected_calibration_error=(0.1 + 0.61 + 0.15) / 3,
        calibration=(
            CalibrationBin(0.6, 2 / 3, 1, 0.61, 0.0),
            CalibrationBin(0.8, 13 / 15, 1, 0.85, 1.0),
            CalibrationBin(13 / 15, 14 / 15, 1, 0.9, 1.0),
        ),
        sources=(SourceScore("anna", "anna", 3, 1 / 3, 1 / 3),),
        photos=photos,
    )


@pytest.fixture
def robustness_report() -> RobustnessReport:
    """Return a consistent report of 100 of 200 photos: blur costs 5 points, a mirror gains one."""
    return RobustnessReport(
        run="small-run",
        photo_set="photos",
        split="test",
        command="python -m asl_core robustness small-run --photos photos --split test",
        created="2026-11-21T20:00:00+00:00",
        photos=100,
        available=200,
        accuracy=0.93,
        no_hand_rate=0.02,
        rows=(
            RobustnessRow("motion blur", "smeared", 100, 0.88, 0.04, 6, 1, 5.0, 0.1, 9.7),
            RobustnessRow("other hand", "mirrored", 100, 0.94, 0.01, 0, 1, -1.0, -3.7, 1.8),
        ),
    )


@pytest.fixture
def scenes_report() -> ScenesReport:
    """Return a consistent report of 200 scenes, in two of which a letter was named as photos."""
    return ScenesReport(
        run="small-run",
        scenes="backgrounds",
        split="test",
        command="python -m asl_core scenes small-run --scenes backgrounds --split test",
        created="2026-11-21T20:00:00+00:00",
        rejection_threshold=0.81,
        photo=SceneCounts(scenes=200, hands=1, letters=2, sure=1, whole_pictures=1),
        live=SceneCounts(scenes=200, hands=0, letters=0, sure=0, whole_pictures=0),
        live_seconds=2.0,
        live_rate=10.0,
        written=0,
        letters=(
            SceneLetter("test/coco_001.jpg", "coco", "photo", "S", 0.9, True),
            SceneLetter("test/coco_002.jpg", "coco", "photo", "A", 0.4, False),
        ),
    )


@pytest.fixture(scope="session")
def wait_until() -> Callable[..., None]:
    """Return a function that waits until `is_so()` holds and fails after `seconds`."""

    def wait(is_so: Callable[[], bool], seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, f"not so after {seconds} s"
            time.sleep(0.005)

    return wait


COLOUR_CLASSES = ("A", "B", "J")
COLOUR_ANSWERS = {100: (0.9, 0.06, 0.04), 150: (0.61, 0.3, 0.09), 200: (0.05, 0.1, 0.85)}
"""Red value of a photo -> the shares of its letters; red 0 shows no hand."""


@pytest.fixture(scope="session")
def make_colour_pipeline():
    """Return a function that makes `colour_pipeline`, here or in another process."""
    # Inside, so that it travels as it is and not by this module's name.
    answers, classes = COLOUR_ANSWERS, COLOUR_CLASSES

    def make():
        from asl_core.frame_pipeline import FramePipeline
        from asl_core.hands.landmarks import HandDetection, HandLandmarks
        from asl_core.letters.model_file import Calibration
        from asl_core.letters.prediction import LetterPrediction
        from asl_core.letters.preprocessing import Preprocessing

        points = np.full((21, 3), 0.5, np.float32)
        points[0, :2], points[1, :2] = 0.25, 0.75
        points[2, 0] = 0.123456

        def detect(frame, timestamp_ms=0):
            return HandDetection(HandLandmarks(points), "Left", 0.9) if frame[0, 0, 0] else None

        def recognize(hands):
            reds = [int(hand.crop[8, 8, 0]) for hand in hands]
            shares = [np.array(answers[red], np.float32) for red in reds]
            return [LetterPrediction(classes, share) for share in shares]

        recognizer = SimpleNamespace(
            name="colours",
            digest="c0" * 32,
            version="1.2.3",
            classes=classes,
            calibration=Calibration(rejection_threshold=0.8),
            preprocessing=Preprocessing(input_size=16, crop_scale=1.0),
            recognize=recognize,
        )
        return FramePipeline(SimpleNamespace(detect=detect, close=lambda: None), recognizer)

    return make


@pytest.fixture(scope="session")
def ray_here() -> Iterator[str]:
    """Yield the address of Ray Serve's proxy on a Ray that all tests of this process share."""
    import importlib.util
    import socket

    # Not imported yet: Ray reads its environment at its import, and the session sets that.
    if importlib.util.find_spec("ray") is None:
        pytest.skip("needs Ray: pip install '.[scale]'")
    from asl_core.scale.ray_session import ray_session

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with ray_session(cores=8):
        from ray import serve

        serve.start(http_options={"host": "127.0.0.1", "port": port})
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def colour_pipeline(make_colour_pipeline):
    """Return a FramePipeline with fakes: the photo's red value says what is read in it."""
    return make_colour_pipeline()


@pytest.fixture
def colour_photos(tmp_path: Path) -> Path:
    """Return a photo set of solid colours: A read, A without hand, B read as A, J read, one del."""
    root = tmp_path / "colours"
    cases = [
        ("test", "anna", "A", 100),
        ("test", "anna", "A", 0),
        ("test", "anna", "B", 150),
        ("test", "ben", "J", 200),
        ("test", "ben", "del", 200),
        ("train", "carl", "B", 100),
    ]
    lines = ["path,split,source,signer,label"]
    for number, (split, signer, label, red) in enumerate(cases):
        path = root / split / signer / label / f"{number:03}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (80, 40), (red, 0, 0)).save(path)
        lines.append(f"{path.relative_to(root).as_posix()},{split},{signer},{signer},{label}")
    (root / "photos.csv").write_text("\n".join(lines) + "\n")
    return root


@pytest.fixture(scope="session")
def drawn_frame():
    """Return a function that draws a hand showing a letter: (letter, width, height) -> Frame.

    Frames are kept and read-only; copy one to change it.
    """
    from functools import cache

    from asl_core.drawing.drawn_hand import draw_hand
    from asl_core.drawing.drawn_letters import letter_landmarks

    @cache
    def draw(letter: str = "B", width: int = 320, height: int = 240) -> np.ndarray:
        frame = draw_hand(letter_landmarks(letter, width, height), width, height)
        frame.flags.writeable = False
        return frame

    return draw


@pytest.fixture(scope="session")
def photo_detector():
    """Yield MediaPipe's real detector in photo mode, made once as that takes a while."""
    from asl_core.hands.detector import MediaPipeHandDetector

    with MediaPipeHandDetector("photo") as detector:
        yield detector


@pytest.fixture(scope="session")
def signed_in_air():
    """Return a function that signs in the air: (letter, stroke_s, rest_s, rate) -> times, points.

    J is the mean stroke of three training signers; Z carries a D hand along two bars and a
    diagonal; any other letter is held. All tremble by a pixel. Points are float32 `(K, 21, 3)` in
    pixels of 640x480, of an unmirrored right hand.
    """
    from asl_core.drawing.drawn_letters import letter_landmarks

    mean_stroke = Path(__file__).with_name("mean_j_stroke.json")
    j_stroke = np.array(json.loads(mean_stroke.read_text())["points"])

    def sign(letter, stroke_s=0.8, rest_s=0.4, rate=30):
        hand = letter_landmarks({"Z": "D"}.get(letter, letter), 640, 480).pixels_3d(640, 480)
        wrist = hand[0].copy()
        hand = hand - wrist
        palm = np.linalg.norm(hand[9])
        times = np.arange(0, stroke_s + 2 * rest_s, 1 / rate)
        random = np.random.default_rng(0)
        frames = []
        for time_s in times:
            share = (time_s - rest_s) / stroke_s
            place, points = wrist.copy(), hand
            if letter == "J":
                along = np.clip(share, 0, 1) * (len(j_stroke) - 1)
                before = min(int(along), len(j_stroke) - 2)
                way = j_stroke[before + 1] - j_stroke[before]
                points = palm * (j_stroke[before] + way * (along - before))
            elif letter == "Z":
                corners = palm * np.array([(0, 0), (-1.6, 0.1), (0, 1.3), (-1.7, 1.4)])
                along = np.clip(share, 0, 1) * 3
                place[0] += np.interp(along, range(4), corners[:, 0])
                place[1] += np.interp(along, range(4), corners[:, 1])
            frames.append(points + place + random.normal(0, 1, (21, 3)))
        return times, np.array(frames, np.float32)

    return sign


@pytest.fixture(scope="session")
def sequences_file(tmp_path_factory, signed_in_air):
    """Return a file of made-up motion sequences: three signers, one in each split."""
    path = tmp_path_factory.mktemp("motion") / "sequences.npz"
    length = 40
    landmarks, present, columns = [], [], []
    for number, (split, signer) in enumerate(
        [("train", "anna"), ("validation", "ben"), ("test", "carl")]
    ):
        for letter in "JJZZIIDDAABB":
            _, points = signed_in_air(letter, 0.6 + 0.1 * number, 0.25)
            points = points[:length] / np.array([640, 480, 640], np.float32)
            missing = length - len(points)
            landmarks.append(np.pad(points, ((0, missing), (0, 0), (0, 0))))
            present.append(np.arange(length) < len(points))
            columns.append((letter, signer, split, "R"))
    label, signers, splits, handedness = np.array(columns).T
    np.savez(
        path,
        landmarks=np.array(landmarks, np.float16),
        present=np.array(present),
        label=label,
        signer=signers,
        split=splits,
        handedness=handedness,
    )
    return path


@pytest.fixture(scope="session")
def letters_file(tmp_path_factory):
    """Return a file of landmarks of letters: two signers with typical hands that tremble."""
    from asl_core.alphabet import LETTERS
    from asl_core.drawing.drawn_letters import typical_points

    path = tmp_path_factory.mktemp("letters") / "letters.npz"
    random = np.random.default_rng(0)
    hands = np.stack([typical_points(letter) for letter in LETTERS])
    landmarks = [hands + random.normal(0, 0.02, hands.shape) for _ in range(4)]
    np.savez(
        path,
        landmarks=np.concatenate(landmarks).astype(np.float16),
        label=np.array(LETTERS * 4),
        signer=np.repeat(["dora", "dora", "emil", "emil"], 26),
        note=np.array(["motion" if letter in "JZ" else "ok" for letter in LETTERS] * 4),
    )
    return path


GREY_STEP = 9
"""Grey value of a picture / GREY_STEP is the letter's place in the alphabet from 1; 0: no hand."""


@pytest.fixture
def grey_video(tmp_path: Path):
    """Return a function that writes a video of plain greys, each of which stands for a letter.

    `word` is shown letter by letter, 1.2 s each; "-" is 0.4 s and " " 1.4 s without a hand.
    """
    from fractions import Fraction

    import av

    from asl_core.alphabet import LETTERS

    def write(word: str, name: str = "spelling.mp4", fps: int = 20) -> Path:
        path = tmp_path / name
        shown = {"-": (0, 0.4), " ": (0, 1.4)}
        with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
            stream = container.add_stream("libvpx" if path.suffix == ".webm" else "mpeg4", fps)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            stream.codec_context.time_base = Fraction(1, fps)
            for sign in word:
                place, seconds = shown.get(sign) or (LETTERS.index(sign) + 1, 1.2)
                picture = np.full((48, 64, 3), place * GREY_STEP, np.uint8)
                for _ in range(round(seconds * fps)):
                    frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                    container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return path

    return write


@pytest.fixture
def grey_speller():
    """Return a function that makes a FrameSpeller which reads the greys of `grey_video`."""
    from asl_core.alphabet import LETTERS
    from asl_core.frame_pipeline import FramePipeline
    from asl_core.frame_speller import FrameSpeller
    from asl_core.hands.landmarks import HandDetection, HandLandmarks
    from asl_core.letters.prediction import LetterPrediction
    from asl_core.letters.preprocessing import Preprocessing
    from asl_core.spelling.settings import STANDARD
    from asl_core.spelling.speller import Speller

    points = np.full((21, 3), 0.5, np.float32)
    points[0, :2], points[1, :2] = 0.25, 0.75

    def detect(frame, timestamp_ms=0):
        is_hand = frame[0, 0, 0] > GREY_STEP / 2
        return HandDetection(HandLandmarks(points), "Right", 0.9) if is_hand else None

    def recognize(hands):
        greys = [float(hand.crop[8, 8, 0]) for hand in hands]
        shares = np.full((len(greys), len(LETTERS)), 0.1 / 25, np.float32)
        for row, grey in zip(shares, greys, strict=True):
            row[round(grey / GREY_STEP) - 1] = 0.9
        return [LetterPrediction(LETTERS, row) for row in shares]

    def make(settings=STANDARD, motion=None, reader=None):
        recognizer = SimpleNamespace(
            classes=LETTERS,
            preprocessing=Preprocessing(input_size=16, crop_scale=1.0),
            recognize=recognize,
        )
        detector = SimpleNamespace(detect=detect, close=lambda: None)
        pipeline = FramePipeline(detector, recognizer)
        return FrameSpeller(pipeline, Speller(0.5, settings, reader), motion)

    return make
