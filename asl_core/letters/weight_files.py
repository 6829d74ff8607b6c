"""Weights on disk: safetensors in float16 beside a JSON that holds their SHA-256; without torch."""

import hashlib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from asl_core.errors import ModelFileError


def write_weights(path: Path, arrays: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Write the arrays, floats as float16, and return the file's entry for the model's JSON.

    The entry holds `file`, `dtype` and `sha256`.
    """
    content = save({name: _narrowed(array) for name, array in arrays.items()})
    partial = path.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(path)
    return {
        "file": path.name,
        "dtype": "float16",
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def verified_bytes(folder: Path, entry: Any, json_name: str) -> bytes:
    """Read the file that `entry` names and compare its SHA-256.

    `json_name` is the file in `folder` that holds the entry.

    Raises:
        ModelFileError: the file is missing, altered or outside of `folder`.
    """
    where = f"{folder.name}/{json_name}"
    if not isinstance(entry, dict) or not {"file", "sha256"} <= entry.keys():
        raise ModelFileError(f"{where} names no weights with SHA-256.")
    name, expected = str(entry["file"]), str(entry["sha256"])
    if Path(name).name != name:
        raise ModelFileError(f"{where} names weights outside of its folder: {name}.")
    try:
        content = (folder / name).read_bytes()
    except OSError:
        raise ModelFileError(f"{folder.name} has no {name}.") from None
    digest = hashlib.sha256(content).hexdigest()
    if digest != expected:
        raise ModelFileError(
            f"{folder.name}/{name} was altered (SHA-256 {digest[:12]}…, expected {expected[:12]}…)."
        )
    return content


def read_weights(folder: Path, entry: Any, json_name: str) -> dict[str, NDArray[Any]]:
    """Read the file that `entry` names, floats as float32, after comparing its SHA-256.

    Raises:
        ModelFileError: the file is no safetensors file, or see `verified_bytes`.
    """
    content = verified_bytes(folder, entry, json_name)
    name = Path(str(entry["file"])).name
    try:
        arrays = load(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise ModelFileError(f"{folder.name}/{name} is not a safetensors file: {error}.") from None
    return {key: _widened(array) for key, array in arrays.items()}


def require_shapes(
    arrays: Mapping[str, NDArray[Any]], shapes: Mapping[str, tuple[int, ...]], where: str
) -> None:
    """Refuse arrays other than finite `(E, *shapes[name])`, with the same E for all of them.

    Raises:
        ModelFileError: a name is missing or foreign, a shape differs, or a value is not finite.
    """
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


def _narrowed(array: NDArray[Any]) -> NDArray[Any]:
    is_float = np.issubdtype(array.dtype, np.floating)
    return np.asarray(array, np.float16 if is_float else array.dtype, order="C")


def _widened(array: NDArray[Any]) -> NDArray[Any]:
    is_float = np.issubdtype(array.dtype, np.floating)
    return np.asarray(array, np.float32 if is_float else array.dtype, order="C")


def download_checkpoint(repo_id: str, file: str) -> Path:
    """Download one file of a Hub repository, or take it from huggingface_hub's cache.

    Raises:
        ModelFileError: the repository or file does not exist, or the Hub cannot be reached.
    """
    from huggingface_hub import hf_hub_download

    # Each of its retries would be logged with an address; the error at the end says enough.
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    try:
        return Path(hf_hub_download(repo_id, file))
    except Exception as error:  # network, HTTP and validation errors share no base class
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise ModelFileError(
            f"{file} of {repo_id!r} cannot be downloaded from the Hugging Face Hub: "
            f"{lines[0].rstrip('.:')}."
        ) from None
