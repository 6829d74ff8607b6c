"""Webcam films of words spelled without holds: a video, or a hand that this project draws."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from asl_core.drawing.drawn_hand import draw_hand
from asl_core.drawing.drawn_letters import drawn_letter, letter_landmarks
from asl_core.hands.landmarks import HandLandmarks
from asl_core.images import Frame
from asl_core.video_file import open_video
from scripts.fake_webcam import FRAMES_A_SECOND, LEAD_SECONDS, PAUSE_SECONDS, Scene, fit

LETTER_S, WAY_S, LAST_S = 0.24, 0.09, 0.7
"""How long a letter, the way to the next and the last letter take a skilled signer."""

FRAME_S = 1 / FRAMES_A_SECOND


def word_of_video(path: Path, width: int = 640, height: int = 480) -> Iterator[Scene]:
    """Play a video between two empty scenes; its frames must come FRAMES_A_SECOND apart.

    The empty scene has the mean colour of the first frame.
    """
    with open_video(path) as video:
        pictures = [fit(frame.picture, width, height) for frame in video.frames()]
    empty = np.empty_like(pictures[0])
    empty[:] = pictures[0].reshape(-1, 3).mean(axis=0)
    yield Scene(empty, LEAD_SECONDS)
    yield from (Scene(picture, FRAME_S) for picture in pictures)
    yield Scene(empty, PAUSE_SECONDS)


def word_of_drawn_hand(
    word: str, pace: float = 1.0, width: int = 640, height: int = 480
) -> Iterator[Scene]:
    """Draw a hand that spells a word, running each letter into the next.

    `pace` says how many times as fast as a skilled signer.
    """
    empty = np.empty((height, width, 3), np.uint8)
    empty[:] = drawn_letter("B", 64)[0, 0]
    yield Scene(empty, LEAD_SECONDS)
    yield from (Scene(picture, FRAME_S) for picture in _spelled(word, pace, width, height))
    yield Scene(empty, PAUSE_SECONDS)


def _spelled(word: str, pace: float, width: int, height: int) -> Iterator[Frame]:
    hands = [letter_landmarks(letter, width, height).points for letter in word]
    times: list[float] = []
    for place in range(len(word)):
        begins = times[-1] + WAY_S if times else 0.0
        times += [begins, begins + (LAST_S if place == len(word) - 1 else LETTER_S)]
    for now in np.arange(0, times[-1], FRAME_S * pace):
        after = min(max(int(np.searchsorted(times, now)), 1), len(times) - 1)
        share = (now - times[after - 1]) / (times[after] - times[after - 1])
        before_hand, after_hand = hands[(after - 1) // 2], hands[after // 2]
        points = before_hand + (after_hand - before_hand) * np.float32(share)
        yield draw_hand(HandLandmarks(points.astype(np.float32)), width, height)
