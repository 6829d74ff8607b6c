"""The small networks that tell J and Z from every other motion, run with NumPy alone.

One pass over a few windows takes a fifth of a millisecond this way; the same network called
through torch spends more than that on its calls alone.
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.motion.features import FEATURE_COUNT, STEPS, window_features
from asl_core.letters.weight_files import read_weights, require_shapes, write_weights
from asl_core.records.json_file import read_model_file, write_json
from asl_core.records.motion_report import MOTION_MODEL_FILE

SCHEMA_VERSION = 1
ARCHITECTURE = "motion_convolution"
WEIGHTS_FILE = "weights.safetensors"
CLASSES: tuple[str, ...] = ("none", "J", "Z", "J under way", "Z under way")

LAYERS: tuple[tuple[int, int, int], ...] = ((5, 1, 48), (3, 2, 64), (3, 2, 64))
"""Width, stride and channels of each convolution over time."""

HIDDEN_UNITS = 64

_KIND: dict[str, Any] = {
    "schema_version": SCHEMA_VERSION,
    "architecture": ARCHITECTURE,
    "classes": list(CLASSES),
    "features": FEATURE_COUNT,
    "steps": STEPS,
}


def _shapes() -> dict[str, tuple[int, ...]]:
    """Names and shapes of one network's arrays; a further axis in front counts networks."""
    shapes: dict[str, tuple[int, ...]] = {
        "mean": (FEATURE_COUNT,),
        "deviation": (FEATURE_COUNT,),
    }
    channels, steps = FEATURE_COUNT, STEPS
    for number, (width, stride, filters) in enumerate(LAYERS):
        shapes[f"convolution{number}.weight"] = (width * channels, filters)
        shapes[f"convolution{number}.bias"] = (filters,)
        channels, steps = filters, (steps - width) // stride + 1
    shapes["hidden.weight"] = (steps * channels, HIDDEN_UNITS)
    shapes["hidden.bias"] = (HIDDEN_UNITS,)
    shapes["output.weight"] = (HIDDEN_UNITS, len(CLASSES))
    shapes["output.bias"] = (len(CLASSES),)
    return shapes


SHAPES = _shapes()


@dataclass(frozen=True)
class MotionSettings:
    """How a MotionReader uses the networks; kept in `motion.json`.

    `window_seconds`: lengths of the windows that end at each frame; the surest one counts.
    `j_decision`, `z_decision`: a letter comes out when its probability, averaged over
    `decision_seconds`, reaches this; chosen by leaving signers out of training.
    `ending_share`: once the hand has vanished, so much of a letter's "under way" counts as its
    done, in windows that give it at least `least_done`. People drop the hand with the stroke's last
    bit, and detectors lose it there. 0 switches this off, as in files from before this rule.
    `tracing`: a stroke seems under way from this probability on.
    `least_extent`: palm lengths across which a drawing fingertip must have moved; a still hand
    never traces.
    """

    window_seconds: tuple[float, ...] = (0.6, 1.0, 1.6)
    # In the middle of where little changes: from 0.3 to 0.5 nearly the same J and Z of signers left
    # out of training come out, see docs/motion.md.
    j_decision: float = 0.4
    z_decision: float = 0.4
    decision_seconds: float = 0.06
    ending_share: float = 0.0
    least_done: float = 0.1
    tracing: float = 0.5
    least_extent: float = 0.6

    def __post_init__(self) -> None:
        if not self.window_seconds or not all(0.2 <= s <= 4 for s in self.window_seconds):
            raise ValueError(f"window_seconds is {self.window_seconds}, allowed are 0.2 to 4 each")
        for name in ("j_decision", "z_decision", "tracing"):
            if not 0 < getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}, allowed is between 0 and 1")
        for name in ("ending_share", "least_done"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is {getattr(self, name)}, allowed are 0 to 1")
        if not 0 <= self.decision_seconds <= 1:
            raise ValueError(f"decision_seconds is {self.decision_seconds}, allowed are 0 to 1")
        if not 0.1 <= self.least_extent <= 10:
            raise ValueError(f"least_extent is {self.least_extent}, allowed are 0.1 to 10")


@dataclass(frozen=True)
class MotionModel:
    """Networks of one shape whose answers are averaged; never changed, so threads may share it.

    `weights` holds arrays float32 `(E, *SHAPES[name])` for E networks.
    """

    weights: dict[str, NDArray[np.float32]]
    settings: MotionSettings = field(default_factory=MotionSettings)

    def probabilities(
        self, moments: NDArray[np.float32], seconds: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return the share of each of CLASSES, float32 `(N, 5)`.

        `moments` is float32 `(N, STEPS, MOMENT_COUNT)`: N windows, described by
        `features.moment_features`; `seconds` `(N,)` are their lengths.
        """
        logits = self._logits(window_features(moments, seconds)).mean(axis=0)
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)

    def _logits(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        weights = self.weights
        values = (features - weights["mean"][:, None, None]) / weights["deviation"][:, None, None]
        for number, (width, stride, _) in enumerate(LAYERS):
            values = _convolved(
                values,
                weights[f"convolution{number}.weight"],
                weights[f"convolution{number}.bias"],
                width,
                stride,
            )
        flat = values.reshape(*values.shape[:2], -1)
        hidden = flat @ weights["hidden.weight"] + weights["hidden.bias"][:, None]
        np.maximum(hidden, 0, out=hidden)
        return np.asarray(hidden @ weights["output.weight"] + weights["output.bias"][:, None])

    def save(self, folder: Path) -> None:
        """Write the weights and then `motion.json`, which makes the folder a model."""
        folder.mkdir(parents=True, exist_ok=True)
        entry = {
            **write_weights(folder / WEIGHTS_FILE, self.weights),
            "networks": len(next(iter(self.weights.values()))),
            "parameters": sum(value.size for value in self.weights.values()),
        }
        values: dict[str, Any] = {
            **_KIND,
            "settings": asdict(self.settings),
            "weights": entry,
        }
        write_json(folder / MOTION_MODEL_FILE, values)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load a model folder.

        Raises:
            ModelFileError: a file is missing, altered, of another schema, or does not fit.
        """
        values, settings = read_model_file(folder / MOTION_MODEL_FILE, _KIND, MotionSettings)
        weights = read_weights(folder, values.get("weights"), MOTION_MODEL_FILE)
        require_shapes(weights, SHAPES, f"{folder.name}/{WEIGHTS_FILE}")
        return cls(weights, settings)


def _convolved(
    values: NDArray[np.float32],
    weight: NDArray[np.float32],
    bias: NDArray[np.float32],
    width: int,
    stride: int,
) -> NDArray[np.float32]:
    """Convolve `(E, N, S, C)` over S with weights `(E, width * C, F)`, then ReLU."""
    networks, count, steps, channels = values.shape
    kept = (steps - width) // stride + 1
    values = np.ascontiguousarray(values)
    size = values.itemsize
    # The patches overlap in memory; a view of them costs a tenth of `as_strided`'s checks.
    patches: NDArray[np.float32] = np.ndarray(
        (networks, count, kept, width * channels),
        values.dtype,
        values,
        0,
        (
            count * steps * channels * size,
            steps * channels * size,
            stride * channels * size,
            size,
        ),
    )
    flat = patches.reshape(networks, count * kept, width * channels)
    result = flat @ weight + bias[:, None]
    np.maximum(result, 0, out=result)
    return np.asarray(result.reshape(networks, count, kept, -1))
