"""Small parts that run in the visitor's browser: Python wrappers of the files in `scripts/`."""

from pathlib import Path

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


def browser_script(name: str) -> str:
    """Return the JavaScript of one part, without its `.js`."""
    return (_SCRIPTS / f"{name}.js").read_text(encoding="utf-8")
