"""Weights of the NumPy networks on disk: safetensors in float16, checked by SHA-256 and shape."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as load_safetensors
from safetensors.numpy import save as save_safetensors

from asl_core.errors import ModelFileError
from asl_core.records.motion_report import MOTION_MODEL_FILE


def write_plain_weights(path: Path, weights: dict[str, NDArray[np.float32]]) -> dict[str, Any]:
    """Write the arrays as float16 and give their entry in `motion.json`, with the SHA-256."""
    content = save_safetensors({name: value.astype(np.float16) for name, value in weights.items()})
    partial = path.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(path)
    return {
        "file": path.name,
        "dtype": "float16",
        "networks": len(next(iter(weights.values()))),
        "parameters": sum(value.size for value in weights.values()),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def read_plain_weights(
    folder: Path, entry: Any, shapes: dict[str, tuple[int, ...]]
) -> dict[str, NDArray[np.float32]]:
    """Read the arrays that `entry` names as float32 `(E, *shapes[name])`, E the same for all.

    Raises:
        ModelFileError: the file is missing, altered, outside of `folder`, no safetensors file, or
            holds other names, shapes or values that are not finite.
    """
    where = f"{folder.name}/{MOTION_MODEL_FILE}"
    if not isinstance(entry, dict) or not {"file", "sha256"} <= entry.keys():
        raise ModelFileError(f"{where} names no weights with SHA-256.")
    name = str(entry["file"])
    if Path(name).name != name:
        raise ModelFileError(f"{where} names weights outside of its folder: {name}.")
    try:
        content = (folder / name).read_bytes()
    except OSError:
        raise ModelFileError(f"{folder.name} has no {name}.") from None
    digest = hashlib.sha256(content).hexdigest()
    if digest != entry["sha256"]:
        raise ModelFileError(
            f"{folder.name}/{name} was altered (SHA-256 {digest[:12]}…, "
            f"expected {str(entry['sha256'])[:12]}…)."
        )
    try:
        arrays = load_safetensors(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise ModelFileError(f"{folder.name}/{name} is not a safetensors file: {error}.") from None
    _require_shapes(arrays, shapes, f"{folder.name}/{name}")
    return {key: np.ascontiguousarray(value, np.float32) for key, value in arrays.items()}


def _require_shapes(
    arrays: dict[str, NDArray[Any]], shapes: dict[str, tuple[int, ...]], where: str
) -> None:
    if arrays.keys() != shapes.keys():
        wrong = sorted(arrays.keys() ^ shapes.keys())[0]
        raise ModelFileError(f"{where} lacks the weights {wrong!r} or should not have them.")
    networks = len(next(iter(arrays.values())))
    for name, shape in shapes.items():
        if networks < 1 or arrays[name].shape != (networks, *shape):
            raise ModelFileError(
                f"{where}: {name!r} has shape {arrays[name].shape}, expected "
                f"{(max(networks, 1), *shape)}."
            )
        if not np.isfinite(arrays[name]).all():
            raise ModelFileError(f"{where}: {name!r} holds values that are not finite.")
