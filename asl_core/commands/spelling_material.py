"""Gathers what `python -m asl_core spelling` trains on and measures with."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.evaluation.fluent.measure import Measurement, measured
from asl_core.evaluation.fluent.sequences import read_landmark_sequence
from asl_core.photos.hand_crops import HandCrops, load_or_cut
from asl_core.photos.motion_sequences import read_motion_sequences
from asl_core.photos.photo_set import read_photo_set
from asl_core.records.fluent_report import AblationRow, FluentAblation, FluentReport
from asl_core.records.training_run import named_run
from asl_core.spelling.fluent.model import FluentModel
from asl_core.spelling.fluent.reader import FluentReader
from asl_core.spelling.fluent.sequence import SpelledSequence
from asl_core.spelling.word_list import known_words
from asl_core.training.fluent import made_up as made
from asl_core.training.fluent.held_hands import held_hands
from asl_core.training.fluent.learning import FluentTraining
from asl_core.training.fluent.parts import Parts
from asl_core.training.fluent.poses import photo_poses, read_pose_book
from asl_core.training.fluent.run import FluentMaterial, train_fluent
from asl_core.training.fluent.stream_maker import SpelledStreamMaker
from asl_core.training.fluent.strokes import stroke_bank
from asl_core.training.fluent.words import Texts
from asl_core.training.motion.clips import gather_material

_STROKES = 100
_MEASURE_SEED = 0
_ABLATION_WORDS, _ABLATION_MINUTES = 25, 4.0
_ALL = "all"


def fluent_material(
    letters: Path, sequences: Path, photos: Path | None, crops: Path
) -> FluentMaterial:
    """Read landmarks of letters, signed strokes and, if given, the training photos' hands."""
    book = read_pose_book(letters)
    if photos is not None:
        own = photo_poses(_crops(photos, crops, "train"))
        book = book.without(frozenset(own.names)).joined(own)
    strokes = gather_material(read_motion_sequences(sequences, "train"))
    return FluentMaterial(book, strokes, known_words().words)


def _crops(photos: Path, crops: Path, split: str) -> HandCrops:
    with quiet_libraries():
        return load_or_cut(read_photo_set(photos).of_split(split), crops / split)


def made_up_sequences(
    photos: Path,
    crops: Path,
    split: str,
    sequences: Path,
    recognizer: str,
    counts: tuple[int, int],
    minutes: float,
    seed: int,
) -> Iterator[SpelledSequence]:
    """Make sequences of the signers of a split: spelled words, held letters, idle hands.

    `counts` are the words at each speed and the held hands.
    """
    each, held = counts
    random = np.random.default_rng(seed)
    own = _crops(photos, crops, split)
    maker, texts = _maker(own, sequences, split, random)
    report = named_run(recognizer).evaluation(f"photos-{split}")
    yield from made.spelled_words(maker, texts, each)
    hands = held_hands(report, own)
    chosen = random.permutation(len(hands))[:held]
    yield from made.held_letters(tuple(hands[place] for place in chosen), random)
    yield from made.idle_hands(maker, minutes)


def _maker(
    own: HandCrops, sequences: Path, split: str, random: np.random.Generator
) -> tuple[SpelledStreamMaker, Texts]:
    book = photo_poses(own)
    texts = Texts(known_words().words, random)
    strokes = gather_material(read_motion_sequences(sequences, split))
    bank = stroke_bank(strokes, book, _STROKES, random)
    return SpelledStreamMaker(book, bank, texts, random), texts


def ablation_of(
    material: FluentMaterial,
    left_out: tuple[Path, Path, Path],
    real: Path,
    out: Path,
    training: FluentTraining,
    parts: tuple[str, ...],
    command: str,
    tell: Callable[[str], None],
) -> FluentAblation:
    """Train with all parts, then without each of `parts`; `left_out`: photos, crops, sequences."""
    rows = []
    for name in ("", *parts):
        tell(f"Without {name}" if name else "With all parts")
        some = Parts().without(name) if name else Parts()
        folder = out / (name or _ALL)
        # Landmark networks learn from hands and strokes, which most parts leave as they are.
        shapes = out / _ALL if some.signed_strokes else folder
        model = train_fluent(
            material, folder, training, parts=some, tell=tell, shapes_folder=shapes
        )
        rows.append(_ablation_row(name, model, left_out, real))
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return FluentAblation(command, created, training.steps, training.seed, tuple(rows))


def _ablation_row(
    name: str, model: FluentModel, left_out: tuple[Path, Path, Path], real: Path
) -> AblationRow:
    photos, crops, sequences = left_out
    random = np.random.default_rng(_MEASURE_SEED)
    maker, texts = _maker(_crops(photos, crops, "validation"), sequences, "validation", random)
    about = Measurement("", "", "")

    def read(shown: Iterable[SpelledSequence]) -> FluentReport:
        return measured(shown, lambda: FluentReader(model), about)

    words = read(made.spelled_words(maker, texts, _ABLATION_WORDS))
    idle = read(made.idle_hands(maker, _ABLATION_MINUTES))
    minutes = sum(group.minutes for group in idle.groups)
    added = sum(group.added for group in idle.groups)
    files = (read_landmark_sequence(p) for p in sorted(real.glob("*.npz")))
    spelled = read(SpelledSequence(f.file, "", f.signer, f.text, f.frames()) for f in files)
    return AblationRow(name, words.cer, spelled.cer, added / max(minutes, 1e-9))
