import pytest
import torch

from asl_core.errors import ModelFileError
from asl_core.letters.classifier import (
    LandmarkClassifier,
    LetterClassifier,
    load_weights,
    parameter_count,
    without_weights,
)


def test_has_the_references_number_of_parameters(random_network):
    assert parameter_count(random_network) == 11_452_506


def test_state_dict_has_the_references_keys_and_shapes(random_network):
    weights = random_network.state_dict()
    shapes = {key: tuple(value.shape) for key, value in weights.items()}
    assert len(weights) == 124
    assert next(iter(weights)) == "model.conv1.weight"
    assert list(weights)[-1] == "model.fc.4.bias"
    assert all(key.startswith("model.") for key in weights)
    assert shapes["model.conv1.weight"] == (64, 3, 7, 7)
    assert shapes["model.layer4.1.bn2.running_var"] == (512,)
    assert shapes["model.fc.1.weight"] == (512, 512)
    assert shapes["model.fc.4.weight"] == (26, 512)


def test_head_is_the_references(random_network):
    head = random_network.model.fc
    assert [type(layer).__name__ for layer in head] == [
        "Dropout",
        "Linear",
        "ReLU",
        "Dropout",
        "Linear",
    ]
    assert (head[0].p, head[3].p) == (0.5, 0.3)


@pytest.mark.parametrize("size", [32, 64])
def test_gives_a_logit_for_each_class_at_any_size(size):
    network = LetterClassifier(29).eval()
    with torch.inference_mode():
        assert network(torch.zeros(2, 3, size, size)).shape == (2, 29)


def test_landmark_network_gives_a_logit_for_each_class():
    network = LandmarkClassifier(138, 26).eval()
    assert network(torch.zeros(5, 138)).shape == (5, 26)
    assert parameter_count(network) == 138 * 384 + 384 * 384 + 384 * 26 + 2 * 384 + 26 + 4 * 384


def test_load_weights_copies_every_value(random_network):
    other = LetterClassifier(26).eval()
    load_weights(other, random_network.state_dict(), "w")
    picture = torch.rand(1, 3, 32, 32)
    with torch.inference_mode():
        assert torch.equal(other(picture), random_network(picture))


def test_load_weights_does_without_batch_norm_counters(random_network):
    counted = random_network.state_dict()
    weights = {k: v for k, v in counted.items() if not k.endswith("num_batches_tracked")}
    assert len(weights) == len(counted) - 20
    network = without_weights(lambda: LetterClassifier(26))
    load_weights(network, weights, "w")
    assert network.state_dict()["model.bn1.num_batches_tracked"] == 0


def test_a_network_without_weights_is_like_any_other_once_they_are_loaded(random_network):
    network = without_weights(lambda: LetterClassifier(26))
    load_weights(network, random_network.state_dict(), "w")
    picture = torch.rand(1, 3, 32, 32)
    with torch.inference_mode():
        assert torch.equal(network(picture), random_network(picture))
    assert not network.training
    assert all(p.device.type == "cpu" and p.requires_grad for p in network.parameters())


def altered(weights, key, value):
    return {**weights, key: value}


BROKEN = {
    "missing": (
        lambda w: {k: v for k, v in w.items() if k != "model.fc.4.bias"},
        r"w\.pth lacks the weights 'model\.fc\.4\.bias'",
    ),
    "unknown": (lambda w: altered(w, "extra", torch.zeros(1)), "holds unknown weights 'extra'"),
    "other shape": (
        lambda w: altered(w, "model.fc.4.bias", torch.zeros(25)),
        r"'model\.fc\.4\.bias' has shape \(25,\), expected \(26,\)",
    ),
    "not a number": (
        lambda w: altered(w, "model.fc.4.bias", torch.full((26,), float("nan"))),
        "not finite",
    ),
    "no tensor": (lambda w: altered(w, "model.fc.4.bias", [0.0] * 26), "is not a plain tensor"),
    "sparse": (
        lambda w: altered(w, "model.fc.4.bias", torch.zeros(26).to_sparse()),
        "is not a plain tensor",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_load_weights_refuses_what_does_not_fit(random_network, change, sentence):
    with pytest.raises(ModelFileError, match=sentence):
        network = without_weights(lambda: LetterClassifier(26))
        load_weights(network, change(random_network.state_dict()), "w.pth")
