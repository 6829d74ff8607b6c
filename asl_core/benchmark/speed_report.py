"""One benchmark run, from the checkpoint to all its figures."""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import cv2
import torch

from asl_core.benchmark.frames import fit_frame, moving_frames
from asl_core.benchmark.live_speed import measure_live
from asl_core.benchmark.machine_name import processor_name
from asl_core.benchmark.reference_loop import ReferenceLoop
from asl_core.benchmark.stages import compare, measure_batches, pipeline_reader
from asl_core.errors import ImageError, RunError
from asl_core.frame_pipeline import FramePipeline
from asl_core.hands.detector import MediaPipeHandDetector
from asl_core.images import Frame
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.recognizer import HandView, LetterRecognizer
from asl_core.records.speed_report import ColdStart, Machine, PipelineSpeed, SpeedReport


def measure_speed(
    model: Path, picture: Frame, seconds: float, cold_starts: int, device: str | None = None
) -> SpeedReport:
    """Measure a model on `picture`, RGB uint8 of any size, which must show a hand.

    `seconds` are spent on each of the video, photo, batch and live measurements.

    Raises:
        ModelFileError: the model cannot be loaded.
        ImageError: no hand is found in the picture.
    """
    load = _load_average()
    checkpoint = Checkpoint.load(model)
    recognizer = LetterRecognizer.load(model, device)
    frame = fit_frame(picture)
    with (
        ReferenceLoop(checkpoint, torch.device(recognizer.device)) as reference,
        MediaPipeHandDetector("photo") as photo_detector,
        MediaPipeHandDetector("video") as video_detector,
    ):
        photo_pipeline = FramePipeline(photo_detector, recognizer)
        view, reference_crop = _hand(photo_pipeline, reference, frame)
        video_reader = pipeline_reader(FramePipeline(video_detector, recognizer))
        video = compare(video_reader, reference.read, moving_frames(frame), seconds)
        photo = compare(pipeline_reader(photo_pipeline), reference.read, [frame], seconds)
        batch = measure_batches(recognizer, view, reference, reference_crop, seconds)
    live = measure_live(recognizer, moving_frames(frame), seconds)
    return SpeedReport(
        run=checkpoint.name,
        machine=_machine(recognizer, load),
        pipeline=PipelineSpeed(video.ours.fps, video.reference.fps, video.ratio),
        video=video,
        photo=photo,
        batch=batch,
        live=live,
        cold_start=_cold_start(model, frame, cold_starts) if cold_starts else None,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        command=f"python -m asl_core benchmark --run {checkpoint.name} --seconds {seconds:g} "
        f"--cold-starts {cold_starts} --keep --write docs/speed.md",
    )


def _hand(
    pipeline: FramePipeline, reference: ReferenceLoop, frame: Frame
) -> tuple[HandView, Frame]:
    reading = pipeline.read(frame)
    reference_crop = reference.find_hand(frame)
    if reading.detection is None or reading.crop is None or reference_crop is None:
        raise ImageError("No hand is found in the picture, so there is nothing to measure.")
    points = reading.detection.landmarks.pixels_3d(reading.width, reading.height)
    view = HandView(reading.crop, points, reading.detection.handedness == "Left")
    return view, reference_crop


def _cold_start(model: Path, frame: Frame, starts: int) -> ColdStart:
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "hand.png"
        cv2.imwrite(str(photo), cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
        return measure_cold_start(model.resolve(), photo, starts)


def measure_cold_start(model: Path, photo: Path, starts: int) -> ColdStart:
    """Start each `starts` times in a new process, which reads `photo` with `model`.

    Raises:
        RunError: a process ended without a prediction.
    """
    commands = (
        ["asl_core", "predict", str(photo), "--json", "--run", str(model)],
        ["asl_core.benchmark.reference_loop", str(model), str(photo)],
    )
    seconds: tuple[list[float], list[float]] = ([], [])
    for number in range(starts):
        turns = list(zip(commands, seconds, strict=True))
        for command, kept in turns if number % 2 == 0 else reversed(turns):
            kept.append(seconds_to_first_line([sys.executable, "-m", *command]))
    first, second = map(statistics.median, seconds)
    return ColdStart(starts, round(first, 3), round(second, 3), round(second / first, 3))


def seconds_to_first_line(command: list[str]) -> float:
    """Start a command and measure the seconds until its first line on stdout.

    Raises:
        RunError: the command ended without a line.
    """
    root = Path(__file__).parents[2]
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        seconds = time.perf_counter() - started
        _, errors = process.communicate()
    if not line or process.returncode != 0:
        reason = (errors.strip().splitlines() or ["it printed nothing"])[-1]
        raise RunError(f"{' '.join(command[1:4])} gave no prediction: {reason}")
    return seconds


def _machine(recognizer: LetterRecognizer, load: float | None) -> Machine:
    return Machine(
        cores=os.cpu_count() or 1,
        torch_threads=torch.get_num_threads(),
        device=str(recognizer.device),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        torch=torch.__version__,
        mediapipe=version("mediapipe"),
        onnxruntime=version("onnxruntime"),
        processor=processor_name(),
        network=f"{recognizer.networks.form}, live {recognizer.for_live().networks.form}",
        load=load,
    )


def _load_average() -> float | None:
    try:
        return round(os.getloadavg()[0], 2)
    except (AttributeError, OSError):  # not on Windows
        return None
