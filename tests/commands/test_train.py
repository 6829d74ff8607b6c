import pytest

from asl_core.commands.train import _default_start, _settings
from asl_core.errors import SettingsError

NOTHING_ASKED = {"architecture": None, "epochs": None, "left_hands": None}


def test_ours_is_the_default():
    settings = _settings(None, NOTHING_ASKED)
    assert (settings.preset, settings.architecture) == ("stranger", "resnet18_head")
    assert _default_start(settings) == "imagenet"


def test_the_baseline_is_trained_as_the_tutorial_does():
    settings = _settings(None, {**NOTHING_ASKED, "architecture": "baseline_cnn", "epochs": 2})
    assert (settings.preset, settings.epochs, settings.view) == ("tutorial", 2, "whole")
    assert _default_start(settings) == "scratch"


def test_classes_and_division_can_be_chosen():
    asked = {**NOTHING_ASKED, "class_set": "kaggle29", "division": "random"}
    settings = _settings("stranger", asked)
    assert (len(settings.classes), settings.division) == (29, "random")


def test_an_unknown_preset_names_the_known_ones():
    with pytest.raises(SettingsError, match="no preset 'best'; choose from stranger, "):
        _settings("best", NOTHING_ASKED)


def test_left_hands_are_mirrored_in_every_way():
    settings = _settings(None, {**NOTHING_ASKED, "left_hands": "mirror"})
    assert (settings.augmentation.flip, settings.mirrored_look) == (0.0, False)
