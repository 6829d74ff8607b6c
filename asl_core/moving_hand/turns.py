"""Turns a hand in space, and moves it gently from one shape to another."""

import numpy as np
from numpy.typing import NDArray

from asl_core.hands.landmarks import PALM_OUTLINE


def eased(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Start and stop gently: 0 to 1 becomes 0 to 1 with level ends."""
    return np.asarray(share * share * (3 - 2 * share))


def signed_area(points: NDArray[np.float32]) -> float:
    """Return the palm's signed area in the picture: its sign tells a hand from its mirror image."""
    index, little = points[5] - points[0], points[17] - points[0]
    return float(index[0] * little[1] - index[1] * little[0])


def turns_of(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return rotations `(K, 3, 3)` about z, then y, then x by `angles` `(K, 3)` in radians."""
    cosine, sine = np.cos(angles), np.sin(angles)
    turns = np.tile(np.eye(3), (len(angles), 1, 1))
    for axis, (one, other) in enumerate(((0, 1), (0, 2), (1, 2))):
        turn = np.tile(np.eye(3), (len(angles), 1, 1))
        turn[:, one, one] = turn[:, other, other] = cosine[:, axis]
        turn[:, one, other], turn[:, other, one] = -sine[:, axis], sine[:, axis]
        turns = turn @ turns
    return turns


def palm_turns(points: NDArray[np.float32], reference: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rotations `(K, 3, 3)` that turn the palm of `reference` into each hand's palm.

    Least squares over six points of the palm (Kabsch 1976).
    """
    palms = points[:, PALM_OUTLINE] - points[:, PALM_OUTLINE].mean(axis=1, keepdims=True)
    base = reference[list(PALM_OUTLINE)] - reference[list(PALM_OUTLINE)].mean(axis=0)
    left, _, right = np.linalg.svd(np.einsum("kpi,pj->kij", palms, base))
    handed = np.ones((len(points), 3), np.float32)
    handed[:, 2] = np.sign(np.linalg.det(left @ right))
    return np.asarray((left * handed[:, None, :]) @ right, np.float32)


def turns_between(turns: NDArray[np.float32], place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rotations at each `place` (`(K,)`, 0 to N - 1) on the way through `(N, 3, 3)`.

    Between two of them the turn is even, about one axis (Shoemake 1985).
    """
    before = np.minimum(place.astype(int), max(len(turns) - 2, 0))
    after = np.minimum(before + 1, len(turns) - 1)
    relative = np.einsum("kji,kjl->kil", turns[before], turns[after]).astype(np.float64)
    angle = np.arccos(np.clip((np.trace(relative, axis1=1, axis2=2) - 1) / 2, -1, 1))
    skew = relative - relative.transpose(0, 2, 1)
    axis = np.stack([skew[:, 2, 1], skew[:, 0, 2], skew[:, 1, 0]], axis=1)
    # Half a turn has no axis of its own here; no two letters are so far apart.
    axis /= np.maximum(np.linalg.norm(axis, axis=1, keepdims=True), 1e-9)
    return np.asarray(turns[before] @ _about(axis, angle * (place - before)))


def _about(axis: NDArray[np.float64], angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rotations about unit axes `(K, 3)` by angles `(K,)` in radians (Rodrigues 1840)."""
    cross = np.zeros((len(axis), 3, 3))
    cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = -axis[:, 2], axis[:, 1], -axis[:, 0]
    cross -= cross.transpose(0, 2, 1)
    sine, cosine = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    return np.asarray(np.eye(3) + sine * cross + (1 - cosine) * cross @ cross)
