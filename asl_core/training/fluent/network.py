"""The streaming network in torch, in the shape that `spelling/fluent/network.py` runs."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from asl_core.letters.classifier import LandmarkClassifier
from asl_core.spelling.fluent.features import FEATURE_COUNT
from asl_core.spelling.fluent.network import CHANNELS, CLASS_COUNT, CONVOLUTIONS, ENCODER_UNITS

DROPOUT = 0.15


class StreamingNetwork(nn.Module):
    """An encoder of each tick, then convolutions over time with ways around them.

    Input features float32 `(B, K, FEATURE_COUNT)`, output logits `(B, K, 27)`, blank first.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(FEATURE_COUNT))
        self.register_buffer("deviation", torch.ones(FEATURE_COUNT))
        self.encoder0 = nn.Linear(FEATURE_COUNT, ENCODER_UNITS)
        self.encoder1 = nn.Linear(ENCODER_UNITS, CHANNELS)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(CHANNELS, CHANNELS, shape.taps, dilation=shape.dilation)
            for shape in CONVOLUTIONS
        )
        self.norms = nn.ModuleList(nn.LayerNorm(CHANNELS) for _ in CONVOLUTIONS)
        self.head = nn.Linear(CHANNELS, CLASS_COUNT)

    def forward(self, features: Tensor) -> Tensor:
        """Return the logits of every tick."""
        values = (features - self.mean) / self.deviation
        values = F.dropout(F.relu(self.encoder0(values)), DROPOUT, self.training)
        values = F.relu(self.encoder1(values))
        layers = zip(self.convolutions, self.norms, CONVOLUTIONS, strict=True)
        for convolution, norm, shape in layers:
            room = (shape.span - 1 - shape.delay, shape.delay)
            padded = F.pad(norm(values).transpose(1, 2), room)
            found = F.relu(convolution(padded)).transpose(1, 2)
            values = values + F.dropout(found, DROPOUT, self.training)
        logits: Tensor = self.head(values)
        return logits


def as_arrays(network: StreamingNetwork) -> dict[str, NDArray[np.float32]]:
    """Lay the weights out as the NumPy pass wants them: inputs first, taps before channels."""
    arrays = {"mean": network.mean.numpy().copy(), "deviation": network.deviation.numpy().copy()}
    for name in ("encoder0", "encoder1", "head"):
        arrays |= _dense(name, getattr(network, name))
    for number, (convolution, norm) in enumerate(
        zip(network.convolutions, network.norms, strict=True)
    ):
        assert isinstance(convolution, nn.Conv1d) and convolution.bias is not None
        assert isinstance(norm, nn.LayerNorm)
        weight = convolution.weight.detach().permute(2, 1, 0).flatten(0, 1)
        arrays[f"convolution{number}.weight"] = weight.contiguous().numpy()
        arrays[f"convolution{number}.bias"] = convolution.bias.detach().numpy()
        arrays[f"norm{number}.weight"] = norm.weight.detach().numpy()
        arrays[f"norm{number}.bias"] = norm.bias.detach().numpy()
    return arrays


def shape_arrays(network: LandmarkClassifier) -> dict[str, NDArray[np.float32]]:
    """Fold the batch norms of a landmark network into its layers, as arrays of one hand's pass."""
    linear = [layer for layer in network.layers if isinstance(layer, nn.Linear)]
    norms = [layer for layer in network.layers if isinstance(layer, nn.BatchNorm1d)]
    arrays: dict[str, NDArray[np.float32]] = {}
    for number, layer in enumerate(linear):
        scale, shift = torch.ones(layer.out_features), torch.zeros(layer.out_features)
        if number < len(norms):
            norm = norms[number]
            assert norm.running_var is not None and norm.running_mean is not None
            scale = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach()
            shift = norm.bias.detach() - norm.running_mean * scale
        arrays[f"layer{number}.weight"] = (layer.weight.detach().T * scale).contiguous().numpy()
        arrays[f"layer{number}.bias"] = (layer.bias.detach() * scale + shift).numpy()
    return arrays


def _dense(name: str, layer: nn.Linear) -> dict[str, NDArray[np.float32]]:
    return {
        f"{name}.weight": layer.weight.detach().T.contiguous().numpy(),
        f"{name}.bias": layer.bias.detach().numpy(),
    }
