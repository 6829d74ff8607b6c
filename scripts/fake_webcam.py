"""Makes the file that a headless Chromium plays as its webcam: hands that spell words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from asl_core import images
from asl_core.drawing.drawn_letters import drawn_letter
from asl_core.images import Frame

FRAMES_A_SECOND = 30
LETTER_SECONDS = 1.2
PAUSE_SECONDS = 2.0
LEAD_SECONDS = 4.0
"""Of empty scene at the start: the time in which a page connects, so that no letter is missed."""

_NOISE = 3.0
_NOISE_PICTURES = 8
_JPEG_QUALITY = 85


@dataclass(frozen=True)
class Scene:
    """A picture, RGB uint8 `(H, W, 3)`, and for how long the camera looks at it."""

    picture: Frame
    seconds: float


def words_of_signer(
    words: Iterable[str],
    folder: Path,
    empty: Frame,
    width: int = 640,
    height: int = 480,
    letter_seconds: float = LETTER_SECONDS,
) -> Iterator[Scene]:
    """Spell with a signer's photos: `folder` holds one folder of photos for each letter.

    The first photo of each letter is taken, whatever a model makes of it.
    """

    def photo_of(letter: str) -> Frame:
        return images.read(min((folder / letter).iterdir()))

    pictures = {letter: photo_of(letter) for word in words for letter in word}
    return _words(words, pictures, empty, width, height, letter_seconds)


def words_of_drawn_hands(
    words: Iterable[str],
    width: int = 640,
    height: int = 480,
    letter_seconds: float = LETTER_SECONDS,
) -> Iterator[Scene]:
    """Spell with the hands that this project draws, in front of a plain wall."""
    wall = drawn_letter("B", 64)[0, 0]
    empty = np.empty((height, width, 3), np.uint8)
    empty[:] = wall
    side = round(min(width, height) * 0.8)
    pictures = {letter: drawn_letter(letter, side) for word in words for letter in word}
    return _words(words, pictures, empty, width, height, letter_seconds)


def _words(
    words: Iterable[str],
    pictures: dict[str, Frame],
    empty: Frame,
    width: int,
    height: int,
    letter_seconds: float = LETTER_SECONDS,
) -> Iterator[Scene]:
    background = fit(empty, width, height)
    yield Scene(background, LEAD_SECONDS)
    for word in words:
        for letter in word:
            yield Scene(fit(pictures[letter], width, height), letter_seconds)
        yield Scene(background, PAUSE_SECONDS)


def fit(picture: Frame, width: int, height: int) -> Frame:
    """Show the whole picture, unstretched, on a canvas of `width` by `height` pixels.

    What is left free repeats the picture's outermost pixels.
    """
    scale = min(width / picture.shape[1], height / picture.shape[0])
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    resized = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    right, bottom = width - size[0] - left, height - size[1] - top
    framed = cv2.copyMakeBorder(resized, top, bottom, left, right, cv2.BORDER_REPLICATE)
    return np.asarray(framed, np.uint8)


def write_webcam_file(path: Path, scenes: Iterable[Scene], seed: int = 1) -> float:
    """Write motion JPEG at FRAMES_A_SECOND for `--use-file-for-fake-video-capture`.

    A little sensor noise makes the codec behave as it does with a camera. Gives the length in
    seconds; Chromium starts over at the end.
    """
    random = np.random.default_rng(seed)
    frames = 0
    with path.open("wb") as file:
        for scene in scenes:
            count = round(scene.seconds * FRAMES_A_SECOND)
            kinds = min(_NOISE_PICTURES, count)
            noisy = [_encode(_with_noise(scene.picture, random)) for _ in range(kinds)]
            for number in range(count):
                file.write(noisy[number % kinds])
            frames += count
    return frames / FRAMES_A_SECOND


def _with_noise(picture: Frame, random: np.random.Generator) -> NDArray[np.uint8]:
    noise = random.normal(0, _NOISE, picture.shape)
    return np.asarray((picture + noise).clip(0, 255), np.uint8)


def _encode(picture: Frame) -> bytes:
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    if not done:
        raise RuntimeError("OpenCV could not encode a frame as JPEG.")
    return data.tobytes()
