"""The dashboard refuses each wrong setting when its server starts."""

import pytest

from asl_core.errors import SettingsError
from pages.panels.frame.start_checks import check_settings


def test_nothing_set_is_right(monkeypatch):
    for variable in ("ASL_MODELS", "ASL_RUNS", *WRONG):
        monkeypatch.delenv(variable, raising=False)
    check_settings()


WRONG = {
    "ASL_MODELS": ("/nowhere", "ASL_MODELS is '/nowhere', which is no folder."),
    "ASL_PHOTOS": ("/nowhere", "ASL_PHOTOS is '/nowhere', which is no folder."),
    "ASL_NETWORK_FORM": ("int4", "ASL_NETWORK_FORM is 'int4', allowed are: int8, float32, torch."),
    "ASL_LIVE_SOURCE": ("film", "ASL_LIVE_SOURCE is 'film'; known are video, device, snapshots."),
    "ASL_STUN_URL": (
        "http://x",
        "ASL_STUN_URL has the server 'http://x'; it must start with stun: or turn:.",
    ),
    "ASL_TURN_URL": (
        "turn:x",
        "ASL_TURN_URL: the TURN server turn:x needs username and credential.",
    ),
    "ASL_ICE_SERVERS": ("{", "ASL_ICE_SERVERS is not JSON: {."),
    "ASL_SERVICE_MODEL": ("nobody", "ASL_SERVICE_MODEL is 'nobody': There is no run 'nobody'; "),
}


@pytest.mark.parametrize(("variable", "case"), WRONG.items(), ids=WRONG.keys())
def test_a_wrong_value_is_one_sentence(monkeypatch, variable, case):
    value, sentence = case
    monkeypatch.delenv("ASL_PHOTOS", raising=False)
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as refusal:
        check_settings()
    assert str(refusal.value).startswith(sentence)
