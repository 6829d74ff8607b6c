import numpy as np
import pytest

from asl_core.frame_pipeline import FrameReading, StageTimes
from asl_core.hands.landmarks import HandDetection, HandLandmarks
from asl_core.images import Frame
from asl_core.live import camera_hints
from asl_core.live.camera_hints import CameraHints, hand_brightness, hints_of, light_of

WIDTH, HEIGHT = 640, 480
STEP_S = 1 / 30

Scene = tuple[Frame, FrameReading]


def scene(wall: int, hand: int, size: float = 0.4, left: float = 0.3) -> Scene:
    """Return a plain wall with a square "hand" of `size` heights, and its reading."""
    frame = np.full((HEIGHT, WIDTH, 3), wall, np.uint8)
    side = size * HEIGHT
    shares = np.zeros((21, 3), np.float32)
    steps = np.linspace(0, 1, 21)
    shares[:, 0] = left + steps * side / WIDTH
    shares[:, 1] = 0.05 + steps * side / HEIGHT
    first = int(left * WIDTH)
    frame[20 : 28 + int(side), max(first, 0) : max(first + int(side) + 4, 0)] = hand
    detection = HandDetection(HandLandmarks(shares), "Right", 0.9)
    return frame, FrameReading(WIDTH, HEIGHT, detection, None, None, None, StageTimes(0, 0, 0))


def empty(wall: int) -> Scene:
    frame = np.full((HEIGHT, WIDTH, 3), wall, np.uint8)
    return frame, FrameReading(WIDTH, HEIGHT, None, None, None, None, StageTimes(0, 0, 0))


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (scene(120, 150), set()),
        (scene(120, 70), set()),
        (scene(90, 170), set()),
        (scene(120, 150, size=0.12), {camera_hints.MOVE_CLOSER}),
        (scene(120, 150, size=0.92), {camera_hints.MOVE_BACK}),
        (scene(120, 150, left=-0.05), {camera_hints.INTO_PICTURE}),
        (scene(120, 150, left=0.8), {camera_hints.INTO_PICTURE}),
        (scene(20, 25), {camera_hints.MORE_LIGHT}),
        (scene(190, 30), {camera_hints.LIGHT_BEHIND}),
        (scene(180, 250), {camera_hints.TOO_BRIGHT}),
        (scene(20, 25, size=0.12), {camera_hints.MORE_LIGHT, camera_hints.MOVE_CLOSER}),
        (empty(120), {camera_hints.NO_HAND}),
        (empty(15), {camera_hints.MORE_LIGHT}),
        (empty(240), {camera_hints.TOO_BRIGHT}),
    ],
    ids=[
        *("a good picture", "dark skin in even light", "a room at night", "far away", "too near"),
        *("over the left edge", "over the right edge", "dark", "backlit", "blinded"),
        *("dark and far", "no hand", "no light and no hand", "glare and no hand"),
    ],
)
def test_what_one_frame_says(case, expected):
    assert hints_of(light_of(*case), case[1]) == expected


def test_the_hands_own_brightness_is_measured():
    assert hand_brightness(*scene(200, 60)) == pytest.approx(60, abs=1)
    assert hand_brightness(*empty(200)) is None
    assert hand_brightness(*scene(200, 60, left=1.4)) is None


def take(hints, time_s, case, still=False):
    return hints.update(time_s, light_of(*case), case[1], still)


def feed(hints, case, start_s, seconds, still=False):
    shown = ()
    for time_s in np.arange(start_s, start_s + seconds, STEP_S):
        shown = take(hints, float(time_s), case, still)
    return shown


def test_a_hint_appears_after_a_moment_and_goes_again():
    hints = CameraHints()
    far, good = scene(120, 150, size=0.12), scene(120, 150)
    assert feed(hints, far, 0, 0.3) == ()
    assert feed(hints, far, 0.3, 0.5) == (camera_hints.MOVE_CLOSER,)
    assert feed(hints, good, 0.8, 0.2) == (camera_hints.MOVE_CLOSER,)
    assert feed(hints, good, 1.0, 0.8) == ()


def test_a_size_at_the_limit_does_not_flicker():
    hints = CameraHints()
    far, good = scene(120, 150, size=0.12), scene(120, 150)
    changes = 0
    last: tuple[str, ...] = ()
    for number in range(300):
        shown = take(hints, number * STEP_S, far if number % 2 else good)
        changes += shown != last
        last = shown
    assert changes <= 1


def test_a_lowered_hand_is_not_called_at_once():
    hints = CameraHints()
    assert feed(hints, empty(120), 0, 1.5) == ()
    assert feed(hints, empty(120), 1.5, 1.5) == (camera_hints.NO_HAND,)
    assert take(hints, 3.05, scene(120, 150)) == ()


def test_hold_still_comes_only_for_a_hand_that_never_rests():
    hints = CameraHints()
    good = scene(120, 150)
    assert feed(hints, good, 0, 1.0, still=True) == ()
    assert take(hints, 1.02, good) == ()
    assert feed(hints, good, 1.05, 1.0, still=True) == ()
    assert feed(hints, good, 2.05, 1.0, still=True) == (camera_hints.HOLD_STILL,)


def test_light_comes_before_size():
    hints = CameraHints()
    assert feed(hints, scene(20, 25, size=0.12), 0, 1.5) == (
        camera_hints.MORE_LIGHT,
        camera_hints.MOVE_CLOSER,
    )
