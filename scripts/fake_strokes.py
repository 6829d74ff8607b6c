"""Moves a still photo of a hand the way a person draws J and Z, for the fake webcam."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from asl_core import images
from asl_core.images import Frame
from scripts.fake_webcam import FRAMES_A_SECOND, PAUSE_SECONDS, Scene, fit

STROKE_SECONDS = 1.2
HELD_SHAPES: dict[str, str] = {"J": "I", "Z": "D"}
"""The still letter whose hand draws each motion letter: the little finger or the index finger."""

_HAND_SCALE = 0.75
_SIZE_SHARE = 0.3
_BEFORE_SECONDS = 0.3
_HOOK_DEGREES = 55.0


def stroke_film(signer: Path, empty: Frame, width: int = 640, height: int = 480) -> Iterator[Scene]:
    """Draw J, then Z, each followed by an empty scene, which is a space.

    `signer` holds a folder of photos for each letter, of a right hand that is not mirrored.
    """
    for letter, shape in HELD_SHAPES.items():
        photo = images.read(min((signer / shape).iterdir()))
        yield from stroke_scenes(letter, photo, width, height)
        yield Scene(fit(empty, width, height), PAUSE_SECONDS)


def stroke_scenes(
    letter: str, photo: Frame, width: int = 640, height: int = 480
) -> Iterator[Scene]:
    """Let the hand of `photo` (a right hand, not mirrored) draw J or Z; one Scene for each frame.

    The photo must show the hand of HELD_SHAPES[letter]. It is moved, and for the hook of a J
    turned, as a whole; beyond its edge its outermost pixels are repeated.
    """
    shown = fit(photo, width, height)
    count = round(STROKE_SECONDS * FRAMES_A_SECOND)
    way, degrees = (_way_of_j if letter == "J" else _way_of_z)(np.linspace(0, 1, count))
    size = _SIZE_SHARE * height
    frames = [
        _moved(shown, (x - 0.5) * size, (y - 0.5) * size, angle)
        for (x, y), angle in zip(way.tolist(), degrees.tolist(), strict=True)
    ]
    yield Scene(frames[0], _BEFORE_SECONDS)
    for frame in frames:
        yield Scene(frame, 1 / FRAMES_A_SECOND)


def _way_of_j(share: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Go down, then round to the thumb's side, which is the right of a right hand's picture.

    The hand turns clockwise, as a right hand's does in life; a left hand's goes the other way.
    """
    swing = _eased((share - 0.45) / 0.55)
    down = _eased(share / 0.6) - 0.35 * _eased((share - 0.7) / 0.3)
    return np.stack([0.8 * swing, down], axis=1), -_HOOK_DEGREES * swing


def _way_of_z(share: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    corners = np.array([[1, 0], [0, 0], [1, 0.9], [0, 0.9]])
    lengths = np.concatenate([[0], np.linalg.norm(np.diff(corners, axis=0), axis=1).cumsum()])
    at = share * lengths[-1]
    way = np.stack([np.interp(at, lengths, corners[:, axis]) for axis in (0, 1)], axis=1)
    return way, np.zeros_like(share)


def _eased(share: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * share.clip(0, 1)))


def _moved(picture: Frame, right: float, down: float, degrees: float) -> Frame:
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height * 0.625), degrees, _HAND_SCALE)
    matrix[:, 2] += np.array([right, down])
    moved = cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)
