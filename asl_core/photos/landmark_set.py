"""Landmarks of letters without their photos: hands of further people, for training alone."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asl_core.errors import PhotoSetError


@dataclass(frozen=True)
class LandmarkSet:
    """N hands: points float32 `(N, 21, 3)` in one scale for x and y, z NaN where not known.

    All look like right hands in an unmirrored picture. `labels` are letters, `signers` names,
    both `(N,)`. `name` is that of the file.
    """

    name: str
    points: NDArray[np.float32]
    labels: NDArray[np.str_]
    signers: NDArray[np.str_]


def read_landmark_set(path: Path) -> LandmarkSet:
    """Read an `.npz` with `landmarks`, `label`, `signer` and `note`.

    Hands that are noted `hard` or `motion` are left out.

    Raises:
        PhotoSetError: the file is missing, broken or holds no usable hand.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            landmarks = file["landmarks"].astype(np.float32)
            label, signer, note = file["label"], file["signer"], file["note"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise PhotoSetError(f"{path.name} holds no landmarks of letters: {error}.") from None
    usable = note == "ok"
    if landmarks.shape[1:] != (21, 3) or not usable.any():
        raise PhotoSetError(f"{path.name} holds no usable hand: {landmarks.shape}.")
    return LandmarkSet(path.name, landmarks[usable], label[usable], signer[usable])
