"""Trains a motion model from sequences of some signers and, if given, photos of still hands."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from asl_core.alphabet import MOTION_LETTERS
from asl_core.errors import PhotoSetError, SettingsError
from asl_core.letters.motion.model import MotionModel, MotionSettings
from asl_core.photos.hand_crops import HandCrops
from asl_core.photos.motion_sequences import MotionSequence, find_stroke
from asl_core.records.json_file import write_json
from asl_core.records.motion_report import MOTION_TRAINING_FILE
from asl_core.training.motion.clips import gather_material
from asl_core.training.motion.network import train_motion_network
from asl_core.training.motion.windows import cut_windows

_ENDING_SHARE = 1.0
"""Chosen by leaving signers out, see docs/motion.md."""


@dataclass(frozen=True)
class MotionTraining:
    """How much to train. `streams` are made up anew for each of `networks`."""

    streams: int = 20_000
    epochs: int = 4
    networks: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        limits = {"streams": (20, 200_000), "epochs": (1, 500), "networks": (1, 8)}
        for name, (least, most) in limits.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise SettingsError(f"{name} is {value}, allowed are {least} to {most}.")


@dataclass(frozen=True)
class StillHands:
    """Hands of photos: landmarks float32 `(N, 21, 3)` in pixels, their letters and signers."""

    points: NDArray[np.float32]
    letters: tuple[str, ...]
    signers: int


def still_hands(crops: HandCrops) -> StillHands:
    """Take the hands of photos that were found and whose label is sure; J is no still letter."""
    is_sure = np.isin(crops.label_notes, ("", "ok"))
    is_letter = (np.strings.str_len(crops.labels) == 1) & (crops.labels != "J")
    chosen = crops.select(crops.found & is_sure & is_letter)
    signers = len(set(chosen.signers.tolist()))
    return StillHands(chosen.pixel_points, tuple(chosen.labels.tolist()), signers)


def train_motion(
    sequences: tuple[MotionSequence, ...],
    folder: Path,
    training: MotionTraining,
    hands: StillHands | None = None,
    tell: Callable[[str], None] = lambda sentence: None,
) -> MotionModel:
    """Train, save the model and how it was made to `folder`, and give the model.

    Raises:
        PhotoSetError: J or Z has no whole stroke among the sequences.
    """
    started = time.monotonic()
    torch.set_num_threads(1)
    material = gather_material(
        sequences, hands.points if hands else None, hands.letters if hands else ()
    )
    for letter in MOTION_LETTERS:
        if not material.strokes[letter]:
            raise PhotoSetError(f"The sequences hold no whole stroke of {letter} to train on.")
    settings = MotionSettings(ending_share=_ENDING_SHARE)
    networks, windows_made = [], 0
    for number in range(training.networks):
        seed = training.seed + 1000 * number
        random = np.random.default_rng(seed)
        tell(f"Network {number + 1} of {training.networks}: making streams")
        windows = cut_windows(material, training.streams, settings.window_seconds, random)
        windows_made += len(windows)
        tell(f"Network {number + 1} of {training.networks}: learning from {len(windows):,} windows")
        networks.append(train_motion_network(windows, training.epochs, seed))
    weights = {
        name: np.stack([network[name] for network in networks]).astype(np.float16)
        for name in networks[0]
    }
    # The weights in memory are rounded as those on disk, so that both decide alike.
    model = MotionModel({name: w.astype(np.float32) for name, w in weights.items()}, settings)
    model.save(folder)
    record = {
        "training": asdict(training),
        "windows": windows_made,
        "signers": sorted({sequence.signer for sequence in sequences}),
        "sequences": _counts(sequences),
        "left_out": _left_out(sequences),
        "photo_hands": len(hands.letters) if hands else 0,
        "photo_signers": hands.signers if hands else 0,
        "seconds": round(time.monotonic() - started, 1),
    }
    write_json(folder / MOTION_TRAINING_FILE, record)
    return model


def _counts(sequences: tuple[MotionSequence, ...]) -> dict[str, int]:
    counts = {"J": 0, "Z": 0, "other": 0}
    for sequence in sequences:
        counts[sequence.letter if sequence.letter in MOTION_LETTERS else "other"] += 1
    return counts


def _left_out(sequences: tuple[MotionSequence, ...]) -> list[dict[str, object]]:
    """List the J and Z whose stroke is not whole, with what is wrong."""
    strokes = [(s, find_stroke(s)) for s in sequences if s.letter in MOTION_LETTERS]
    return [
        {"number": s.number, "signer": s.signer, "letter": s.letter, "fault": stroke.fault}
        for s, stroke in strokes
        if stroke.fault
    ]
