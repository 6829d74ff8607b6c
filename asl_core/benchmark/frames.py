"""The frames that speed is measured on: one picture at camera size, and a hand that moves."""

import cv2
import numpy as np

from asl_core.images import Frame

WIDTH, HEIGHT = 640, 480
"""Size of a webcam's picture in pixels."""

FRAME_MS = 33
"""Time between two frames of a 30 fps camera in whole milliseconds, as MediaPipe counts it."""

_SWAY = (0.08, 0.05)  # to either side, as shares of width and height
_PERIOD_FRAMES = 90


def drawn_frame(letter: str = "B") -> Frame:
    """Draw a hand that shows `letter` in the middle of a plain 640x480 picture."""
    from asl_core.drawing.drawn_letters import drawn_letter

    return fit_frame(drawn_letter(letter, HEIGHT))


def fit_frame(picture: Frame) -> Frame:
    """Fit a picture into 640x480, RGB uint8 `(480, 640, 3)`, unstretched, its edges repeated."""
    height, width = picture.shape[:2]
    scale = min(WIDTH / width, HEIGHT / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    shrinks = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    inner = cv2.resize(picture, size, interpolation=shrinks)
    left, top = (WIDTH - size[0]) // 2, (HEIGHT - size[1]) // 2
    right, bottom = WIDTH - size[0] - left, HEIGHT - size[1] - top
    framed = cv2.copyMakeBorder(inner, top, bottom, left, right, cv2.BORDER_REPLICATE)
    return np.asarray(framed, np.uint8)


def moving_frames(picture: Frame, count: int = _PERIOD_FRAMES) -> list[Frame]:
    """Let a picture sway as a held hand does: `count` frames of its size that close a round."""
    height, width = picture.shape[:2]
    frames = []
    for turn in np.linspace(0, 2 * np.pi, count, endpoint=False):
        shift_x = _SWAY[0] * width * np.sin(turn)
        shift_y = _SWAY[1] * height * np.sin(2 * turn)
        matrix = np.array([[1, 0, shift_x], [0, 1, shift_y]], np.float32)
        moved = cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
        frames.append(np.asarray(moved, np.uint8))
    return frames
