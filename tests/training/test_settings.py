import dataclasses
import json

import pytest

from asl_core.errors import SettingsError
from asl_core.training.presets import (
    PRESETS,
    REFERENCE,
    STRANGER,
    TUTORIAL,
    TUTORIAL_CROPS,
    one_sided,
)
from asl_core.training.settings import TrainingSettings


def test_reference_preset_is_the_published_recipe() -> None:
    augmentation = REFERENCE.augmentation
    assert (REFERENCE.optimizer, REFERENCE.learning_rate, REFERENCE.weight_decay) == (
        "adam",
        1e-3,
        1e-4,
    )
    assert (REFERENCE.schedule, REFERENCE.plateau_factor, REFERENCE.plateau_patience) == (
        "plateau",
        0.5,
        3,
    )
    assert (REFERENCE.batch_size, REFERENCE.early_stopping_patience) == (32, 10)
    assert (augmentation.rotation_degrees, augmentation.translation) == (15, 0.1)
    assert (augmentation.flip, augmentation.jitter) == (0.3, 0.2)
    assert REFERENCE.input_size == 224


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda p: p.preset)
def test_settings_survive_json(preset: TrainingSettings) -> None:
    assert TrainingSettings.from_json(json.loads(json.dumps(preset.as_json()))) == preset


def test_stages_follow_the_share_of_all_epochs() -> None:
    settings = dataclasses.replace(STRANGER, epochs=10, stages=((0.4, 64), (0.8, 96), (1.0, 112)))
    sizes = [settings.size_of_epoch(epoch) for epoch in range(1, 11)]
    assert sizes == [64] * 4 + [96] * 4 + [112] * 2
    assert settings.input_size == 112


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"epochs": -1}, "epochs is -1"),
        ({"batch_size": 1}, "batch_size is 1"),
        ({"learning_rate": -1.0}, "learning_rate is -1.0"),
        ({"stages": ((0.5, 64),)}, r"\[0.5\]"),
        ({"stages": ((1.0, 64), (0.5, 96))}, "rise to 1"),
    ],
    ids=[
        "fewer than no epochs",
        "batch of one",
        "negative rate",
        "stages end early",
        "stages fall",
    ],
)
def test_senseless_settings_are_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        dataclasses.replace(STRANGER, **change)


def test_one_sided_settings_never_show_a_left_hand() -> None:
    settings = one_sided(STRANGER)
    assert STRANGER.augmentation.flip > 0
    assert settings.augmentation.flip == 0
    assert (settings.left_hands, settings.mirrored_look) == ("mirror", False)


def test_tutorial_preset_is_the_tutorials_recipe() -> None:
    assert TUTORIAL.architecture == "baseline_cnn"
    assert (TUTORIAL.optimizer, TUTORIAL.learning_rate, TUTORIAL.weight_decay) == ("adam", 1e-3, 0)
    assert (TUTORIAL.epochs, TUTORIAL.batch_size, TUTORIAL.schedule) == (10, 32, "constant")
    assert (TUTORIAL.view, TUTORIAL.division) == ("whole", "random-80-20")
    assert set(vars(TUTORIAL.augmentation).values()) == {0.0}
    shown = TUTORIAL.preprocessing
    assert (shown.input_size, shown.view) == (64, "whole")
    assert (shown.mean, shown.std) == ((0, 0, 0), (1, 1, 1))


def test_classes_are_named_in_the_order_of_the_alphabet_then_commands() -> None:
    assert TUTORIAL.classes[:3] == ("A", "B", "C")
    assert TUTORIAL.classes[26:] == ("del", "nothing", "space")
    assert len(STRANGER.classes) == 26


def test_the_tutorials_network_on_crops_differs_in_nothing_but_the_pictures() -> None:
    differs = {
        name for name, value in vars(TUTORIAL).items() if getattr(TUTORIAL_CROPS, name) != value
    }
    assert differs == {"preset", "view", "division", "photos_per_epoch"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"architecture": "vgg"}, "architecture is 'vgg'", id="unknown network"),
        pytest.param({"stages": ((1.0, 96),)}, "takes pictures of 64 pixels", id="other size"),
        pytest.param({"frozen_stages": 1}, "only a ResNet18 has any", id="frozen"),
        pytest.param({"landmark_view": True}, "looks at whole pictures", id="landmarks"),
        pytest.param({"class_set": "digits"}, "class_set is 'digits'", id="classes"),
    ],
)
def test_settings_that_do_not_fit_each_other_are_refused(changes: dict, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        dataclasses.replace(TUTORIAL, **changes)
