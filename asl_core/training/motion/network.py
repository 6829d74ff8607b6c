"""Trains one small network on windows, in the shape that `letters/motion/model.py` runs."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from asl_core.letters.motion.features import (
    FEATURE_COUNT,
    STEPS,
    moment_features,
    window_features,
)
from asl_core.letters.motion.model import CLASSES, HIDDEN_UNITS, LAYERS
from asl_core.training.motion.windows import LabelledWindows, varied

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
    """Train and give the arrays of one network, named and shaped as `motion_model.SHAPES`."""
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
