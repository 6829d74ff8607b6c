import json

import pytest

from asl_core.errors import SettingsError
from pages.panels.live.camera import ice_servers as home
from pages.panels.live.camera.ice_servers import (
    IceServer,
    servers_from_environment,
    servers_from_secrets,
)

TURN = {"urls": ["turn:relay.example:3478"], "username": "asl", "credential": "secret"}


def test_nothing_set_means_no_server(monkeypatch):
    for name in ("ASL_ICE_SERVERS", "ASL_STUN_URL", "ASL_TURN_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(home, "_secrets", dict)
    assert home.ice_servers() == ()


def test_the_environment_comes_first(monkeypatch):
    monkeypatch.setenv("ASL_STUN_URL", "stun:one.example")
    monkeypatch.delenv("ASL_TURN_URL", raising=False)
    monkeypatch.setattr(home, "_secrets", lambda: {"ice_servers": [TURN]})
    assert home.ice_servers() == (IceServer(("stun:one.example",)),)


def test_a_json_list_of_servers():
    text = json.dumps([{"urls": "stun:a.example"}, TURN])
    found = servers_from_environment({"ASL_ICE_SERVERS": text})
    assert found is not None
    first, second = found
    assert first.as_json() == {"urls": ["stun:a.example"]}
    assert second.as_json() == TURN
    assert (first.is_turn, second.is_turn) == (False, True)


def test_single_variables():
    servers = servers_from_environment(
        {
            "ASL_STUN_URL": "stun:a.example",
            "ASL_TURN_URL": "turns:b.example:5349?transport=tcp",
            "ASL_TURN_USERNAME": "asl",
            "ASL_TURN_CREDENTIAL": "secret",
        }
    )
    assert servers == (
        IceServer(("stun:a.example",)),
        IceServer(("turns:b.example:5349?transport=tcp",), "asl", "secret"),
    )


def test_one_server_in_the_secrets_needs_no_list():
    assert servers_from_secrets({"ice_servers": TURN}) == (
        IceServer(("turn:relay.example:3478",), "asl", "secret"),
    )
    assert servers_from_secrets({}) == ()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"ASL_ICE_SERVERS": "{nonsense"}, "ASL_ICE_SERVERS is not JSON: {nonsense."),
        ({"ASL_ICE_SERVERS": '"stun:a"'}, "ASL_ICE_SERVERS must be a list of servers"),
        ({"ASL_ICE_SERVERS": "[1]"}, "ASL_ICE_SERVERS has a server without urls: int."),
        ({"ASL_ICE_SERVERS": '[{"urls": []}]'}, "has a server without urls: urls."),
        ({"ASL_STUN_URL": "stun.example"}, "'stun.example'; it must start with stun: or turn:."),
        ({"ASL_TURN_URL": "turn:a.example"}, "turn:a.example needs username and credential."),
    ],
    ids=["not json", "no list", "no server", "no url", "no scheme", "no password"],
)
def test_a_broken_setting_is_one_sentence(environment, sentence):
    with pytest.raises(SettingsError) as raised:
        servers_from_environment(environment)
    assert sentence in str(raised.value)


def test_a_sentence_never_holds_a_password():
    broken = {"url": "turn:a.example", "credential": "hunter2"}
    with pytest.raises(SettingsError) as raised:
        servers_from_secrets({"ice_servers": [broken]})
    assert "hunter2" not in str(raised.value)
    assert "url, credential" in str(raised.value)


def test_secrets_that_cannot_be_read_are_one_sentence(monkeypatch):
    class Broken:
        def get(self, name, default):
            raise ValueError("bad\n toml")

    monkeypatch.setattr("streamlit.secrets", Broken())
    with pytest.raises(SettingsError, match=r"^secrets.toml cannot be read: bad toml.$"):
        home._secrets()
