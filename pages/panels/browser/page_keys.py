"""Keys that work wherever the person clicked last, and words that screen readers announce."""

import streamlit as st

from pages.panels.browser import browser_script

_mount = st.components.v2.component("asl_page_keys", js=browser_script("page_keys"))


def listen_to_keys() -> None:
    """Put the unseen part on the page that keeps keys and screen readers going."""
    _mount(key="page_keys", height=1)
