"""Small parts that run in the visitor's browser: Python wrappers of the files in `scripts/`."""

import secrets
from pathlib import Path
from typing import Any

import streamlit as st

_SCRIPTS = Path(__file__).with_name("scripts")

BUTTON_CSS = """
:host, .row { color: var(--st-text-color); font-family: var(--st-font); }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
button {
  font: inherit; font-size: 0.875rem; color: inherit; cursor: pointer; min-height: 2.5rem;
  padding: 0.25rem 0.75rem;
  background: var(--st-background-color); border: 1px solid var(--st-border-color);
  border-radius: var(--st-button-radius, 0.6rem);
}
button:hover:enabled, button:focus-visible {
  color: var(--st-primary-color); border-color: var(--st-primary-color);
}
button:disabled { opacity: 0.4; cursor: not-allowed; }
button.main, button.main:hover:enabled, button.main:focus-visible {
  background: var(--st-primary-color); border-color: transparent; color: #fff;
}
button.main:hover:enabled { filter: brightness(1.15); }
[role=status] { opacity: 0.75; font-size: 0.9rem; }
"""
"""Buttons that look like Streamlit's own."""


_SESSION = "browser_session"


def session_mark() -> str:
    """Return what names this session to the parts in the browser.

    A browser that finds the server again after a restart sends the old values of its parts to the
    new session, which has asked for something else. So every answer repeats the mark of the
    question.
    """
    mark: str = st.session_state.setdefault(_SESSION, secrets.token_hex(8))
    return mark


def answer_to(mark: str, part: str, name: str) -> dict[str, Any] | None:
    """Return the value `name` of the part with the key `part`; None if it answers another mark."""
    values = st.session_state.get(part)
    answer = values.get(name) if values else None
    return answer if isinstance(answer, dict) and answer.get("session") == mark else None


def browser_script(name: str) -> str:
    """Return the JavaScript of one part, without its `.js`."""
    return (_SCRIPTS / f"{name}.js").read_text(encoding="utf-8")
