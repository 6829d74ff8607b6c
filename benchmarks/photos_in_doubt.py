"""How much longer does a photo take that is looked at again?

    python -m benchmarks.photos_in_doubt ../shared/photos

Reads validation photos that show a hand at once, some that are sure and those that are in doubt, in
turns, and prints the times of both. Nothing else should run on the machine.
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from asl_core import images
from asl_core.frame_pipeline import FramePipeline
from asl_core.hands.detector import MediaPipeHandDetector
from asl_core.images import Frame
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.photos.photo_set import read_photo_set
from asl_core.records.training_run import SHIPPED_RUN, named_run


def sorted_frames(pipeline: FramePipeline, frames: list[Frame]) -> tuple[list[Frame], list[Frame]]:
    """Part photos that are read at once from those that are looked at again."""
    sure: list[Frame] = []
    doubtful: list[Frame] = []
    for frame in frames:
        reading = pipeline.read(frame)
        if reading.detection is not None:
            is_sure = reading.views == 1 and reading.detection.is_sure
            (sure if is_sure else doubtful).append(frame)
    return sure, doubtful


def row(name: str, milliseconds: list[float], unit: float) -> str:
    """Write a line of the table; `unit` is the median time of a sure photo."""
    median, mean = float(np.median(milliseconds)), float(np.mean(milliseconds))
    high = float(np.percentile(milliseconds, 95))
    return (
        f"| {name} | {len(milliseconds)} | {median:.0f} ms | {mean:.0f} ms | {high:.0f} ms "
        f"| {median / unit:.1f} |"
    )


def main(
    photos: Path,
    count: Annotated[int, typer.Option(min=20, help="Validation photos drawn at random.")] = 500,
    rounds: Annotated[int, typer.Option(min=1, max=20)] = 3,
    seed: Annotated[int, typer.Option()] = 0,
) -> None:
    """Print the table."""
    every = read_photo_set(photos).of_split("validation").photos
    drawn = np.random.default_rng(seed).permutation(len(every))[:count]
    frames = [images.read(every[place].path) for place in drawn.tolist()]
    recognizer = LetterRecognizer.load(named_run(SHIPPED_RUN).folder)
    with MediaPipeHandDetector("photo") as detector:
        pipeline = FramePipeline(detector, recognizer)
        sure, doubtful = sorted_frames(pipeline, frames)
        if not doubtful or len(sure) < len(doubtful):
            typer.echo("Too few photos were drawn to compare; take more with --count.", err=True)
            raise typer.Exit(1)
        sure = sure[: len(doubtful)]
        times: dict[str, list[float]] = {"sure": [], "in doubt": []}
        for _ in range(rounds):
            for one, other in zip(sure, doubtful, strict=True):
                times["sure"].append(pipeline.read(one).ms.total)
                times["in doubt"].append(pipeline.read(other).ms.total)
    unit = float(np.median(times["sure"]))
    typer.echo("| photo | readings | median | mean | 95 % within | beside a sure one |")
    typer.echo("|---|---:|---:|---:|---:|---:|")
    for name, each in times.items():
        typer.echo(row(name, each, unit))


if __name__ == "__main__":
    typer.run(main)
