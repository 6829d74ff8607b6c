"""Forms for browsers of a small network, and which of them is taken."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from asl_core.errors import ModelFileError
from asl_core.letters.onnx_network import LOG_PROBABILITIES, PIXELS, OnnxNetwork
from asl_core.records.serving_record import INT8, EightBitMaking, Parity, ServedFile, ServingRecord
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


def record_with(rows):
    making = EightBitMaking(400, "photos", "train", 0, "MinMax", 7, ())
    file = ServedFile("picture.int8.onnx", "0" * 64)
    return ServingRecord(17, file, file, None, making, rows)


def test_the_noted_parity_is_that_of_one_look():
    rows = tuple(Parity(INT8, looks, 100, 0.9, 0.8 + looks / 100, 0.99, 0.0) for looks in (2, 1))
    parity = web._noted_parity(record_with(rows), b"12345")
    assert (parity.photos, parity.accuracy) == (100, 0.9)
    (form,) = parity.forms
    assert (form.name, form.bytes, form.accuracy) == (INT8, 5, 0.81)


def test_a_record_without_that_row_is_told():
    with pytest.raises(ModelFileError, match="no parity"):
        web._noted_parity(record_with(()), b"")
