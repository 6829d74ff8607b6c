"""Measures the natural mode as it is used: frame by frame, in one pass over each sequence."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from asl_core.errors import PhotoSetError
from asl_core.evaluation.fluent_sequences import (
    SpelledFrame,
    kind_of,
    read_landmark_sequence,
    video_texts,
)
from asl_core.frame_pipeline import FramePipeline
from asl_core.records.fluent_report import FluentReport, SequenceReading
from asl_core.spelling.fluent.reader import FluentReader
from asl_core.spelling.fluent.reading import FluentWord
from asl_core.video_file import open_video

MakePipeline = Callable[[], FramePipeline]
"""Makes a pipeline with a fresh detector in video mode; its detector is closed afterwards."""

LANDMARK_SUFFIX = ".npz"


def measure_folder(
    folder: Path,
    make_reader: Callable[[], FluentReader],
    make_pipeline: MakePipeline,
    model: str,
    command: str,
    times_as_fast: float = 1.0,
    tell: Callable[[str], None] = lambda file: None,
) -> FluentReport:
    """Read every landmark file and video of a folder; `tell` hears each file's name.

    Raises:
        PhotoSetError: the folder holds neither, or a file is broken.
        VideoError: a video cannot be read.
    """
    readings = []
    signers = set()
    for path in sorted(folder.glob(f"*{LANDMARK_SUFFIX}")) if folder.is_dir() else []:
        tell(path.name)
        sequence = read_landmark_sequence(path)
        signers.add(sequence.signer)
        words = read_words(make_reader(), sequence.frames(times_as_fast))
        readings.append(scored(path.name, sequence.signer, sequence.text, words))
    for file, text in video_texts(folder).items() if folder.is_dir() else ():
        tell(file)
        with _opened(make_pipeline) as pipeline:
            frames = video_frames(folder / file, pipeline, times_as_fast)
            words = read_words(make_reader(), frames)
        readings.append(scored(file, "", text, words))
    if not readings:
        raise PhotoSetError(f"{folder} holds no landmark sequence (.npz) and no video.")
    return FluentReport(
        model=model,
        source=folder.name,
        command=command,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        is_made_up=False,
        times_as_fast=times_as_fast,
        signers=len(signers - {""}),
        sequences=tuple(readings),
    )


def read_words(reader: FluentReader, frames: Iterable[SpelledFrame]) -> list[FluentWord]:
    """Read a whole sequence with a fresh reader."""
    words = []
    for frame in frames:
        reading = reader.update(frame.time_s, frame.points, frame.is_left, frame.prediction)
        if reading.ended is not None:
            words.append(reading.ended)
    last = reader.finish().ended
    return words if last is None else [*words, last]


def scored(file: str, signer: str, text: str, words: list[FluentWord]) -> SequenceReading:
    """Compare what was read with what was spelled, both as letters alone."""
    read = "".join(word.text for word in words)
    suggested = "".join(word.suggestion or word.text for word in words)
    return SequenceReading(
        file=file,
        kind=kind_of(file),
        signer=signer,
        text=text,
        read=read,
        errors=edit_distance(text, read),
        suggested=suggested,
        suggested_errors=edit_distance(text, suggested),
    )


def edit_distance(shown: str, read: str) -> int:
    """Give the fewest insertions, deletions and substitutions (Levenshtein 1966)."""
    row = list(range(len(read) + 1))
    for i, letter in enumerate(shown, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(read, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != other))
    return row[-1]


def video_frames(
    path: Path, pipeline: FramePipeline, times_as_fast: float
) -> Iterator[SpelledFrame]:
    """Look at each picture of a video with the detector and the recognizer.

    MediaPipe follows hands by the times it is told, which are therefore the faster ones.
    """
    with open_video(path) as video:
        for frame in video.frames():
            time_s = frame.time_s / times_as_fast
            reading = pipeline.read(frame.picture, round(time_s * 1e3))
            hand = reading.detection
            points = hand.landmarks.pixels_3d(reading.width, reading.height) if hand else None
            is_left = hand is not None and hand.handedness == "Left"
            yield SpelledFrame(time_s, points, is_left, reading.prediction)


@contextmanager
def _opened(make_pipeline: MakePipeline) -> Iterator[FramePipeline]:
    pipeline = make_pipeline()
    try:
        yield pipeline
    finally:
        pipeline.detector.close()
