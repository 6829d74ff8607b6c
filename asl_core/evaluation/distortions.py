"""What goes wrong with pictures in life, made on purpose: each Frame gives the same one again."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from asl_core.hands.landmarks import HandLandmarks
from asl_core.images import Frame

GAMMA = 2.2
"""Exponent between pixel values and light, about that of sRGB."""

LIGHT, CAMERA_GAIN = 0.1, 2.0
FULL_WELL, READ_NOISE = 2000.0, 4.0
"""Electrons of a white pixel in full light, and the sensor's own noise, as of a small webcam."""

BLUR_SHARE, BLUR_SHARE_WITHOUT_HAND = 0.1, 0.03
JPEG_QUALITY = 20
SMALL_HAND_PX = 40
TURN_DEGREES = 30
GLOVE_GROWTH = 0.08

GLOVES: tuple[tuple[str, float, float, float], ...] = (
    ("blue", 210.0, 0.75, 1.0),
    ("green", 130.0, 0.6, 0.9),
    ("violet", 280.0, 0.6, 0.9),
    ("orange", 25.0, 0.9, 1.0),
    ("white", 0.0, 0.0, 1.3),
    ("black", 0.0, 0.0, 0.4),
)
"""Name, hue in degrees, saturation in 0-1, and what brightness is multiplied by."""

Change = Callable[[Frame, HandLandmarks | None, np.random.Generator], Frame]


@dataclass(frozen=True)
class Distortion:
    """A named change of a whole picture; `description` tells it with its parameters."""

    name: str
    description: str
    change: Change

    def apply(self, frame: Frame, hand: HandLandmarks | None, photo_id: str) -> Frame:
        """Return the changed picture of an RGB uint8 `(H, W, 3)` Frame, which stays as it is.

        `hand` is what a detector found in `frame`, None for no hand; changes that concern the
        hand then leave the picture alone. What is drawn by lot depends on the distortion's name
        and on `photo_id` alone. A picture that needs no change is given back itself.
        """
        digest = hashlib.sha256(f"{self.name}:{photo_id}".encode()).digest()
        return self.change(frame, hand, np.random.default_rng(int.from_bytes(digest[:8])))


def low_light(frame: Frame, hand: HandLandmarks | None, random: np.random.Generator) -> Frame:
    """Show the scene in LIGHT of its light, with shot and read noise, brightened by CAMERA_GAIN.

    Pixel values become light by GAMMA; photons are counted (Poisson) against a full well.
    """
    del hand
    electrons = (frame / np.float32(255)) ** GAMMA * (LIGHT * FULL_WELL)
    counted = random.poisson(electrons) + random.normal(0, READ_NOISE, frame.shape)
    light = np.clip(counted / FULL_WELL * CAMERA_GAIN, 0, 1)
    return np.asarray(np.round(light ** (1 / GAMMA) * 255), np.uint8)


def motion_blur(frame: Frame, hand: HandLandmarks | None, random: np.random.Generator) -> Frame:
    """Smear the picture along a straight line in a direction drawn by lot.

    The line is BLUR_SHARE of the hand's longer side, about the width of a finger; without a hand
    BLUR_SHARE_WITHOUT_HAND of the picture's longer side. At least 2 pixels.
    """
    longer = BLUR_SHARE_WITHOUT_HAND * max(frame.shape[:2])
    if hand is not None:
        longer = BLUR_SHARE * hand_side(frame, hand)
    kernel = line_kernel(max(2.0, longer), float(random.uniform(0, np.pi)))
    return np.asarray(cv2.filter2D(frame, -1, kernel, borderType=cv2.BORDER_REFLECT_101), np.uint8)


def line_kernel(length: float, angle: float) -> NDArray[np.float32]:
    """Build a square kernel that sums to 1, of a line of `length` pixels at `angle` in radians."""
    side = int(np.ceil(length)) // 2 * 2 + 1
    kernel = np.zeros((side, side), np.float32)
    for step in np.linspace(-(length - 1) / 2, (length - 1) / 2, 8 * side):
        x, y = side // 2 + step * np.cos(angle), side // 2 - step * np.sin(angle)
        left, top = int(np.floor(x)), int(np.floor(y))
        for row, column in ((top, left), (top, left + 1), (top + 1, left), (top + 1, left + 1)):
            if 0 <= row < side and 0 <= column < side:
                kernel[row, column] += (1 - abs(x - column)) * (1 - abs(y - row))
    return np.asarray(kernel / kernel.sum(), np.float32)


def strong_jpeg(frame: Frame, hand: HandLandmarks | None, random: np.random.Generator) -> Frame:
    """Encode the picture as JPEG of JPEG_QUALITY and decode it again."""
    del hand, random
    settings = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    _, data = cv2.imencode(".jpg", cv2.cvtColor(frame, cv2.COLOR_RGB2BGR), settings)
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return np.asarray(cv2.cvtColor(np.asarray(decoded), cv2.COLOR_BGR2RGB), np.uint8)


def small_hand(frame: Frame, hand: HandLandmarks | None, random: np.random.Generator) -> Frame:
    """Shrink the whole picture until the hand's longer side is SMALL_HAND_PX; never enlarge."""
    del random
    if hand is None or hand_side(frame, hand) <= SMALL_HAND_PX:
        return frame
    scale = SMALL_HAND_PX / hand_side(frame, hand)
    height, width = frame.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)


def turned(frame: Frame, degrees: float) -> Frame:
    """Turn the picture anticlockwise; it grows so that nothing is cut.

    The new corners get the mean colour of the picture's rim.
    """
    height, width = frame.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    wide = int(np.ceil(width * cosine + height * sine))
    tall = int(np.ceil(width * sine + height * cosine))
    matrix[:, 2] += ((wide - width) / 2, (tall - height) / 2)
    rim = np.concatenate([frame[0], frame[-1], frame[:, 0], frame[:, -1]]).mean(axis=0)
    return np.asarray(
        cv2.warpAffine(
            frame, matrix, (wide, tall), flags=cv2.INTER_LINEAR, borderValue=tuple(rim.tolist())
        ),
        np.uint8,
    )


def mirrored(frame: Frame, hand: HandLandmarks | None, random: np.random.Generator) -> Frame:
    """Mirror the picture: a right hand becomes a left one."""
    del hand, random
    return np.ascontiguousarray(frame[:, ::-1])


def gloved(frame: Frame, hand: HandLandmarks | None, random: np.random.Generator) -> Frame:
    """Paint the hand in one of the colours of GLOVES, drawn by lot, and keep its light and shade.

    Coloured is the convex hull of the landmarks, grown by GLOVE_GROWTH of the hand's longer side
    and soft at its rim: it shows nothing of the fingers that the picture itself does not show.
    """
    if hand is None:
        return frame
    _, hue, saturation, gain = GLOVES[int(random.integers(len(GLOVES)))]
    hsv = cv2.cvtColor(frame.astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
    value = np.clip(hsv[..., 2] * gain, 0, 1)
    painted = np.stack([np.full_like(value, hue), np.full_like(value, saturation), value], axis=-1)
    colour = cv2.cvtColor(painted.astype(np.float32), cv2.COLOR_HSV2RGB) * 255
    share = _hull(frame, hand)[..., None]
    return np.asarray(np.round(frame * (1 - share) + colour * share), np.uint8)


def hand_side(frame: Frame, hand: HandLandmarks) -> float:
    """Measure the longer side of the hand's bounding box in pixels, at least 1."""
    height, width = frame.shape[:2]
    return max(1.0, float(np.ptp(hand.pixels(width, height), axis=0).max()))


def _hull(frame: Frame, hand: HandLandmarks) -> NDArray[np.float32]:
    height, width = frame.shape[:2]
    growth = max(1, round(GLOVE_GROWTH * hand_side(frame, hand)))
    mask = np.zeros((height, width), np.uint8)
    hull = cv2.convexHull(np.round(hand.pixels(width, height)).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 255)
    cv2.polylines(mask, [hull], True, 255, 2 * growth)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), growth / 4) / np.float32(255), np.float32)


DISTORTIONS: tuple[Distortion, ...] = (
    Distortion(
        "low light",
        f"{LIGHT:.0%} of the light (gamma {GAMMA}), shot noise of {FULL_WELL:.0f} electrons at "
        f"white and read noise of {READ_NOISE:.0f}, brightened by {CAMERA_GAIN:.0f}",
        low_light,
    ),
    Distortion(
        "motion blur",
        f"smeared along a line of {BLUR_SHARE:.0%} of the hand's longer side, about a finger's "
        f"width, in any direction ({BLUR_SHARE_WITHOUT_HAND:.0%} of the picture where no hand "
        "was found)",
        motion_blur,
    ),
    Distortion("JPEG quality 20", f"encoded as JPEG of quality {JPEG_QUALITY}", strong_jpeg),
    Distortion(
        "hand at 40 px",
        f"the whole photo shrunk until the hand's longer side is {SMALL_HAND_PX} pixels",
        small_hand,
    ),
    Distortion(
        "turned +30°",
        f"turned anticlockwise by {TURN_DEGREES}°, the corners in the mean colour of the rim",
        lambda frame, hand, random: turned(frame, TURN_DEGREES),
    ),
    Distortion(
        "turned -30°",
        f"turned clockwise by {TURN_DEGREES}°, the corners in the mean colour of the rim",
        lambda frame, hand, random: turned(frame, -TURN_DEGREES),
    ),
    Distortion("other hand", "mirrored: a right hand becomes a left one", mirrored),
    Distortion(
        "glove colours",
        f"the hand in {', '.join(name for name, *_ in GLOVES[:-1])} or {GLOVES[-1][0]}, drawn by "
        f"lot: hue, saturation and brightness within the landmarks' convex hull, grown by "
        f"{GLOVE_GROWTH:.0%} of the hand",
        gloved,
    ),
)
"""The conditions that a photo is read under, in the order of the table."""
