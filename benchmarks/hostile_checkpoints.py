"""Damaged checkpoints: files of others, their class names in odd forms, and folders of ours."""

import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from asl_core.alphabet import LETTERS
from benchmarks.service_mutations import mutated, mutated_text

NAMES: tuple[tuple[str, Any], ...] = (
    ("classes", list(LETTERS)),
    ("class_names", dict(enumerate(LETTERS))),
    ("class_to_idx", {name: number for number, name in enumerate(LETTERS)}),
    ("idx_to_class", {str(number): name for number, name in enumerate(LETTERS)}),
    ("config", {"labels": "".join(LETTERS)}),
    ("x", None),
    ("classes", []),
    ("classes", "ABC"),
    ("classes", 7),
    ("classes", {0: "A"}),
    ("class_to_idx", {"A": 0, "B": 0}),
    ("class_to_idx", {"A": "x"}),
    ("labels", [None] * 26),
    ("config", {"classes": {1: 1}}),
    ("classes", ["A"] * 26),
)
"""Keys and values under which checkpoints name their classes; the first six are read."""


def checkpoint_maker(folder: Path) -> Callable[[random.Random, Path], None]:
    """Damage a model folder, a whole checkpoint of others, or one of a few weights, and load it."""
    from asl_core.letters.checkpoint import Checkpoint

    kept = _model_folder(folder / "model")
    weights = _reference_weights()

    def make(draw: random.Random, folder: Path) -> None:
        if draw.random() < 0.5:
            _damage_folder(kept, folder / "model", draw)
            Checkpoint.load(folder / "model")
            return
        path = folder / "model.pth"
        path.write_bytes(_checkpoint_of_others(weights, draw))
        Checkpoint.load(path)

    return make


def _model_folder(folder: Path) -> dict[str, bytes]:
    """Save the smallest network that a run may have; return its files."""
    from asl_core.letters.architectures import BASELINE_CNN, BASELINE_CNN_SIZE
    from asl_core.letters.checkpoint import Checkpoint
    from asl_core.letters.preprocessing import Preprocessing

    network = BASELINE_CNN.build(len(LETTERS))
    Checkpoint("model", LETTERS, Preprocessing(BASELINE_CNN_SIZE), network).save(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _damage_folder(kept: dict[str, bytes], folder: Path, draw: random.Random) -> None:
    """Lay the folder's files anew, one of them damaged: its record more often than its weights."""
    for name, content in kept.items():
        (folder / name).write_bytes(content)
    name = draw.choice(["model.json"] * 4 + sorted(kept))
    damage = mutated_text if name.endswith(".json") else mutated
    content = damage(kept[name], draw)
    if name.endswith(".json") and draw.random() < 0.4:
        # What a person may write there: of some of it the model is still whole.
        values = json.loads(kept[name])
        key = draw.choice(sorted(values))
        values[draw.choice((key, "remark"))] = draw.choice((values[key], None, 1, "x", {}, [2]))
        content = json.dumps(values).encode()
    (folder / name).write_bytes(content)


def _reference_weights() -> dict[str, Any]:
    from asl_core.letters.architectures import RESNET18

    return RESNET18.build(len(LETTERS)).state_dict()


def _checkpoint_of_others(weights: dict[str, Any], draw: random.Random) -> bytes:
    import torch

    from asl_core.letters.checkpoint import REFERENCE_HEAD

    key, names = draw.choice(NAMES)
    values: dict[str, Any] = {"model_state_dict": weights, key: names}
    if draw.random() < 0.7:  # whole weights take 46 MB and a good part of a second
        count = draw.choice((0, 1, 5, 26, 29))
        head = {REFERENCE_HEAD: torch.zeros(count, draw.choice((1, 512)))}
        values["model_state_dict"] = head
    buffer = io.BytesIO()
    torch.save(values, buffer)
    return mutated(buffer.getvalue(), draw) if draw.random() < 0.4 else buffer.getvalue()
