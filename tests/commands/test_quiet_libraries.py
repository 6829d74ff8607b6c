import os

import pytest

from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.errors import SettingsError


@pytest.mark.parametrize(("value", "is_shown"), [("", False), ("0", False), ("1", True)])
def test_what_libraries_write_is_hidden_unless_asked_for(monkeypatch, capfd, value, is_shown):
    monkeypatch.setenv("ASL_LIBRARY_LOGS", value)
    with quiet_libraries():
        os.write(2, b"from C++\n")
    assert ("from C++" in capfd.readouterr().err) == is_shown


def test_a_wrong_value_is_one_sentence(monkeypatch):
    monkeypatch.setenv("ASL_LIBRARY_LOGS", "yes")
    with pytest.raises(SettingsError) as refusal, quiet_libraries():
        pass
    assert str(refusal.value) == "ASL_LIBRARY_LOGS is 'yes'; allowed are 0 and 1."
