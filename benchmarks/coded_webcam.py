"""Makes the fake webcam of the speed measurement: a hand that spells, every frame numbered."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from asl_core.benchmark.frames import HEIGHT, WIDTH
from asl_core.drawing.drawn_letters import drawn_letter
from asl_core.images import Frame
from benchmarks.frame_codes import NUMBERS, with_code
from scripts.fake_webcam import FRAMES_A_SECOND, LETTER_SECONDS

LETTERS = "HELMORAINYTWICKDUB"
MOST_SECONDS = NUMBERS // FRAMES_A_SECOND
"""Longer clips would use a number twice."""

_HAND_SIDE = 340
_HAND_TOP = 90  # below the code and the label of the letter
_SWAY = 12  # pixels to either side
_NOISE = 3.0
_NOISE_PICTURES = 8
_JPEG_QUALITY = 85


def write_coded_webcam(path: Path, seconds: float, seed: int = 1) -> int:
    """Write motion JPEG for `--use-file-for-fake-video-capture`; give the number of frames.

    640x480 at FRAMES_A_SECOND. A drawn hand is in sight all the time, changes its letter every
    LETTER_SECONDS and sways; a little sensor noise makes the codec behave as with a camera.
    Chromium starts over at the end.

    Raises:
        ValueError: the clip is longer than MOST_SECONDS.
    """
    if seconds > MOST_SECONDS:
        raise ValueError(f"{seconds:g} seconds; the numbers last for {MOST_SECONDS}.")
    random = np.random.default_rng(seed)
    noise = random.normal(0, _NOISE, (_NOISE_PICTURES, HEIGHT, WIDTH, 3)).astype(np.int16)
    count = round(seconds * FRAMES_A_SECOND)
    with path.open("wb") as file:
        for number, picture in zip(range(count), _pictures(), strict=False):
            noisy = (picture + noise[number % _NOISE_PICTURES]).clip(0, 255).astype(np.uint8)
            bgr = cv2.cvtColor(with_code(noisy, number), cv2.COLOR_RGB2BGR)
            _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
            file.write(data.tobytes())
    return count


def _pictures() -> Iterator[Frame]:
    hands = [drawn_letter(letter, _HAND_SIDE) for letter in LETTERS]
    wall = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    wall[:] = hands[0][0, 0]
    number = 0
    while True:
        hand = hands[int(number / FRAMES_A_SECOND / LETTER_SECONDS) % len(hands)]
        left = (WIDTH - _HAND_SIDE) // 2 + round(_SWAY * np.sin(number / 15))
        picture = wall.copy()
        picture[_HAND_TOP : _HAND_TOP + _HAND_SIDE, left : left + _HAND_SIDE] = hand
        yield picture
        number += 1
