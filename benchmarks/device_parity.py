"""Does the browser's own pipeline read photos as Python's does?

    python -m benchmarks.device_parity ../shared/photos

Shows validation photos, each after an empty picture, to the worker that reads the visitor's camera
(MediaPipe and ONNX Runtime for the web, in a headless Chromium) and to the pipeline that reads live
video in Python, and compares the best letters; for a few photos every stage by numbers. Writes
benchmarks/results/device-parity.json and docs/device-figures.md.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from playwright.sync_api import Page

from asl_core import images
from asl_core.frame_pipeline import FramePipeline, FrameReading
from asl_core.hands.crop import box_around, cut
from asl_core.hands.detector import MediaPipeHandDetector
from asl_core.hands.landmarks import HandDetection, HandLandmarks
from asl_core.images import Frame
from asl_core.letters.onnx_network import OnnxNetwork
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.live.camera_hints import Light
from asl_core.live.device_frame import DeviceFrame, DevicePipeline
from asl_core.photos.photo_set import LabelledPhoto, read_photo_set
from asl_core.photos.split import VALIDATION
from asl_core.records.training_run import SHIPPED_RUN, TrainingRun, named_run
from asl_core.records.web_model import web_model_of
from benchmarks.device_page import write_page
from benchmarks.device_report import PARITY_FILE, ParityReport, StageDifference
from scripts.running_app import running_browser
from scripts.running_service import running_service

SCRIPT = Path(__file__).with_name("device_parity.js")
LONGEST_SIDE = 640
"""Of a picture that a browser reads, as device_camera.js makes it."""
SEED = 0


@dataclass(frozen=True)
class BothReadings:
    """One photo as both pipelines read it; `sent` is what the browser answered."""

    photo: LabelledPhoto
    frame: Frame
    browser: FrameReading
    python: FrameReading
    sent: Any


def chosen_photos(root: Path, count: int) -> list[LabelledPhoto]:
    """Choose validation photos by chance, the same each time."""
    photos = read_photo_set(root).of_split(VALIDATION).photos
    places = np.random.default_rng(SEED).choice(len(photos), min(count, len(photos)), replace=False)
    return [photos[place] for place in sorted(places.tolist())]


def as_camera(frame: Frame) -> Frame:
    """Shrink a photo to the size in which a browser reads its camera."""
    scale = min(1.0, LONGEST_SIDE / max(frame.shape[:2]))
    size = (round(frame.shape[1] * scale), round(frame.shape[0] * scale))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)


def read_both(
    page: Page, photos: list[LabelledPhoto], examples: int, recognizer: LetterRecognizer
) -> Iterator[BothReadings]:
    """Read each photo in the browser and in Python."""
    with MediaPipeHandDetector("video") as detector:
        python, device = FramePipeline(detector, recognizer), DevicePipeline(recognizer)
        for number, photo in enumerate(photos):
            frame = as_camera(images.read(photo.path))
            height, width = frame.shape[:2]
            python.detector.detect(np.zeros_like(frame), 200 * number)
            reading = python.read(frame, 200 * number + 100)
            sent = page.evaluate(
                "picture => window.aslRead(picture)",
                {"png": _png(frame), "width": width, "height": height}
                | {"wantsCrop": number < examples},
            )
            yield BothReadings(photo, frame, device.read(_seen(sent, frame)), reading, sent)


def _png(frame: Frame) -> str:
    bgr = cv2.cvtColor(frame, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".png", bgr, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    assert done
    return base64.b64encode(data.tobytes()).decode()


def _seen(sent: Any, frame: Frame) -> DeviceFrame:
    height, width = frame.shape[:2]
    if sent is None:
        return DeviceFrame(1, 0.0, width, height, Light(0.0, None))
    landmarks = HandLandmarks(np.array(sent["points"], np.float32))
    detection = HandDetection(landmarks, "Left" if sent["isLeft"] else "Right", sent["score"])
    answers = np.array(sent["answers"], np.float32)
    return DeviceFrame(1, 0.0, width, height, Light(0.0, None), detection, answers)


def difference(both: BothReadings, run: TrainingRun, size: int, scale: float) -> StageDifference:
    """Compare one photo stage by stage; both must have found the hand."""
    assert both.browser.detection is not None and both.python.detection is not None
    mine, theirs = both.browser.detection.landmarks, both.python.detection.landmarks
    box = box_around(mine, both.browser.width, both.browser.height, scale)
    crop = np.array(both.sent["crop"], np.uint8).reshape(size, size, 3)
    levels = np.abs(crop.astype(int) - cut(both.frame, box, size).astype(int)).mean()
    network = OnnxNetwork(run.folder / web_model_of(run.folder).file)
    answers: NDArray[np.float32] = network(crop[None])[0][0]
    return StageDifference(
        photo_id=both.photo.photo_id,
        landmarks=round(float(np.abs(mine.points - theirs.points)[:, :2].max()), 5),
        crop_levels=round(float(levels), 4),
        log_probabilities=round(float(np.abs(answers - both.sent["answers"]).max()), 4),
    )


def measure(root: Path, count: int, examples: int) -> ParityReport:
    """Read `count` photos with both pipelines, the first `examples` by numbers."""
    photos, run = chosen_photos(root, count), named_run(SHIPPED_RUN)
    recognizer = LetterRecognizer.load(run.folder).for_live()
    size, scale = recognizer.preprocessing.input_size, recognizer.preprocessing.crop_scale
    rows: list[BothReadings] = []
    differences: list[StageDifference] = []
    with running_service() as address, running_browser() as browser:
        page = browser.new_page()
        page.goto(f"{address}/camera")
        page.evaluate(SCRIPT.read_text(encoding="utf-8"), {"base": f"{address}/"})
        for both in read_both(page, photos, examples, recognizer):
            if both.sent and both.sent["crop"] and both.python.detection:
                differences.append(difference(both, run, size, scale))
            rows.append(both)
        version = browser.version
    return _report(rows, differences, run.name, version, root, count)


def _report(
    rows: list[BothReadings],
    differences: list[StageDifference],
    run: str,
    version: str,
    root: Path,
    count: int,
) -> ParityReport:
    pairs = [(best_of(row.browser), best_of(row.python), row.photo.label) for row in rows]
    both = [(mine, theirs) for mine, theirs, _ in pairs if mine and theirs]
    return ParityReport(
        command=f"python -m benchmarks.device_parity {root.resolve().name} --photos {count}",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        run=run,
        browser=version,
        photo_set=root.resolve().name,
        split=VALIDATION,
        photos=len(rows),
        found_by_browser=sum(mine is not None for mine, _, _ in pairs),
        found_by_python=sum(theirs is not None for _, theirs, _ in pairs),
        both_found=len(both),
        same_letter=sum(mine == theirs for mine, theirs in both),
        right_in_browser=sum(mine == label for mine, _, label in pairs),
        right_in_python=sum(theirs == label for _, theirs, label in pairs),
        examples=tuple(differences),
    )


def best_of(reading: FrameReading) -> str | None:
    """Return the best letter of a reading, None without a hand."""
    return reading.prediction.best.label if reading.prediction else None


def main(
    root: Annotated[Path, typer.Argument(help="Folder of labelled photos.")],
    photos: Annotated[int, typer.Option(min=1, max=5000)] = 320,
    examples: Annotated[int, typer.Option(min=0, max=50, help="Compared by numbers.")] = 8,
) -> None:
    """Measure, print what was found, and write the report and its page."""
    report = measure(root, photos, examples)
    report.save(PARITY_FILE)
    typer.echo(
        f"{report.same_letter} of {report.both_found} photos have the same best letter; found in "
        f"{report.found_by_browser} by the browser, {report.found_by_python} by Python."
    )
    write_page()


if __name__ == "__main__":
    typer.run(main)
