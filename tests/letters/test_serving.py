"""The exported networks of a run: chosen, checked, and the same answers as torch's."""

import json
from collections import Counter

import numpy as np
import pytest

from asl_core.errors import ModelFileError, SettingsError
from asl_core.letters import serving
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.network_form import FORM_VARIABLE
from asl_core.letters.recognizer import HandView, LetterRecognizer
from asl_core.letters.serving import (
    check_served,
    fast_in_eight_bits,
    faster_form,
)

pytestmark = pytest.mark.slow

CROPS = np.random.default_rng(5).integers(0, 256, (3, 32, 32, 3), np.uint8)
POINTS = np.random.default_rng(2).normal(100, 30, (21, 3)).astype(np.float32)
HANDS = [HandView(CROPS[0], POINTS), HandView(CROPS[1], POINTS, True), HandView(CROPS[2], None)]


@pytest.fixture
def served(served_folder, monkeypatch):
    """A run folder with exported networks that a test may change; no form is asked for."""
    monkeypatch.delenv(FORM_VARIABLE, raising=False)
    return served_folder


def edit(folder, change):
    path = folder / "model.json"
    values = json.loads(path.read_text())
    change(values["serving"])
    path.write_text(json.dumps(values))


def test_float32_gives_what_torch_gives(served, monkeypatch):
    monkeypatch.setenv(FORM_VARIABLE, "float32")
    made = LetterRecognizer.load(served, "cpu")
    assert made.networks.form == "float32 in ONNX Runtime"
    torch = LetterRecognizer.of(Checkpoint.load(served), "cpu")
    for given, wanted in zip(made.recognize(HANDS), torch.recognize(HANDS), strict=True):
        assert given.probabilities == pytest.approx(wanted.probabilities, rel=1e-3, abs=1e-5)
        for name in ("picture", "landmarks"):
            ours, theirs = getattr(given.evidence, name), getattr(wanted.evidence, name)
            assert (ours is None) == (theirs is None)
            assert ours is None or ours == pytest.approx(theirs, rel=1e-3, abs=1e-3)
        assert (given.landmark_best is None) == (wanted.landmark_best is None)


def test_eight_bits_come_near(served, monkeypatch):
    monkeypatch.setenv(FORM_VARIABLE, "int8")
    made = LetterRecognizer.load(served, "cpu")
    assert made.networks.form == "int8 in ONNX Runtime"
    torch = LetterRecognizer.of(Checkpoint.load(served), "cpu")
    for given, wanted in zip(made.recognize(HANDS), torch.recognize(HANDS), strict=True):
        assert given.probabilities == pytest.approx(wanted.probabilities, abs=0.1)
        likeness = given.evidence.picture @ wanted.evidence.picture
        assert likeness > 0.98


def test_live_gives_what_one_look_gives(served):
    made = LetterRecognizer.load(served, "cpu")
    live = made.for_live()
    assert not live.preprocessing.mirrored_look
    one = live.recognize([HANDS[0]])[0]
    assert one.probabilities == pytest.approx(
        live.recognize(HANDS)[0].probabilities, rel=1e-3, abs=1e-5
    )


def test_torch_can_be_asked_for(served, monkeypatch):
    monkeypatch.setenv(FORM_VARIABLE, "torch")
    assert LetterRecognizer.load(served, "cpu").networks.form == "float32 in torch"


def test_a_run_without_exported_networks_is_read_in_torch(run_folder):
    assert LetterRecognizer.load(run_folder, "cpu").networks.form == "float32 in torch"


def test_an_unknown_form_is_one_sentence(served, monkeypatch):
    monkeypatch.setenv(FORM_VARIABLE, "int4")
    with pytest.raises(SettingsError, match="ASL_NETWORK_FORM is 'int4', allowed are: int8, "):
        LetterRecognizer.load(served, "cpu")


@pytest.mark.parametrize(
    ("form", "file"),
    [
        ("int8", "picture.int8.onnx"),
        ("float32", "picture.onnx"),
        ("float32", "weights.safetensors"),
        ("int8", "landmarks.onnx"),
    ],
)
def test_an_altered_file_is_refused(served, monkeypatch, form, file):
    monkeypatch.setenv(FORM_VARIABLE, form)
    content = bytearray((served / file).read_bytes())
    content[-1] ^= 1
    (served / file).write_bytes(content)
    with pytest.raises(ModelFileError, match=f"{file} was altered"):
        LetterRecognizer.load(served, "cpu")


def test_a_missing_file_is_named(served, monkeypatch):
    monkeypatch.setenv(FORM_VARIABLE, "int8")
    (served / "picture.int8.onnx").unlink()
    with pytest.raises(ModelFileError, match=r"my-run has no picture\.int8\.onnx"):
        LetterRecognizer.load(served, "cpu")


def test_a_file_elsewhere_is_refused(served):
    edit(served, lambda values: values["int8"].update(file="../x.onnx"))
    with pytest.raises(ModelFileError, match=r"'\.\./x\.onnx' lies outside"):
        LetterRecognizer.load(served, "cpu")


def test_a_broken_record_is_one_sentence(served):
    edit(served, lambda values: values.pop("opset"))
    with pytest.raises(ModelFileError, match=r"my-run/model\.json is broken: serving\.opset"):
        LetterRecognizer.load(served, "cpu")


def test_without_eight_bits_float32_is_read(served, monkeypatch):
    edit(served, lambda values: values.update(int8=None))
    assert LetterRecognizer.load(served, "cpu").networks.form == "float32 in ONNX Runtime"
    monkeypatch.setenv(FORM_VARIABLE, "int8")
    with pytest.raises(ModelFileError, match="has no network in eight bits"):
        LetterRecognizer.load(served, "cpu")


@pytest.mark.parametrize(
    ("flags", "answer"),
    [
        ({"avx2", "avx512_vnni"}, True),
        ({"avx", "avx2"}, True),
        ({"fp", "asimddp"}, True),
        ({"avx"}, None),
        (set(), None),
    ],
)
def test_the_processor_tells_whether_eight_bits_are_fast(monkeypatch, flags, answer):
    monkeypatch.setattr(serving, "_processor_flags", lambda: frozenset(flags))
    monkeypatch.setattr(serving.sys, "platform", "linux")
    assert fast_in_eight_bits() is answer


def test_elsewhere_the_forms_are_measured_once(served, monkeypatch):
    monkeypatch.setattr(serving, "fast_in_eight_bits", lambda: None)
    monkeypatch.setattr(serving, "_faster", {})
    asked: Counter[str] = Counter()
    monkeypatch.setattr(
        serving, "faster_form", lambda key, size, forms: asked.update(list(forms)) or "float32"
    )
    assert LetterRecognizer.load(served, "cpu").networks.form == "float32 in ONNX Runtime"
    assert asked == {"int8": 1, "float32": 1}


def test_the_form_that_takes_less_of_the_processor_is_faster(monkeypatch):
    monkeypatch.setattr(serving, "_faster", {})

    def network(rounds):
        def ask(crop):
            for _ in range(rounds):
                np.sort(np.arange(1000)[::-1])

        return ask

    assert faster_form("a", 16, {"int8": network(200), "float32": network(10)}) == "float32"
    # The second time nothing is asked.
    broken = dict.fromkeys(("int8", "float32"), network(None))
    assert faster_form("a", 16, broken) == "float32"
    assert faster_form("b", 16, {"int8": network(10), "float32": network(200)}) == "int8"


def test_all_exported_networks_are_checked(served):
    assert check_served(served) == " and exported networks (int8, float32)"
    edit(served, lambda values: values.update(int8=None))
    assert check_served(served) == " and exported networks (float32)"
    (served / "picture.onnx").write_bytes(b"x")
    with pytest.raises(ModelFileError, match=r"picture\.onnx was altered"):
        check_served(served)
