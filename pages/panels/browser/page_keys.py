"""Keys that work wherever the person clicked last, and words that screen readers announce."""

from pathlib import Path

import streamlit as st

_mount = st.components.v2.component(
    "asl_page_keys", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def listen_to_keys() -> None:
    """Put the unseen part on the page that keeps keys and screen readers going."""
    _mount(key="page_keys", height=1)
