"""Writes a checkpoint in ONNX, for runtimes other than torch."""

import json
from pathlib import Path

import torch

from asl_core.errors import ModelFileError
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.model_file import SCHEMA_VERSION

INPUT_NAME = "pictures"
OUTPUT_NAME = "logits"


def export_onnx(checkpoint: Checkpoint, path: Path) -> None:
    """Write the image network as one ONNX file.

    The graph takes `pictures`, float32 `(B, 3, S, S)`, RGB, normalised by the checkpoint's mean and
    std, for any B, and gives `logits`, float32 `(B, C)`. The metadata of the file hold, as JSON,
    `classes` in the order of the outputs, `preprocessing`, `calibration` and `schema_version`,
    and under `run` the name. Mirroring of left hands, the mirrored look and the landmark network
    are steps around the graph and not part of it.

    Raises:
        ModelFileError: the packages onnx and onnxscript are not installed.
    """
    try:
        import onnx
        import onnxscript  # noqa: F401  torch.onnx.export loads it, with a longer error
    except ImportError as error:
        raise ModelFileError(
            f"{error.name} is not installed; get it with: pip install onnx onnxscript"
        ) from None
    size = checkpoint.preprocessing.input_size
    # With one picture the exporter would take the batch for a constant.
    example = torch.zeros(2, 3, size, size)
    program = torch.onnx.export(
        checkpoint.network.eval(),
        (example,),
        input_names=[INPUT_NAME],
        output_names=[OUTPUT_NAME],
        dynamic_shapes=({0: torch.export.Dim("batch")},),
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    model = program.model_proto
    onnx.helper.set_model_props(model, _metadata(checkpoint))
    onnx.checker.check_model(model, full_check=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(model.SerializeToString())
    partial.replace(path)


def _metadata(checkpoint: Checkpoint) -> dict[str, str]:
    return {
        "run": checkpoint.name,
        "schema_version": str(SCHEMA_VERSION),
        "classes": json.dumps(list(checkpoint.classes)),
        "preprocessing": json.dumps(checkpoint.preprocessing.as_json()),
        "calibration": json.dumps(vars(checkpoint.calibration)),
    }
