"""Where two peers ask for a way through a firewall: STUN and TURN servers from the settings.

They come from environment variables, or from `.streamlit/secrets.toml` where none of those is set.
Without any the list is empty: on one machine and in one network none is needed, and one that does
not answer delays every start.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from asl_core.errors import SettingsError

SERVERS_VARIABLE = "ASL_ICE_SERVERS"
"""A JSON list of `{"urls": ..., "username": ..., "credential": ...}`."""

STUN_VARIABLE = "ASL_STUN_URL"
TURN_VARIABLE = "ASL_TURN_URL"
USERNAME_VARIABLE = "ASL_TURN_USERNAME"
CREDENTIAL_VARIABLE = "ASL_TURN_CREDENTIAL"
SECRETS_KEY = "ice_servers"

_STUN, _TURN = ("stun:", "stuns:"), ("turn:", "turns:")


@dataclass(frozen=True)
class IceServer:
    """One STUN or TURN server; `username` and `credential` are for TURN alone."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = None

    @property
    def is_turn(self) -> bool:
        """Whether it passes video on, where a direct way is blocked."""
        return any(url.startswith(_TURN) for url in self.urls)

    def as_json(self) -> dict[str, Any]:
        """Return it as browsers and aiortc want it."""
        values: dict[str, Any] = {"urls": list(self.urls)}
        if self.username is not None:
            values["username"] = self.username
        if self.credential is not None:
            values["credential"] = self.credential
        return values


def ice_servers() -> tuple[IceServer, ...]:
    """Return the servers of this installation, none where nothing is set.

    Raises:
        SettingsError: a setting is broken; the sentence names it.
    """
    found = servers_from_environment(os.environ)
    return servers_from_secrets(_secrets()) if found is None else found


def servers_from_environment(environment: Mapping[str, str]) -> tuple[IceServer, ...] | None:
    """Read the servers from environment variables, None where none of them is set.

    Raises:
        SettingsError: a variable is broken.
    """
    text = environment.get(SERVERS_VARIABLE, "").strip()
    if text:
        try:
            entries = json.loads(text)
        except ValueError:
            raise SettingsError(f"{SERVERS_VARIABLE} is not JSON: {_short(text)}.") from None
        return _servers(entries, SERVERS_VARIABLE)
    stun = environment.get(STUN_VARIABLE, "").strip()
    turn = environment.get(TURN_VARIABLE, "").strip()
    if not stun and not turn:
        return None
    entries = [{"urls": stun}] if stun else []
    if turn:
        username = environment.get(USERNAME_VARIABLE, "")
        credential = environment.get(CREDENTIAL_VARIABLE, "")
        entries.append({"urls": turn, "username": username, "credential": credential})
    return _servers(entries, TURN_VARIABLE if turn else STUN_VARIABLE)


def servers_from_secrets(secrets: Mapping[str, Any]) -> tuple[IceServer, ...]:
    """Read the servers from the entry `ice_servers` of the secrets, none where there is none.

    Raises:
        SettingsError: an entry is broken.
    """
    return _servers(secrets.get(SECRETS_KEY, []), f"{SECRETS_KEY} in secrets.toml")


def _secrets() -> Mapping[str, Any]:
    try:
        return {SECRETS_KEY: st.secrets.get(SECRETS_KEY, [])}
    except FileNotFoundError:
        return {}
    except Exception as error:  # Streamlit raises the TOML reader's errors as they come
        reason = _short(" ".join(str(error).split()))
        raise SettingsError(f"secrets.toml cannot be read: {reason}.") from None


def _servers(entries: Any, source: str) -> tuple[IceServer, ...]:
    if isinstance(entries, Mapping):
        entries = [entries]
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise SettingsError(f"{source} must be a list of servers, not {_short(repr(entries))}.")
    return tuple(_server(entry, source) for entry in entries)


def _server(entry: Any, source: str) -> IceServer:
    if not isinstance(entry, Mapping) or "urls" not in entry:
        raise SettingsError(f"{source} has a server without urls: {_names(entry)}.")
    urls = entry["urls"]
    urls = [urls] if isinstance(urls, str) else urls
    if not isinstance(urls, Sequence) or not urls:
        raise SettingsError(f"{source} has a server without urls: {_names(entry)}.")
    for url in urls:
        if not isinstance(url, str) or not url.startswith(_STUN + _TURN):
            raise SettingsError(
                f"{source} has the server {_short(repr(url))}; it must start with stun: or turn:."
            )
    server = IceServer(tuple(urls), _text(entry, "username"), _text(entry, "credential"))
    if server.is_turn and not (server.username and server.credential):
        raise SettingsError(f"{source}: the TURN server {urls[0]} needs username and credential.")
    return server


def _text(entry: Mapping[str, Any], name: str) -> str | None:
    return str(entry[name]) if entry.get(name) else None


def _names(entry: Any) -> str:
    """Name what is there without a value: it may be a password."""
    return ", ".join(map(str, entry)) if isinstance(entry, Mapping) else type(entry).__name__


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
