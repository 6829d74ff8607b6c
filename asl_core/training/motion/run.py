"""Trains a motion model: its networks learn from windows of made-up streams.

The streams are made from sequences of some signers and, if given, photos of still hands.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from asl_core.alphabet import MOTION_LETTERS
from asl_core.errors import PhotoSetError, SettingsError
from asl_core.letters.motion.features import (
    FEATURE_COUNT,
    STEPS,
    moment_features,
    window_features,
)
from asl_core.letters.motion.model import CLASSES, HIDDEN_UNITS, LAYERS, MotionModel, MotionSettings
from asl_core.photos.hand_crops import HandCrops
from asl_core.photos.motion_sequences import MotionSequence, find_stroke
from asl_core.records.json_file import write_json
from asl_core.records.motion_report import MOTION_TRAINING_FILE
from asl_core.training.motion.clips import gather_material
from asl_core.training.motion.windows import LabelledWindows, cut_windows, varied

BATCH_SIZE = 128
LEARNING_RATE = 3e-3
WEIGHT_DECAY = 1e-2
LABEL_SMOOTHING = 0.03
DROPOUT = 0.25


class MotionNetwork(nn.Module):
    """Convolutions over time on standardised features `(N, STEPS, FEATURE_COUNT)`."""

    def __init__(self) -> None:
        super().__init__()
        channels, steps = FEATURE_COUNT, STEPS
        self.convolutions = nn.ModuleList()
        for width, stride, filters in LAYERS:
            self.convolutions.append(nn.Conv1d(channels, filters, width, stride))
            channels, steps = filters, (steps - width) // stride + 1
        self.hidden = nn.Linear(steps * channels, HIDDEN_UNITS)
        self.output = nn.Linear(HIDDEN_UNITS, len(CLASSES))

    def forward(self, features: Tensor) -> Tensor:
        """Return logits `(N, 5)`."""
        values = features.transpose(1, 2)
        for convolution in self.convolutions:
            values = F.relu(convolution(values))
        flat = F.dropout(values.transpose(1, 2).flatten(1), DROPOUT, self.training)
        hidden = F.dropout(F.relu(self.hidden(flat)), DROPOUT, self.training)
        logits: Tensor = self.output(hidden)
        return logits


def train_motion_network(
    windows: LabelledWindows, epochs: int, seed: int
) -> dict[str, NDArray[np.float32]]:
    """Train one network and return its arrays, named and shaped as `model.SHAPES`."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    sample = random.permutation(len(windows))[:4000]
    features = _described(windows, sample, random)
    mean = features.mean(axis=(0, 1))
    deviation = features.std(axis=(0, 1)) + 0.05
    network = MotionNetwork()
    optimizer = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    batches = max(1, len(windows) // BATCH_SIZE)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=LEARNING_RATE, total_steps=epochs * batches + 1
    )
    network.train()
    for _ in range(epochs):
        for chosen in np.array_split(random.permutation(len(windows)), batches):
            inputs = (_described(windows, chosen, random) - mean) / deviation
            logits = network(torch.from_numpy(np.asarray(inputs, np.float32)))
            targets = torch.from_numpy(windows.classes[chosen])
            loss = F.cross_entropy(logits, targets, label_smoothing=LABEL_SMOOTHING)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            scheduler.step()
    return {"mean": mean, "deviation": deviation, **as_arrays(network)}


def _described(
    windows: LabelledWindows, chosen: NDArray[np.int64], random: np.random.Generator
) -> NDArray[np.float32]:
    hands = varied(windows.hands[chosen].astype(np.float32), random)
    return window_features(moment_features(hands), windows.seconds[chosen])


def as_arrays(network: MotionNetwork) -> dict[str, NDArray[np.float32]]:
    """Lay the weights out as the NumPy pass wants them: inputs first, time before channels."""
    arrays: dict[str, NDArray[np.float32]] = {}
    for number, convolution in enumerate(network.convolutions):
        assert isinstance(convolution, nn.Conv1d) and convolution.bias is not None
        weight = convolution.weight.detach().permute(2, 1, 0).flatten(0, 1)
        arrays[f"convolution{number}.weight"] = weight.contiguous().numpy()
        arrays[f"convolution{number}.bias"] = convolution.bias.detach().numpy()
    for name, layer in (("hidden", network.hidden), ("output", network.output)):
        arrays[f"{name}.weight"] = layer.weight.detach().T.contiguous().numpy()
        arrays[f"{name}.bias"] = layer.bias.detach().numpy()
    return arrays


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
    """Train, save the model and how it was made to `folder`, and return the model.

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
