"""Measures the natural mode as it is used: frame by frame, in one pass over each sequence."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

from asl_core.errors import PhotoSetError
from asl_core.evaluation.fluent.sequences import (
    kind_of,
    read_landmark_sequence,
    video_texts,
)
from asl_core.frame_pipeline import FramePipeline
from asl_core.records.fluent_report import FluentReport, SequenceReading
from asl_core.spelling.fluent.reader import FluentReader
from asl_core.spelling.fluent.reading import FluentLetter, FluentWord
from asl_core.spelling.fluent.sequence import SpelledFrame, SpelledSequence
from asl_core.video_file import open_video

MakePipeline = Callable[[], FramePipeline]
"""Makes a pipeline with a fresh detector in video mode; its detector is closed afterwards."""

MakeReader = Callable[[], FluentReader]

LANDMARK_SUFFIX = ".npz"


@dataclass(frozen=True)
class Measurement:
    """What a report says of itself, besides its figures."""

    model: str
    source: str
    command: str
    is_made_up: bool = False
    times_as_fast: float = 1.0


def measured(
    sequences: Iterable[SpelledSequence], make_reader: MakeReader, about: Measurement
) -> FluentReport:
    """Read every sequence with a fresh reader and count what is wrong."""
    readings = tuple(_read(sequence, make_reader()) for sequence in sequences)
    return FluentReport(
        model=about.model,
        source=about.source,
        command=about.command,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        is_made_up=about.is_made_up,
        times_as_fast=about.times_as_fast,
        signers=len({reading.signer for reading in readings} - {""}),
        sequences=readings,
    )


def folder_sequences(
    folder: Path,
    make_pipeline: MakePipeline,
    times_as_fast: float = 1.0,
    tell: Callable[[str], None] = lambda file: None,
) -> Iterator[SpelledSequence]:
    """Find the landmark files of a folder, then its videos; `tell` hears each name.

    Raises:
        PhotoSetError: the folder holds neither, or a file is broken.
        VideoError: a video cannot be read.
    """
    landmarks = sorted(folder.glob(f"*{LANDMARK_SUFFIX}"))
    videos = video_texts(folder) if folder.is_dir() else {}
    if not landmarks and not videos:
        raise PhotoSetError(f"{folder} holds no landmark sequence (.npz) and no video.")
    for path in landmarks:
        tell(path.name)
        own = read_landmark_sequence(path)
        frames = own.frames(times_as_fast)
        yield SpelledSequence(path.name, kind_of(path.name), own.signer, own.text, frames)
    for file, text in videos.items():
        if not text:
            raise PhotoSetError(f"{file} has a name without a letter; name its text in texts.csv.")
        tell(file)
        with _opened(make_pipeline) as pipeline:
            frames = video_frames(folder / file, pipeline, times_as_fast)
            yield SpelledSequence(file, kind_of(file), "", text, frames)


class ShownWord:
    """Remembers since when each letter of the word under way is shown."""

    def __init__(self) -> None:
        self._shown: list[tuple[str, float]] = []

    def show(self, letters: Iterable[FluentLetter], time_s: float) -> None:
        """Note what is shown at a time; a letter that is another now begins anew."""
        text = [letter.letter for letter in letters]
        same = (old if old[0] == new else None for old, new in zip(self._shown, text, strict=False))
        kept = list(takewhile(lambda old: old is not None, same))
        self._shown = [old for old in kept if old is not None]
        self._shown += [(letter, time_s) for letter in text[len(kept) :]]

    def lags_s(self, word: FluentWord) -> tuple[float, ...]:
        """End the word: from the moment a letter is signed until it is shown for good, each.

        Letters that were never shown before the word ended have no lag.
        """
        lags = tuple(
            round(shown_s - letter.start_s, 3)
            for letter, (shown, shown_s) in zip(word.letters, self._shown, strict=False)
            if shown == letter.letter
        )
        self._shown = []
        return lags


def read_words(
    reader: FluentReader, frames: Iterable[SpelledFrame]
) -> tuple[list[FluentWord], tuple[float, ...]]:
    """Read a whole sequence with a fresh reader; give its words and each letter's lag."""
    words, shown = [], ShownWord()
    lags: tuple[float, ...] = ()
    for frame in frames:
        reading = reader.update(frame.time_s, frame.points, frame.is_left, frame.prediction)
        if reading.ended is not None:
            words.append(reading.ended)
            lags += shown.lags_s(reading.ended)
        shown.show((*reader.letters, *reading.unsettled), frame.time_s)
    last = reader.finish().ended
    if last is not None:
        words.append(last)
        lags += shown.lags_s(last)
    return words, lags


def _read(sequence: SpelledSequence, reader: FluentReader) -> SequenceReading:
    """Compare what was read with what was spelled, both as letters alone."""
    times: list[float] = []

    def timed() -> Iterator[SpelledFrame]:
        for frame in sequence.frames:
            times.append(frame.time_s)
            yield frame

    words, lags = read_words(reader, timed())
    read = "".join(word.text for word in words)
    suggested = "".join(word.suggestion or word.text for word in words)
    return SequenceReading(
        file=sequence.file,
        kind=sequence.kind,
        signer=sequence.signer,
        text=sequence.text,
        read=read,
        errors=edit_distance(sequence.text, read),
        suggested=suggested,
        suggested_errors=edit_distance(sequence.text, suggested),
        seconds=round(times[-1] - times[0], 3) if times else 0.0,
        lags_s=lags,
    )


def edit_distance(shown: str, read: str) -> int:
    """Return the fewest insertions, deletions and substitutions (Levenshtein 1966)."""
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
