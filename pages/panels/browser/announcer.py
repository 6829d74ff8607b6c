"""Has a screen reader say a sentence when something on the page has changed."""

import streamlit as st

from pages.panels.browser import browser_script

_HTML = '<div role="status" aria-live="polite"></div>'
# Of one line Streamlit would think that it is the name of a file.
_CSS = """
[role=status] {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
"""

_mount = st.components.v2.component(
    "asl_announcer", html=_HTML, css=_CSS, js=browser_script("announcer")
)


def announce(sentence: str, number: int) -> None:
    """Say `sentence` once for each new `number`."""
    _mount(key="announcer", data={"sentence": sentence, "number": number}, height=1)
