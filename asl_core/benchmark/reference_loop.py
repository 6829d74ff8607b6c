"""The yardstick: the per-frame loop of the published reference recognizer, written as it is there.

For each frame: HandLandmarker in IMAGE mode with MediaPipe's default thresholds and one hand; the
hand's bounding box with 20 pixels around it, cut off at the frame's edges; a PIL picture, resized
to 224x224 by torchvision whatever its shape, so stretched; ToTensor and Normalize; the ResNet18 in
float32 with its batch norms, one picture at a time; softmax. Nothing here is made slower or faster
than that on purpose.

`python -m asl_core.benchmark.reference_loop RUN PHOTO` reads one photo, for the cold start.
"""

import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import mediapipe
import torch
from mediapipe.tasks.python import vision
from mediapipe.tasks.python.core.base_options import BaseOptions
from PIL import Image
from torchvision import transforms

from asl_core.hands.landmarker_model import landmarker_path
from asl_core.images import Frame
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.prediction import ScoredLabel
from asl_core.letters.preprocessing import IMAGENET_MEAN, IMAGENET_STD
from asl_core.records.speed_report import ReadTimes

PADDING_PIXELS = 20
INPUT_SIZE = 224


class ReferenceLoop:
    """Detector, transforms and network of the reference; for one thread, close after use."""

    def __init__(self, checkpoint: Checkpoint, device: torch.device | None = None) -> None:
        self.classes = checkpoint.classes
        self.device = device or torch.device("cpu")
        self.network = checkpoint.network.eval().to(self.device)
        self.landmarker = vision.HandLandmarker.create_from_options(
            vision.HandLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(landmarker_path())), num_hands=1
            )
        )
        self.transform = transforms.Compose(
            [
                transforms.Resize((INPUT_SIZE, INPUT_SIZE)),
                transforms.ToTensor(),
                transforms.Normalize(IMAGENET_MEAN, IMAGENET_STD),
            ]
        )

    def read(self, frame: Frame) -> ReadTimes:
        """Read one RGB uint8 `(H, W, 3)` frame and measure the time that it took."""
        started = time.perf_counter()
        crop = self.find_hand(frame)
        detected = time.perf_counter()
        if crop is not None:
            self.classify(crop)
        finished = time.perf_counter()
        return ReadTimes(
            detect=(detected - started) * 1e3,
            classify=(finished - detected) * 1e3,
            total=(finished - started) * 1e3,
            has_hand=crop is not None,
        )

    def find_hand(self, frame: Frame) -> Frame | None:
        """Cut the padded bounding box of the hand out of a frame, RGB uint8 `(h, w, 3)`."""
        found = self.landmarker.detect(mediapipe.Image(mediapipe.ImageFormat.SRGB, frame))
        if not found.hand_landmarks:
            return None
        height, width = frame.shape[:2]
        columns = [int(mark.x * width) for mark in found.hand_landmarks[0]]
        rows = [int(mark.y * height) for mark in found.hand_landmarks[0]]
        left, right = (
            max(0, min(columns) - PADDING_PIXELS),
            min(width, max(columns) + PADDING_PIXELS),
        )
        top, bottom = max(0, min(rows) - PADDING_PIXELS), min(height, max(rows) + PADDING_PIXELS)
        crop = frame[top:bottom, left:right]
        return crop if crop.size else None

    def classify(self, crop: Frame) -> ScoredLabel:
        """Name the letter of a crop, RGB uint8 `(h, w, 3)`."""
        picture = self.transform(Image.fromarray(crop)).unsqueeze(0).to(self.device)
        with torch.no_grad():
            probabilities = torch.softmax(self.network(picture), dim=1)
            confidence, index = probabilities.max(1)
        return ScoredLabel(self.classes[int(index.item())], float(confidence.item()))

    def close(self) -> None:
        """Free MediaPipe's graph."""
        self.landmarker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read_one(run: Path, photo: Path) -> None:
    """Load everything, read one photo and print its letter, or a dash where no hand is found."""
    from asl_core import images

    with ReferenceLoop(Checkpoint.load(run)) as loop:
        crop = loop.find_hand(images.read(photo))
        print(loop.classify(crop).label if crop is not None else "-", flush=True)


if __name__ == "__main__":
    read_one(Path(sys.argv[1]), Path(sys.argv[2]))
