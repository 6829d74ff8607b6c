import math

import pytest

from asl_core.errors import SettingsError
from asl_core.spelling.settings import (
    LIMITS,
    SPELLING_PRESETS,
    STANDARD,
    SpellingSettings,
    settings_of,
)


def test_the_default_holds_for_0_8_seconds():
    assert SpellingSettings().hold_seconds == 0.8
    assert settings_of("standard") == STANDARD == SpellingSettings()


def test_presets_get_faster():
    holds = [preset.hold_seconds for preset in SPELLING_PRESETS.values()]
    assert next(iter(SPELLING_PRESETS)) == "beginner"
    assert holds == sorted(holds, reverse=True)
    assert len(set(holds)) == len(holds)


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("side", [0, 1])
def test_a_value_out_of_range_is_named(name, side):
    wrong = LIMITS[name][side] + (1.0 if side else -1.0)
    with pytest.raises(SettingsError, match=f"{name} is {wrong}"):
        SpellingSettings(**{name: wrong})


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_value_must_be_a_number(value):
    with pytest.raises(SettingsError, match="hold_seconds"):
        SpellingSettings(hold_seconds=value)


def test_values_must_fit_each_other():
    with pytest.raises(SettingsError, match=r"flicker_seconds is 0\.4"):
        SpellingSettings(hold_seconds=0.3, flicker_seconds=0.4)
    with pytest.raises(SettingsError, match=r"slide_speed is 0\.5"):
        SpellingSettings(slide_speed=0.5)


def test_an_unknown_preset_is_named():
    with pytest.raises(SettingsError, match=r"'turtle'.*beginner, standard"):
        settings_of("turtle")


def test_settings_as_json_read_back():
    values = STANDARD.as_json()
    assert values["hold_seconds"] == 0.8
    assert SpellingSettings(**values) == STANDARD
