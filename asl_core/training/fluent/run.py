"""Trains a fluent model from landmarks of letters, signed strokes and, if given, photos."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from asl_core.records.fluent_report import FLUENT_TRAINING_FILE
from asl_core.records.json_file import write_json
from asl_core.spelling.fluent.letter_order import letter_order, word_weights
from asl_core.spelling.fluent.model import FluentModel
from asl_core.spelling.fluent.settings import FluentSettings
from asl_core.training.fluent.learning import FluentTraining, learned_network, learning_seconds
from asl_core.training.fluent.material import LessonPool, LessonSource
from asl_core.training.fluent.network import as_arrays
from asl_core.training.fluent.parts import Parts
from asl_core.training.fluent.poses import PoseBook
from asl_core.training.fluent.still_hands import learned_shapes
from asl_core.training.fluent.stream_maker import SpelledStreamMaker
from asl_core.training.fluent.strokes import StrokeBank, stroke_bank
from asl_core.training.fluent.words import Texts
from asl_core.training.motion.clips import MotionMaterial

_STROKES = 600


@dataclass(frozen=True)
class FluentMaterial:
    """Hands by signer, signed strokes of J and Z, and the words."""

    book: PoseBook
    strokes: MotionMaterial
    words: tuple[str, ...]

    def bank(self, random: np.random.Generator, parts: Parts) -> StrokeBank:
        """Make strokes of this material."""
        signed = self.strokes if parts.signed_strokes else None
        return stroke_bank(signed, self.book, _STROKES, random)

    def maker(
        self,
        random: np.random.Generator,
        parts: Parts | None = None,
        people: PoseBook | None = None,
    ) -> SpelledStreamMaker:
        """Make streams of this material, or of some of its `people` alone."""
        parts = parts or Parts()
        texts = Texts(self.words, random, parts.names)
        bank = self.bank(random, parts)
        return SpelledStreamMaker(people or self.book, bank, texts, random, parts)


def train_fluent(
    material: FluentMaterial,
    folder: Path,
    training: FluentTraining,
    settings: FluentSettings | None = None,
    parts: Parts | None = None,
    tell: Callable[[str], None] = lambda sentence: None,
    shapes_folder: Path | None = None,
) -> FluentModel:
    """Train, save the model and how it was made to `folder`, and give the model.

    An interrupted training goes on from the last hundred steps when it is called again. In
    `shapes_folder`, by default `folder`, the landmark networks of still hands are kept: trainings
    with the same hands, strokes and seed may share them.
    """
    started = time.monotonic()
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    parts = parts or Parts()
    bank = material.bank(np.random.default_rng(training.seed), parts)
    kept_shapes = shapes_folder or folder
    shapes = learned_shapes(
        material.book, bank, training.shape_epochs, training.seed, kept_shapes, tell
    )
    networks, seconds = [], time.monotonic() - started
    for number in range(training.networks):
        seed = training.seed + 1000 * number

        def pool(random: np.random.Generator) -> LessonPool:
            sources = [
                LessonSource(material.maker(random, parts, people), shape)
                for people, shape in shapes.judged
            ]
            return LessonPool(sources, training.batch_size, training.uses, random)

        def heard(step: int, loss: float, number: int = number) -> None:
            minutes = (time.monotonic() - started) / 60
            tell(f"Network {number + 1}, step {step}: loss {loss:.3f} ({minutes:.0f} minutes)")

        one = replace(training, networks=1, seed=seed)
        kept = folder / f"network-{number + 1}.state"
        networks.append(as_arrays(learned_network(pool, one, seed, kept, heard)))
        seconds += learning_seconds(kept)
    stream = {
        # Rounded as on disk, so that the model in memory and the file read alike.
        name: np.stack([n[name] for n in networks]).astype(np.float16).astype(np.float32)
        for name in networks[0]
    }
    order = letter_order(word_weights(material.words))
    model = FluentModel(stream, shapes.shipped, settings or FluentSettings(), order)
    model.save(folder)
    record = {
        "training": asdict(training),
        "parts": asdict(parts),
        "signers": len(material.book.names),
        "hands": sum(len(h) for own in material.book.signers.values() for h in own.values()),
        "strokes": {k: len(v) for k, v in material.strokes.strokes.items()},
        "streams": training.networks
        * training.steps
        * max(1, training.batch_size // training.uses),
        "seconds": round(seconds, 1),
    }
    write_json(folder / FLUENT_TRAINING_FILE, record)
    return model
