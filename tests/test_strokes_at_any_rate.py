"""J and Z drawn by a still photo's hand are read however many frames a second a machine reads."""

from pathlib import Path

import pytest

from asl_core import images
from asl_core.folders import MODELS_FOLDER
from asl_core.frame_pipeline import FramePipeline
from asl_core.frame_speller import FrameSpeller
from asl_core.hands.detector import MediaPipeHandDetector
from asl_core.letters.motion.model import MotionModel
from asl_core.letters.motion.reader import SHIPPED_MOTION_MODEL, MotionReader
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.records.training_run import SHIPPED_RUN
from asl_core.spelling.speller import Speller
from scripts.fake_strokes import stroke_film
from scripts.fake_webcam import FRAMES_A_SECOND

SHARED = Path(__file__).parents[2] / "shared"
SIGNER = SHARED / "photos/test/hawkcodesz"  # a right hand, as the strokes ask for
EMPTY_SCENE = SHARED / "backgrounds/test/polyhaven_003.jpg"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.shared,
    pytest.mark.skipif(not SIGNER.is_dir(), reason="../shared/photos is not here"),
]


@pytest.fixture(scope="module")
def recognizer() -> LetterRecognizer:
    return LetterRecognizer.load(MODELS_FOLDER / SHIPPED_RUN)


@pytest.fixture(scope="module")
def film() -> list:
    """What a camera gives, frame by frame."""
    return [
        scene.picture
        for scene in stroke_film(SIGNER, images.read(EMPTY_SCENE))
        for _ in range(max(1, round(scene.seconds * FRAMES_A_SECOND)))
    ]


@pytest.mark.parametrize("every", [1, 2, 4], ids=["30 a second", "15 a second", "7.5 a second"])
def test_strokes_are_read_at_any_rate(recognizer, film, every):
    with MediaPipeHandDetector("video") as detector:
        speller = FrameSpeller(
            FramePipeline(detector, recognizer),
            Speller(recognizer.calibration.rejection_threshold),
            MotionReader(MotionModel.load(SHIPPED_MOTION_MODEL)),
        )
        for number in range(0, len(film), every):
            speller.read(film[number], number / FRAMES_A_SECOND)
        assert speller.speller.transcript.text.split() == ["J", "Z"]
