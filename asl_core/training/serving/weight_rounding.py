"""What rounding does to a convolution's weights, and how little it can do."""

import numpy as np
from numpy.typing import NDArray

_SHARES = np.linspace(0.5, 1.0, 26)
"""Shares of a channel's largest weight that are tried as the largest one to keep."""


def clipped(weights: NDArray[np.float32], bits: int) -> NDArray[np.float32]:
    """Limit each output channel of weights `(O, I, H, W)` where rounding then costs least.

    A channel's step is its largest weight divided by the largest whole number. One weight far from
    the others makes the step large for all; limiting it can make the sum of squared errors smaller.
    """
    rows = weights.reshape(len(weights), -1)
    largest = np.abs(rows).max(axis=1)
    best, least = largest.copy(), np.full(len(rows), np.inf)
    for share in _SHARES:
        limit = largest * share
        cost = ((_rounded(rows, limit, bits) - rows) ** 2).sum(axis=1)
        is_less = cost < least
        best[is_less], least[is_less] = limit[is_less], cost[is_less]
    limited = np.clip(rows, -best[:, None], best[:, None])
    return np.asarray(limited.reshape(weights.shape), np.float32)


def rounding_error(
    weights: NDArray[np.float32], limited: NDArray[np.float32], bits: int
) -> NDArray[np.float32]:
    """Return what clipping to `limited` and rounding add to weights, in their shape."""
    rows = limited.reshape(len(limited), -1)
    rounded = _rounded(rows, np.abs(rows).max(axis=1), bits)
    return np.asarray(rounded.reshape(weights.shape) - weights, np.float32)


def _rounded(
    rows: NDArray[np.float32], limits: NDArray[np.float32], bits: int
) -> NDArray[np.float32]:
    """Round rows `(O, K)` to whole steps of their limits, as ONNX Runtime does symmetrically."""
    most = 2 ** (bits - 1)
    steps = np.maximum(limits / most, 1e-12)[:, None]
    return np.asarray(np.clip(np.round(rows / steps), -most, most) * steps, np.float32)
