import json
import sys

import numpy as np
import pytest
import torch

from asl_core.errors import ModelFileError
from asl_core.letters.export import export_onnx

pytestmark = pytest.mark.slow

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")


@pytest.fixture(scope="module")
def onnx_file(tmp_path_factory, random_checkpoint):
    path = tmp_path_factory.mktemp("onnx") / "letters.onnx"
    export_onnx(random_checkpoint, path)
    return path


@pytest.fixture(scope="module")
def session(onnx_file):
    return onnxruntime.InferenceSession(onnx_file, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_onnx_gives_what_torch_gives_for_any_batch(session, random_network, batch):
    pictures = torch.randn(batch, 3, 32, 32)
    (logits,) = session.run(["logits"], {"pictures": pictures.numpy()})
    with torch.inference_mode():
        expected = random_network(pictures).numpy()
    assert logits.shape == (batch, 26)
    assert logits == pytest.approx(expected, rel=1e-3, abs=1e-3)
    assert np.array_equal(logits.argmax(1), expected.argmax(1))


def test_metadata_hold_classes_and_preprocessing(session, random_checkpoint):
    held = session.get_modelmeta().custom_metadata_map
    assert json.loads(held["classes"]) == list(random_checkpoint.classes)
    preprocessing = json.loads(held["preprocessing"])
    assert preprocessing["input_size"] == 32
    assert preprocessing["mean"] == [0.4, 0.5, 0.6]
    assert json.loads(held["calibration"])["temperature"] == 1.5
    assert held["run"] == "random"


def test_the_file_is_whole_and_passes_the_checker(onnx_file):
    onnx.checker.check_model(onnx_file, full_check=True)
    assert [path.name for path in onnx_file.parent.iterdir()] == ["letters.onnx"]
    assert 45e6 < onnx_file.stat().st_size < 47e6


def test_a_missing_package_is_named_with_its_remedy(tmp_path, random_checkpoint, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    with pytest.raises(ModelFileError, match="pip install onnx onnxscript"):
        export_onnx(random_checkpoint, tmp_path / "x.onnx")
