"""Weights on disk: safetensors in float16, whose SHA-256 stands in `model.json`."""

import hashlib
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load as load_safetensors
from safetensors.torch import save as save_safetensors
from torch import Tensor, nn

from asl_core.errors import ModelFileError
from asl_core.letters.classifier import parameter_count
from asl_core.records.training_run import MODEL_FILE


def write_weights(path: Path, network: nn.Module) -> dict[str, Any]:
    """Write the weights as float16 and give their entry in `model.json`, with the SHA-256."""
    tensors: dict[str, Tensor] = {
        key: value.detach().cpu().half().contiguous() if value.is_floating_point() else value.cpu()
        for key, value in network.state_dict().items()
    }
    content = save_safetensors(tensors)
    partial = path.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(path)
    return {
        "file": path.name,
        "dtype": "float16",
        "parameters": parameter_count(network),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def read_weights(folder: Path, entry: dict[str, Any]) -> dict[str, Tensor]:
    """Read the weight file that `entry` names, as float32, after its SHA-256 was compared.

    Raises:
        ModelFileError: the file is missing, altered, outside of `folder` or no safetensors file.
    """
    try:
        name, expected = str(entry["file"]), str(entry["sha256"])
    except (KeyError, TypeError):
        raise ModelFileError(f"{folder.name}/{MODEL_FILE} names no weights with SHA-256.") from None
    if Path(name).name != name:
        raise ModelFileError(
            f"{folder.name}/{MODEL_FILE} names weights outside of its folder: {name}."
        )
    try:
        content = (folder / name).read_bytes()
    except OSError:
        raise ModelFileError(f"{folder.name} has no {name}.") from None
    digest = hashlib.sha256(content).hexdigest()
    if digest != expected:
        raise ModelFileError(
            f"{folder.name}/{name} was altered (SHA-256 {digest[:12]}…, expected {expected[:12]}…)."
        )
    try:
        tensors = load_safetensors(content)
    except (SafetensorError, ValueError, KeyError, RuntimeError) as error:
        raise ModelFileError(f"{folder.name}/{name} is not a safetensors file: {error}.") from None
    return {k: v.float() if v.is_floating_point() else v for k, v in tensors.items()}
