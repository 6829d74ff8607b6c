import pytest

from asl_core.errors import SettingsError
from asl_core.service.environment import check_environment, require_folder


def test_nothing_set_is_right():
    check_environment({})


def test_folders_that_are_there_are_right(tmp_path):
    given = {"ASL_MODELS": str(tmp_path), "ASL_RUNS": str(tmp_path), "ASL_NETWORK_FORM": "int8"}
    check_environment(given)


def test_own_runs_may_come_later(tmp_path):
    check_environment({"ASL_RUNS": str(tmp_path / "none")})


WRONG = {
    "ASL_MODELS": ("/nowhere", "ASL_MODELS is '/nowhere', which is no folder."),
    "ASL_RUNS": (__file__, f"ASL_RUNS is {__file__!r}, which is no folder."),
    "ASL_NETWORK_FORM": (
        "int4",
        "ASL_NETWORK_FORM is 'int4', allowed are: int8, float32, torch.",
    ),
}


@pytest.mark.parametrize(("variable", "case"), WRONG.items(), ids=WRONG.keys())
def test_a_wrong_value_is_one_sentence(variable, case):
    value, sentence = case
    with pytest.raises(SettingsError) as refusal:
        check_environment({variable: value})
    assert str(refusal.value) == sentence


def test_a_folder_must_be_one(tmp_path):
    require_folder("X", {"X": str(tmp_path)})
    with pytest.raises(SettingsError, match="X is 'y', which is no folder"):
        require_folder("X", {"X": "y"})
