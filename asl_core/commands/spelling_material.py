"""Gathers what `python -m asl_core spelling` trains on and measures with."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from asl_core.commands.chosen_model import model_path
from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.photos.hand_crops import HandCrops, load_or_cut
from asl_core.photos.motion_sequences import read_motion_sequences
from asl_core.photos.photo_set import read_photo_set
from asl_core.records.training_run import named_run
from asl_core.spelling.fluent.sequence import SpelledSequence
from asl_core.spelling.word_list import known_words
from asl_core.training.fluent import made_up as made
from asl_core.training.fluent.held_hands import held_hands
from asl_core.training.fluent.poses import photo_poses, read_pose_book
from asl_core.training.fluent.run import FluentMaterial, shape_weights
from asl_core.training.fluent.stream_maker import SpelledStreamMaker
from asl_core.training.fluent.strokes import stroke_bank
from asl_core.training.fluent.words import Texts
from asl_core.training.motion.clips import gather_material


def fluent_material(
    letters: Path, sequences: Path, photos: Path | None, crops: Path, shapes: str
) -> FluentMaterial:
    """Read landmarks of letters, signed strokes and, if given, the training photos' hands."""
    book = read_pose_book(letters)
    if photos is not None:
        own = photo_poses(_crops(photos, crops, "train"))
        book = book.without(frozenset(own.names)).joined(own)
    strokes = gather_material(read_motion_sequences(sequences, "train"))
    return FluentMaterial(book, strokes, known_words().words, shape_weights(model_path(shapes)))


def _crops(photos: Path, crops: Path, split: str) -> HandCrops:
    with quiet_libraries():
        return load_or_cut(read_photo_set(photos).of_split(split), crops / split)


def made_up_sequences(
    photos: Path,
    crops: Path,
    split: str,
    sequences: Path,
    recognizer: str,
    each: int,
    minutes: float,
    seed: int,
) -> Iterator[SpelledSequence]:
    """Make sequences of the signers of a split: spelled words, held letters, idle hands."""
    random = np.random.default_rng(seed)
    own = _crops(photos, crops, split)
    book = photo_poses(own)
    texts = Texts(known_words().words, random)
    strokes = gather_material(read_motion_sequences(sequences, split))
    maker = SpelledStreamMaker(book, stroke_bank(strokes, book, 100, random), texts, random)
    report = named_run(recognizer).evaluation(f"photos-{split}")
    yield from made.spelled_words(maker, texts, each)
    yield from made.held_letters(held_hands(report, own), random)
    yield from made.idle_hands(maker, minutes)
