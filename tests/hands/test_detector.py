import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from asl_core import images
from asl_core.errors import ModelFileError
from asl_core.hands import detector as detector_module
from asl_core.hands.crop import PAD_COLOUR
from asl_core.hands.detector import MediaPipeHandDetector, without_matplotlib
from asl_core.hands.search_views import (
    FURTHER_LOOKS,
    SECOND_LOOKS,
    SMALL_SIDE,
    bright,
    brighter,
    darker,
    grey,
    skin_coloured,
)

ALL_LOOKS = (*SECOND_LOOKS, *FURTHER_LOOKS)
PHOTOS = Path(__file__).parents[3] / "shared" / "photos" / "validation"


class ColourLandmarker:
    """Stands for MediaPipe: finds a "hand" of 21 coloured pixels, if it may.

    Point i is where the red channel is 100 + i. Depth is 0.1 of the width of the picture that it
    sees, as MediaPipe gives depth in the scale of x.
    """

    def __init__(self, sees, hands=1):
        self.sees, self.hands = sees, hands
        self.pictures, self.timestamps, self.closed = [], [], False

    def detect(self, image):
        # The view does not outlive the image.
        picture = image.numpy_view().copy()
        self.pictures.append(picture)
        if not self.sees(picture):
            return SimpleNamespace(hand_landmarks=[], handedness=[])
        height, width = picture.shape[:2]
        marks = []
        for i in range(21):
            rows, columns = np.nonzero(picture[..., 0] == 100 + i)
            x, y = (columns.mean() + 0.5) / width, (rows.mean() + 0.5) / height
            marks.append(SimpleNamespace(x=x, y=y, z=10 / width))
        small = [SimpleNamespace(x=m.x / 9, y=m.y / 9, z=0) for m in marks]
        category = SimpleNamespace(category_name="Left", score=0.75)
        other = SimpleNamespace(category_name="Right", score=0.99)
        return SimpleNamespace(
            hand_landmarks=[small, marks][-self.hands :],
            handedness=[[other], [category]][-self.hands :],
        )

    def detect_for_video(self, image, timestamp_ms):
        self.timestamps.append(timestamp_ms)
        return self.detect(image)

    def close(self):
        self.closed = True


def coloured_frame(width=90, height=60):
    """21 pixels of known colour at known places, on black."""
    frame = np.zeros((height, width, 3), np.uint8)
    places = np.random.default_rng(3).choice(width * height, 21, replace=False)
    rows, columns = np.divmod(places, width)
    frame[rows, columns, 0] = 100 + np.arange(21)
    centres = np.column_stack([columns + 0.5, rows + 0.5])
    return frame, centres


def detector_with(monkeypatch, first, second=None, mode="photo", patient=None):
    made = iter([first, second or ColourLandmarker(never), patient or ColourLandmarker(never)])
    monkeypatch.setattr(detector_module, "_landmarker", lambda *args, **kwargs: next(made))
    return MediaPipeHandDetector(mode)


def never(picture):
    return False


def always(picture):
    return True


LOOKS = {
    "at once": (always, never, 0),
    "turned by 90 degrees": (never, lambda p: p.shape[0] > p.shape[1], 1),
    "with a border": (never, lambda p: tuple(p[0, 0]) == PAD_COLOUR, 2),
}


@pytest.mark.parametrize(("first", "second", "further"), LOOKS.values(), ids=LOOKS.keys())
def test_each_look_gives_points_in_the_frames_own_pixels(monkeypatch, first, second, further):
    frame, centres = coloured_frame()
    again = ColourLandmarker(second)
    detection = detector_with(monkeypatch, ColourLandmarker(first), again).detect(frame)
    assert len(again.pictures) == further
    assert detection.landmarks.pixels(90, 60) == pytest.approx(centres, abs=1e-3)
    assert detection.landmarks.pixels_3d(90, 60)[:, 2] == pytest.approx([10] * 21, rel=1e-5)
    assert detection.landmarks.points.dtype == np.float32
    assert detection.handedness == "Left"
    assert detection.score == pytest.approx(0.75)


@pytest.mark.parametrize("size", [(90, 60), (60, 90), (75, 75)], ids=["wide", "tall", "square"])
def test_the_border_is_35_percent_of_the_longer_side_in_the_padding_colour(monkeypatch, size):
    frame, centres = coloured_frame(*size)
    again = ColourLandmarker(lambda p: tuple(p[0, 0]) == PAD_COLOUR)
    detection = detector_with(monkeypatch, ColourLandmarker(never), again).detect(frame)
    border = round(0.35 * max(size))
    bordered = again.pictures[-1]
    assert bordered.shape == (size[1] + 2 * border, size[0] + 2 * border, 3)
    assert (bordered[border:-border, border:-border] == frame).all()
    assert detection.landmarks.pixels(*size) == pytest.approx(centres, abs=1e-3)


def test_a_patient_look_is_opened_when_it_is_needed(monkeypatch):
    frame, centres = coloured_frame()
    frame[..., 1:] = 255  # so bright that no look makes it brighter
    again, patient = ColourLandmarker(never), ColourLandmarker(always, hands=2)
    detector = detector_with(monkeypatch, ColourLandmarker(never), again, patient=patient)
    found = detector.detect(frame)
    assert found.landmarks.pixels(90, 60) == pytest.approx(centres, abs=1e-3)
    assert (found.is_sure, found.hands_seen) == (False, 1)
    detector.close()
    assert len(patient.pictures) == 1
    assert len(again.pictures) in (1, 2)  # the next look may be under way by then
    assert patient.closed

    never_needed = ColourLandmarker(always)
    sure = detector_with(monkeypatch, ColourLandmarker(always), again, patient=never_needed)
    assert sure.detect(frame).is_sure
    sure.close()
    assert (never_needed.pictures, never_needed.closed) == ([], False)


def test_a_patient_look_is_made_beside_another(monkeypatch):
    together = threading.Barrier(2, timeout=10)

    def meets(picture):
        together.wait()
        return False

    again, patient = ColourLandmarker(meets), ColourLandmarker(meets)
    detector = detector_with(monkeypatch, ColourLandmarker(never), again, patient=patient)
    assert detector.detect(coloured_frame()[0]) is None
    assert (len(again.pictures), len(patient.pictures)) == (2, 2)


def test_looks_that_nobody_waits_for_do_not_outlive_the_detector(monkeypatch):
    goes_on = threading.Event()

    def slow(picture):
        assert goes_on.wait(10)
        return True

    again, patient = ColourLandmarker(always), ColourLandmarker(slow)
    detector = detector_with(monkeypatch, ColourLandmarker(never), again, patient=patient)
    frame = coloured_frame()[0]
    frame[..., 1:] = 255  # so bright that no look makes it brighter
    search = detector.search(frame)
    assert next(search).is_sure is False
    search.close()
    threading.Timer(0.1, goes_on.set).start()
    detector.close()
    assert patient.closed and len(patient.pictures) == 1
    assert len(again.pictures) == 1


def test_what_breaks_in_a_look_is_raised_where_it_is_waited_for(monkeypatch):
    def breaks(picture):
        raise RuntimeError("out of graph")

    detector = detector_with(monkeypatch, ColourLandmarker(never), ColourLandmarker(breaks))
    with pytest.raises(RuntimeError, match="out of graph"):
        detector.detect(coloured_frame()[0])


def test_no_hand_after_every_look_gives_none(monkeypatch):
    again, patient = ColourLandmarker(never), ColourLandmarker(never)
    detector = detector_with(monkeypatch, ColourLandmarker(never), again, patient=patient)
    assert detector.detect(coloured_frame()[0]) is None
    assert len(again.pictures) + len(patient.pictures) == len(SECOND_LOOKS)


def test_a_hand_that_the_frame_shows_is_looked_at_three_times_more_at_most(monkeypatch):
    again, patient = ColourLandmarker(always), ColourLandmarker(never)
    detector = detector_with(monkeypatch, ColourLandmarker(always), again, patient=patient)
    found = list(detector.search(coloured_frame()[0]))
    assert [hand.is_sure for hand in found] == [True, False, False]
    assert (len(again.pictures), len(patient.pictures)) == (2, 1)


LIGHT = ("darker", "brighter")


@pytest.mark.parametrize(
    "look",
    ALL_LOOKS,
    ids=lambda look: f"{look.view_of.__name__}{' patient' * look.is_patient}".replace("_", " "),
)
def test_every_look_gives_points_in_the_frames_own_pixels(monkeypatch, look):
    frame, centres = coloured_frame()
    frame[..., 1:] = 255  # so bright that no view makes it brighter
    wanted, name = look.view_of(frame).picture, look.view_of.__name__
    moves_pixels = name not in ("softly_bordered", "grey", "skin_coloured", *LIGHT)
    seeing = ColourLandmarker(lambda p: moves_pixels and np.array_equal(p, wanted))
    others = ColourLandmarker(never)
    again, patient = (others, seeing) if look.is_patient else (seeing, others)
    detector = detector_with(monkeypatch, ColourLandmarker(never), again, patient=patient)
    found = list(detector.search(frame))
    assert len(again.pictures) + len(patient.pictures) == len(ALL_LOOKS)
    assert bool(found) == moves_pixels
    for detection in found:
        assert detection.landmarks.pixels(90, 60) == pytest.approx(centres, abs=1e-3)
        assert detection.landmarks.pixels_3d(90, 60)[:, 2] == pytest.approx([10] * 21, rel=1e-5)
        assert not detection.is_sure


def test_video_mode_has_no_further_looks(monkeypatch):
    landmarker = ColourLandmarker(always)
    detector = detector_with(monkeypatch, landmarker, mode="video")
    assert len(list(detector.search(coloured_frame()[0], 7))) == 1
    assert landmarker.timestamps == [7]


def test_darker_and_brighter_change_light_alone():
    frame = np.full((4, 6, 3), 128, np.uint8)
    assert int(darker(frame).picture[0, 0, 0]) == round(255 * (128 / 255) ** 1.8)
    assert int(brighter(frame).picture[0, 0, 0]) == round(255 * (128 / 255) ** 0.5)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3, 105), (10, 115), (60, 115), (150, 150)],
    ids=["black, as far as allowed", "very dark", "dark", "bright stays"],
)
def test_bright_raises_the_mean_of_a_dark_picture(value, expected):
    picture = bright(np.full((40, 60, 3), value, np.uint8)).picture
    assert int(picture[0, 0, 0]) == pytest.approx(expected, abs=1)


def test_bright_survives_a_black_picture():
    assert (bright(np.zeros((40, 60, 3), np.uint8)).picture == 0).all()


@pytest.mark.parametrize("size", [(480, 640), (640, 480), (1000, 3)], ids=str)
def test_bright_shrinks_large_pictures_unstretched_and_so_takes_their_noise(size):
    noise = np.random.default_rng(5).normal(120, 40, (*size, 3)).clip(0, 255).astype(np.uint8)
    small = bright(noise).picture
    assert max(small.shape) == SMALL_SIDE
    assert small.shape[0] / small.shape[1] == pytest.approx(size[0] / size[1], rel=0.01) or (
        min(small.shape[:2]) == 1
    )
    assert small.std() < 0.5 * noise.std()


def test_grey_and_skin_coloured_keep_light_and_shade_alone():
    frame = np.zeros((20, 30, 3), np.uint8)
    frame[:, :15], frame[:, 15:] = (0, 0, 255), (255, 255, 0)
    without = grey(frame).picture
    assert (without == without[..., :1]).all()
    assert without[0, 0, 0] < without[0, 29, 0]
    warm = skin_coloured(frame).picture
    assert (warm[..., 0] > warm[..., 1]).all()
    assert (warm[..., 1] > warm[..., 2]).all()
    assert warm[0, 0, 0] < warm[0, 29, 0]


def test_the_largest_of_several_hands_is_taken_and_all_are_counted(monkeypatch):
    frame, centres = coloured_frame()
    detection = detector_with(monkeypatch, ColourLandmarker(always, hands=2)).detect(frame)
    assert detection.hands_seen == 2
    assert detection.landmarks.pixels(90, 60) == pytest.approx(centres, abs=1e-3)
    assert detection.handedness == "Left"


def test_video_mode_views_once_and_keeps_timestamps_rising(monkeypatch):
    landmarker = ColourLandmarker(always)
    detector = detector_with(monkeypatch, landmarker, mode="video")
    for timestamp in (0, 0, 40, 20, 100):
        assert detector.detect(coloured_frame()[0], timestamp) is not None
    assert landmarker.timestamps == [0, 1, 40, 41, 100]


def test_closing_frees_both_landmarkers(monkeypatch):
    first, second = ColourLandmarker(never), ColourLandmarker(never)
    with detector_with(monkeypatch, first, second):
        assert not first.closed
    assert first.closed
    assert second.closed


@pytest.mark.parametrize("mode", ["photo", "video"])
def test_a_closed_detector_says_so_in_place_of_finding_no_hand(monkeypatch, mode):
    detector = detector_with(monkeypatch, ColourLandmarker(always), mode=mode)
    detector.close()
    with pytest.raises(ValueError, match="the detector is closed"):
        detector.detect(coloured_frame()[0])
    with pytest.raises(ValueError, match="the detector is closed"):
        next(detector.search(coloured_frame()[0]))


BROKEN_FRAMES = {
    "grey": np.zeros((20, 20), np.uint8),
    "four channels": np.zeros((20, 20, 4), np.uint8),
    "floating": np.zeros((20, 20, 3), np.float32),
    "empty": np.zeros((0, 20, 3), np.uint8),
}


@pytest.mark.parametrize("frame", BROKEN_FRAMES.values(), ids=BROKEN_FRAMES.keys())
def test_refuses_what_is_no_frame_before_mediapipe_sees_it(monkeypatch, frame):
    landmarker = ColourLandmarker(always)
    with pytest.raises(ValueError, match=r"a Frame is RGB uint8 \(H, W, 3\), not"):
        detector_with(monkeypatch, landmarker).detect(frame)
    assert landmarker.pictures == []


def test_a_model_file_that_mediapipe_refuses_is_one_sentence(monkeypatch, tmp_path):
    broken = tmp_path / "hand_landmarker.task"
    broken.write_bytes(b"not a task file")
    monkeypatch.setattr(detector_module, "landmarker_path", lambda: broken)
    with pytest.raises(ModelFileError, match=r"MediaPipe cannot open hand_landmarker\.task") as e:
        MediaPipeHandDetector("video")
    assert "\n" not in str(e.value)


@pytest.fixture(scope="module")
def real_detector():
    with MediaPipeHandDetector("photo") as detector:
        yield detector


def shared_photo(name):
    path = PHOTOS / name
    if not path.is_file():
        pytest.skip("needs ../shared/photos")
    return images.read(path)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("photo", "handedness"),
    [("janvi/Y/000.webp", "Right"), ("carbonara/L/000.webp", "Left")],
)
def test_real_photos_give_a_hand_that_mirrors_with_the_picture(real_detector, photo, handedness):
    frame = shared_photo(photo)
    height, width = frame.shape[:2]
    detection = real_detector.detect(frame)
    mirrored = real_detector.detect(frame[:, ::-1])
    assert detection.handedness == handedness
    assert mirrored.handedness != handedness
    there = detection.landmarks.pixels(width, height)
    back = mirrored.landmarks.pixels(width, height) * (-1, 1) + (width, 0)
    assert np.abs(there - back).mean() < 0.02 * width


@pytest.mark.shared
def test_a_turned_photo_gives_the_same_landmarks_turned(real_detector):
    frame = shared_photo("janvi/Y/000.webp")
    height, width = frame.shape[:2]
    upright = real_detector.detect(frame).landmarks.pixels(width, height)
    turned_frame = cv2.rotate(frame, cv2.ROTATE_90_COUNTERCLOCKWISE)
    turned = real_detector.detect(turned_frame).landmarks.pixels(height, width)
    back = np.column_stack([width - turned[:, 1], turned[:, 0]])
    assert np.abs(upright - back).mean() < 0.02 * width


@pytest.mark.shared
def test_all_real_looks_agree_with_the_first(real_detector):
    frame = shared_photo("janvi/Y/000.webp")
    height, width = frame.shape[:2]
    hands = real_detector.detect(frame), *real_detector._sought(frame, ALL_LOOKS)
    first, *again = (hand.landmarks.pixels(width, height) for hand in hands)
    for look, points in zip(ALL_LOOKS, again, strict=True):
        # Without colours a bent finger of this hand is seen elsewhere.
        most = 0.04 if look.view_of in (grey, skin_coloured) else 0.02
        assert np.abs(first - points).mean() < most * width


@pytest.mark.shared
@pytest.mark.parametrize("photo", ["omega9/D/000.webp", "omega9/G/001.webp"])
def test_the_patient_look_finds_what_the_first_misses(real_detector, photo):
    found = next(real_detector.search(shared_photo(photo)))
    assert not found.is_sure


@pytest.mark.shared
def test_a_tight_crop_gives_the_same_landmarks(real_detector):
    frame = shared_photo("janvi/Y/000.webp")
    height, width = frame.shape[:2]
    points = real_detector.detect(frame).landmarks.pixels(width, height)
    (left, top), (right, bottom) = points.min(0).astype(int), points.max(0).astype(int)
    tight = frame[top - 5 : bottom + 5, left - 5 : right + 5]
    found = real_detector.detect(tight).landmarks.pixels(tight.shape[1], tight.shape[0])
    moved_back = found + np.array([left - 5, top - 5])
    assert np.abs(moved_back - points).mean() < 0.06 * (right - left)


def test_empty_and_tiny_frames_give_no_hand(real_detector):
    for shape in ((1, 1, 3), (1, 300, 3), (120, 160, 3)):
        assert real_detector.detect(np.full(shape, 128, np.uint8)) is None


def test_mediapipe_is_imported_without_matplotlib():
    """In a process of its own; a placeholder left behind would break whoever plots afterwards."""
    code = (
        "import sys\n"
        "from asl_core.hands.detector import MediaPipeHandDetector\n"
        "MediaPipeHandDetector('photo').close()\n"
        "print('matplotlib' in sys.modules)\n"
        "from matplotlib.figure import Figure\n"
        "print(Figure.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "Figure"]


def test_a_matplotlib_that_is_loaded_stays():
    import matplotlib.pyplot as plt

    with without_matplotlib():
        assert sys.modules["matplotlib.pyplot"] is plt
    assert sys.modules["matplotlib.pyplot"] is plt


def test_threads_that_open_the_first_detectors_together_leave_matplotlib_alone():
    code = (
        "import sys, threading\n"
        "from asl_core.hands.detector import MediaPipeHandDetector\n"
        "failed, everyone = [], threading.Barrier(4)\n"
        "def opening():\n"
        "    everyone.wait()\n"
        "    try:\n"
        "        MediaPipeHandDetector('video').close()\n"
        "    except BaseException as error:\n"
        "        failed.append(error)\n"
        "threads = [threading.Thread(target=opening) for _ in range(4)]\n"
        "[thread.start() for thread in threads]\n"
        "[thread.join() for thread in threads]\n"
        "print(failed, 'matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] False"


def test_a_matplotlib_that_comes_later_is_no_placeholder():
    """Once MediaPipe is loaded nothing is held back, so that another thread may plot meanwhile."""
    MediaPipeHandDetector("video").close()
    with without_matplotlib():
        from matplotlib.figure import Figure
    assert Figure.__module__ == "matplotlib.figure"
