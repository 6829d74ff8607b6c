"""The streaming network of the natural mode, run with NumPy alone, one tick after another."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import LETTERS
from asl_core.spelling.fluent.features import FEATURE_COUNT

BLANK = 0
"""Class of "no letter"; letter number i of the alphabet is class i + 1."""

CLASS_COUNT = len(LETTERS) + 1


@dataclass(frozen=True)
class Convolution:
    """A convolution over time: so many taps, every `dilation` ticks, `ahead` of them to come."""

    taps: int
    dilation: int
    ahead: int

    @property
    def span(self) -> int:
        """Ticks from the first tap to the last, both counted."""
        return (self.taps - 1) * self.dilation + 1

    @property
    def delay(self) -> int:
        """Ticks that must come before an answer."""
        return self.ahead * self.dilation


ENCODER_UNITS = 160
CHANNELS = 96
CONVOLUTIONS = (
    Convolution(5, 1, 2),
    Convolution(5, 1, 2),
    Convolution(5, 2, 2),
    Convolution(5, 2, 0),
)

DELAY_TICKS = sum(convolution.delay for convolution in CONVOLUTIONS)
"""How far behind the newest tick the answers are: 8 ticks, 0.27 s."""

_EPSILON = 1e-5


def _shapes() -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "mean": (FEATURE_COUNT,),
        "deviation": (FEATURE_COUNT,),
        "encoder0.weight": (FEATURE_COUNT, ENCODER_UNITS),
        "encoder0.bias": (ENCODER_UNITS,),
        "encoder1.weight": (ENCODER_UNITS, CHANNELS),
        "encoder1.bias": (CHANNELS,),
    }
    for number, convolution in enumerate(CONVOLUTIONS):
        shapes[f"norm{number}.weight"] = shapes[f"norm{number}.bias"] = (CHANNELS,)
        shapes[f"convolution{number}.weight"] = (convolution.taps * CHANNELS, CHANNELS)
        shapes[f"convolution{number}.bias"] = (CHANNELS,)
    shapes["head.weight"], shapes["head.bias"] = (CHANNELS, CLASS_COUNT), (CLASS_COUNT,)
    return shapes


SHAPES = _shapes()
"""Names and shapes of one network's arrays; a further axis in front counts networks."""

Weights = dict[str, NDArray[np.float32]]


class StreamingNetworks:
    """E networks on one visitor's stream, whose log-probabilities are averaged; not thread-safe.

    `weights` holds arrays float32 `(E, *SHAPES[name])` and is shared, never changed.
    """

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._count = len(weights["mean"])
        self._layers: list[_StreamingConvolution] = []
        self.reset()

    def reset(self) -> None:
        """Forget the stream."""
        self._layers = [
            _StreamingConvolution(self._weights, number, convolution, self._count)
            for number, convolution in enumerate(CONVOLUTIONS)
        ]

    def push(self, features: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """Take a tick's features `(FEATURE_COUNT,)`; give an older tick's answer.

        The answer is log-probabilities float32 `(27,)` of the tick DELAY_TICKS before, None while
        there is no such tick.
        """
        weights = self._weights
        values = (features - weights["mean"]) / weights["deviation"]
        for name in ("encoder0", "encoder1"):
            values = _dense(values, weights[f"{name}.weight"], weights[f"{name}.bias"])
            np.maximum(values, 0, out=values)
        for layer in self._layers:
            following = layer.push(values)
            if following is None:
                return None
            values = following
        logits = _dense(values, weights["head.weight"], weights["head.bias"])
        return np.asarray(_log_softmax(logits).mean(axis=0), np.float32)


class _StreamingConvolution:
    """One convolution with its way around, which remembers the ticks it still needs."""

    def __init__(self, weights: Weights, number: int, shape: Convolution, count: int) -> None:
        self._scale = weights[f"norm{number}.weight"]
        self._shift = weights[f"norm{number}.bias"]
        self._weight = weights[f"convolution{number}.weight"]
        self._bias = weights[f"convolution{number}.bias"]
        self._shape = shape
        # Before the stream there is nothing: zeros, as in training.
        self._inputs = np.zeros((count, shape.span, CHANNELS), np.float32)
        self._around: deque[NDArray[np.float32]] = deque(maxlen=shape.delay + 1)

    def push(self, values: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """Take `(E, CHANNELS)` of a tick and give those of the tick `delay` before."""
        centered = values - values.mean(axis=1, keepdims=True)
        spread = np.sqrt((centered * centered).mean(axis=1, keepdims=True) + _EPSILON)
        self._inputs[:, :-1] = self._inputs[:, 1:]
        self._inputs[:, -1] = centered / spread * self._scale + self._shift
        self._around.append(values)
        if len(self._around) <= self._shape.delay:
            return None
        taps = self._inputs[:, :: self._shape.dilation].reshape(len(values), -1)
        result = _dense(taps, self._weight, self._bias)
        return np.maximum(result, 0, out=result) + self._around[0]


def _dense(
    values: NDArray[np.float32], weight: NDArray[np.float32], bias: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Multiply `(E, A)` by `(E, A, B)`."""
    return np.asarray((values[:, None] @ weight)[:, 0] + bias)


def _log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    moved = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(moved - np.log(np.exp(moved).sum(axis=1, keepdims=True)))
