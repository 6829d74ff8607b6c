"""Copy the words and have them read aloud, by the browser itself."""

import streamlit as st

from pages.panels.browser import browser_script

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

_HTML = """
<div class="row">
  <button type="button">Copy</button>
  <button type="button">Read aloud</button>
  <span role="status"></span>
</div>
"""

_mount = st.components.v2.component(
    "asl_text_tools",
    html=_HTML,
    css=BUTTON_CSS,
    js=browser_script("text_tools"),
)


def show_text_tools(text: str) -> None:
    """Show the two buttons for `text`; both rest while it is empty."""
    _mount(key="text_tools", data={"text": text}, width="content")
