import dataclasses
import json

import pytest

from asl_core.errors import SettingsError
from asl_core.training.settings import PRESETS, REFERENCE, STRANGER, TrainingSettings, one_sided


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
        ({"epochs": 0}, "epochs is 0"),
        ({"batch_size": 1}, "batch_size is 1"),
        ({"learning_rate": -1.0}, "learning_rate is -1.0"),
        ({"stages": ((0.5, 64),)}, r"\[0.5\]"),
        ({"stages": ((1.0, 64), (0.5, 96))}, "rise to 1"),
    ],
    ids=["no epochs", "batch of one", "negative rate", "stages end early", "stages fall"],
)
def test_senseless_settings_are_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        dataclasses.replace(STRANGER, **change)  # type: ignore[arg-type]


def test_one_sided_settings_never_show_a_left_hand() -> None:
    settings = one_sided(STRANGER)
    assert STRANGER.augmentation.flip > 0
    assert settings.augmentation.flip == 0
    assert (settings.left_hands, settings.mirrored_look) == ("mirror", False)
