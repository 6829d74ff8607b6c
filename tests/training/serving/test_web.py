"""Forms for browsers of a small network, and which of them is taken."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from asl_core.errors import ModelFileError
from asl_core.letters.onnx_network import LOG_PROBABILITIES, PIXELS, OnnxNetwork
from asl_core.photos.hand_crops import HandCrops, KeptPhoto
from asl_core.records.web_model import WebForm, web_model_of
from asl_core.training.labelled_crops import LabelledCrops
from asl_core.training.serving import web

SIDE, CLASSES = 8, 3


@pytest.fixture(scope="module")
def graph():
    """Return a graph of a convolution and a product on pictures of 8 by 8, weights by chance."""
    random = np.random.default_rng(0)
    weights = {
        "conv": random.normal(0, 0.003, (16, 3, 3, 3)),
        "bias": random.normal(0, 0.1, 16),
        "head": random.normal(0, 0.3, (CLASSES, 16)),
        "last": np.zeros(CLASSES),
    }
    nodes = [
        helper.make_node("Cast", [PIXELS], ["floats"], to=1),
        helper.make_node("Transpose", ["floats"], ["first"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["first", "conv", "bias"], ["maps"], kernel_shape=[3, 3]),
        helper.make_node("GlobalAveragePool", ["maps"], ["means"]),
        helper.make_node("Flatten", ["means"], ["flat"]),
        helper.make_node("Gemm", ["flat", "head", "last"], ["logits"], transB=1),
        helper.make_node("LogSoftmax", ["logits"], [LOG_PROBABILITIES], axis=1),
    ]
    model = helper.make_model(
        helper.make_graph(
            nodes,
            "small",
            [helper.make_tensor_value_info(PIXELS, TensorProto.UINT8, ["batch", SIDE, SIDE, 3])],
            [helper.make_tensor_value_info(LOG_PROBABILITIES, TensorProto.FLOAT, ["batch", 3])],
            [numpy_helper.from_array(v.astype(np.float32), k) for k, v in weights.items()],
        ),
        opset_imports=[helper.make_opsetid("", 17)],
    )
    model.ir_version = 8
    return model.SerializeToString()


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(1).integers(0, 256, (12, SIDE, SIDE, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("form", "tolerance"),
    [(web.weights_in_eight_bits, 0.6), (web.in_half_floats, 0.1)],
    ids=["eight bits", "half floats"],
)
def test_a_smaller_form_answers_nearly_the_same(graph, pictures, form, tolerance):
    smaller = form(graph)
    before, after = OnnxNetwork(graph)(pictures)[0], OnnxNetwork(smaller)(pictures)[0]
    assert after == pytest.approx(before, abs=tolerance)
    assert not np.array_equal(after, before)
    assert stored(smaller) < 0.65 * stored(graph)


def stored(graph):
    return sum(len(t.raw_data) for t in onnx.load_from_string(graph).graph.initializer)


def test_the_judge_counts_right_and_equal_answers(graph, pictures):
    truth = OnnxNetwork(graph)(pictures)[0].argmax(axis=1)
    truth[0] = (truth[0] + 1) % CLASSES
    judge = web._Judge(lambda: iter([pictures[:5], pictures[5:]]), truth)
    judge.compare_with(graph)
    form = judge.form("same", graph)
    assert judge.accuracy == round(11 / 12, 5)
    assert (form.accuracy, form.same_answer, form.bytes) == (judge.accuracy, 1.0, len(graph))


def test_the_landmark_network_has_its_say(graph, pictures):
    first = np.zeros((12, CLASSES), np.float32)
    first[:, 0] = 1000.0
    judge = web._Judge(lambda: iter([pictures]), np.zeros(12, np.int64), first, share=0.5)
    judge.compare_with(graph)
    assert judge.accuracy == 1.0


def labelled(count, seed):
    random = np.random.default_rng(seed)
    kept = random.integers(0, 256, (count, 40, 40, 3), np.uint8)
    photos = [KeptPhoto(f"{n}.png", "A", "s", "s", "ok", True, "Right", 9, 9) for n in range(count)]
    crops = HandCrops.of(kept, random.normal(0.5, 0.1, (count, 21, 3)).astype(np.float32), photos)
    return LabelledCrops(crops, np.full(count, -1), np.zeros(count, bool), np.ones(count, bool))


@pytest.fixture
def my_run(tmp_path):
    import torch

    from asl_core.letters.checkpoint import Checkpoint
    from asl_core.letters.classifier import LetterClassifier
    from asl_core.letters.preprocessing import Preprocessing

    torch.manual_seed(0)
    network = LetterClassifier(3).eval()
    checkpoint = Checkpoint("my-run", ("A", "B", "C"), Preprocessing(input_size=32), network)
    checkpoint.save(tmp_path / "my-run")
    return tmp_path / "my-run"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("losses", "form", "file"),
    [
        ((0.0,), "int8", "picture.web.onnx"),
        ((0.003, 0.001), "int8 weights", "picture.web.onnx"),
        ((0.003, 0.003, 0.0), "float16", "picture.web.onnx"),
    ],
    ids=["the smallest", "the next", "the last"],
)
def test_the_smallest_form_that_is_good_enough_is_written(my_run, monkeypatch, losses, form, file):
    from asl_core.letters.checkpoint import Checkpoint

    left = list(losses)

    def read(judge, name, content):
        return WebForm(name, len(content), judge.accuracy - left.pop(0), 0.99)

    monkeypatch.setattr(web._Judge, "form", read)
    model = web.write_web(
        Checkpoint.load(my_run), my_run, labelled(8, 0), labelled(8, 1), "the command"
    )
    assert (model.form, model.file) == (form, file)
    assert len(model.parity.forms) == len(losses)
    assert web_model_of(my_run) == model
    assert len(model.content(my_run)) == model.size


@pytest.mark.slow
def test_where_no_form_is_good_enough_nothing_is_written(my_run, monkeypatch):
    from asl_core.letters.checkpoint import Checkpoint

    worse = WebForm("any", 1, -1.0, 0.5)
    monkeypatch.setattr(web._Judge, "form", lambda judge, name, content: worse)
    with pytest.raises(ModelFileError, match=r"my-run loses more than 0.2 points in any form"):
        web.write_web(Checkpoint.load(my_run), my_run, labelled(8, 0), labelled(8, 1), "c")
    assert not (my_run / "web.json").exists()
