"""Measures what a run reads where nobody raises a hand: as photos, and before the live camera."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from asl_core.alphabet import LETTERS
from asl_core.errors import PhotoSetError, RunError
from asl_core.evaluation.measurement import Measurement
from asl_core.frame_pipeline import FramePipeline, FrameReading
from asl_core.frame_speller import FrameSpeller
from asl_core.images import Frame
from asl_core.photos.scene_set import Scene
from asl_core.records.scenes_report import SceneCounts, SceneLetter, ScenesReport
from asl_core.records.training_run import MODEL_FILE, TrainingRun

LIVE_SECONDS = 2.0
LIVE_RATE = 10.0
"""How long and how often the live camera is shown a scene: longer than a letter is held."""


@dataclass(frozen=True)
class SceneReader:
    """A pipeline in photo mode, and a way to a fresh camera run as the live page has it."""

    photo: FramePipeline
    open_live: Callable[[], FrameSpeller]

    def close(self) -> None:
        """Free the photo's detector."""
        self.photo.close()


@dataclass(frozen=True)
class SceneReading:
    """What was read in a scene in one mode, over one or several frames.

    `letter`, `confidence` and `hand_found` are those of the most confident letter, `letter` None
    where none was named; `written` counts the letters that the live page would have written.
    """

    has_hand: bool = False
    letter: str | None = None
    confidence: float = 0.0
    hand_found: bool = False
    in_whole_picture: bool = False
    written: int = 0


@dataclass(frozen=True)
class SceneOutcome:
    """A scene in both modes."""

    scene: Scene
    photo: SceneReading
    live: SceneReading


def load_scene_reader(run_folder: Path, threads: int | None = None) -> SceneReader:
    """Load the model of a run for photos and for live video; see `load_photo_pipeline`.

    Raises:
        ModelFileError: the model or the detector's file is missing, altered or does not fit.
    """
    # Imported here, so that the parent of a pool needs neither networks nor MediaPipe.
    from asl_core.hands.detector import MediaPipeHandDetector
    from asl_core.letters.motion.model import MotionModel
    from asl_core.letters.motion.reader import SHIPPED_MOTION_MODEL, MotionReader
    from asl_core.letters.recognizer import LetterRecognizer
    from asl_core.spelling.speller import Speller

    recognizer = LetterRecognizer.load(run_folder, threads=threads)
    live = recognizer.for_live()
    motion = MotionModel.load(SHIPPED_MOTION_MODEL) if SHIPPED_MOTION_MODEL.is_dir() else None

    def open_live() -> FrameSpeller:
        pipeline = FramePipeline(MediaPipeHandDetector("video"), live)
        speller = Speller(recognizer.calibration.rejection_threshold)
        return FrameSpeller(pipeline, speller, MotionReader(motion) if motion else None)

    return SceneReader(FramePipeline(MediaPipeHandDetector("photo"), recognizer), open_live)


def measure_scenes(measurement: Measurement[SceneReader], scenes: Sequence[Scene]) -> ScenesReport:
    """Read every scene in both modes and count.

    Raises:
        PhotoSetError: no scene can be decoded.
        RunError: the model's threshold cannot be read, or a worker process ended unexpectedly.
    """
    threshold = rejection_threshold(measurement.run)
    read, unreadable = measurement.read(read_scene, scenes)
    if not read:
        raise PhotoSetError(
            f"No scene of {measurement.material}, split {measurement.split!r}, can be read."
        )
    letters = [
        _letter(outcome.scene, mode, reading)
        for outcome in read
        for mode, reading in (("photo", outcome.photo), ("live", outcome.live))
    ]
    return ScenesReport(
        **measurement.head,
        scenes=measurement.material,
        rejection_threshold=threshold,
        photo=count_scenes([outcome.photo for outcome in read], threshold),
        live=count_scenes([outcome.live for outcome in read], threshold),
        live_seconds=LIVE_SECONDS,
        live_rate=LIVE_RATE,
        written=sum(outcome.live.written > 0 for outcome in read),
        letters=tuple(letter for letter in letters if letter is not None),
        unreadable=unreadable,
    )


def rejection_threshold(run: TrainingRun) -> float:
    """Read the confidence in 0-1 below which pages call a letter uncertain.

    Raises:
        RunError: `model.json` is missing or names none.
    """
    calibration = run.model.get("calibration")
    threshold = calibration.get("rejection_threshold") if isinstance(calibration, dict) else None
    if not isinstance(threshold, int | float):
        raise RunError(f"{run.name}/{MODEL_FILE} names no rejection_threshold.")
    return float(threshold)


def read_scene(reader: SceneReader, scene: Scene, frame: Frame) -> SceneOutcome:
    """Read one scene as a photo, then before a fresh camera run."""
    photo = most_confident([reader.photo.read(frame)])
    return SceneOutcome(scene, photo, _read_live(reader.open_live(), frame))


def most_confident(readings: Sequence[FrameReading], written: int = 0) -> SceneReading:
    """Sum the frames of one scene up; del, nothing and space are no letters."""
    has_hand = any(reading.detection is not None for reading in readings)
    named = [
        (reading.prediction.best, reading.detection is not None)
        for reading in readings
        if reading.prediction is not None and reading.prediction.best.label in LETTERS
    ]
    if not named:
        return SceneReading(has_hand=has_hand, written=written)
    best, hand_found = max(named, key=lambda entry: entry[0].confidence)
    in_whole = any(not found for _, found in named)
    return SceneReading(has_hand, best.label, best.confidence, hand_found, in_whole, written)


def count_scenes(readings: Sequence[SceneReading], rejection_threshold: float) -> SceneCounts:
    """Count scenes as `SceneCounts` defines it."""
    named = [reading for reading in readings if reading.letter is not None]
    return SceneCounts(
        scenes=len(readings),
        hands=sum(reading.has_hand for reading in readings),
        letters=len(named),
        sure=sum(reading.confidence >= rejection_threshold for reading in named),
        whole_pictures=sum(reading.in_whole_picture for reading in named),
    )


def _read_live(speller: FrameSpeller, frame: Frame) -> SceneReading:
    try:
        times = [number / LIVE_RATE for number in range(round(LIVE_SECONDS * LIVE_RATE))]
        readings = [speller.read(frame, time_s) for time_s in times]
    finally:
        speller.close()
    written = sum(entry.letter in LETTERS for entry in speller.speller.transcript.letters)
    return most_confident(readings, written)


def _letter(scene: Scene, mode: str, reading: SceneReading) -> SceneLetter | None:
    if reading.letter is None:
        return None
    confidence = round(reading.confidence, 4)
    return SceneLetter(
        scene.photo_id, scene.source, mode, reading.letter, confidence, reading.hand_found
    )
