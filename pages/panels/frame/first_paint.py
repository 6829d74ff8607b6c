"""What a visitor sees before Streamlit's scripts have come: the page's heading, at once.

Streamlit sends an empty page whose scripts then build everything, a second later on a fast
machine. The same page is sent here with the heading already in it, which goes as soon as the page
has something of its own.
"""

import html
import re
from pathlib import Path

import streamlit as st
from streamlit import file_util

from pages.panels.frame.early_scripts import early_scripts
from pages.panels.frame.menu import APP_TITLE, SCREENS, Screen

SENTENCE = "Opening the page …"

_ROOT = '<div id="root"></div>'
_STYLE_SHEET = re.compile(r'\s*<link rel="stylesheet"[^>]*>')
_STREAMLIT_TITLE = "<title>Streamlit</title>"

_STYLE = """
#first-paint { position: fixed; inset: 0; padding: 6.5rem 5rem 0; color: var(--text);
  background: var(--ground); font-family: "Source Sans", "Source Sans 3", sans-serif; }
#first-paint { --text: LIGHT_TEXT; --ground: LIGHT_GROUND; }
@media (prefers-color-scheme: dark) { #first-paint { --text: DARK_TEXT; --ground: DARK_GROUND; } }
@media (max-width: 640px) { #first-paint { padding: 6.5rem 1rem 0; } }
#first-paint p { margin: 0 0 0.75rem; line-height: 1.6; opacity: 0.7; }
#first-paint p.heading { font-size: 2.1rem; font-weight: 700; line-height: 1.2; opacity: 1; }
"""

_SCRIPT = """
(() => {
  const paint = document.getElementById("first-paint");
  const own = "[data-testid=stMain] :is(h1, h2, h3, p, button, iframe), [role=dialog]";
  const watch = new MutationObserver(() => {
    if (document.querySelector(own)) { watch.disconnect(); paint.remove(); }
  });
  watch.observe(document.body, { childList: true, subtree: true });
})();
"""


def painted_pages() -> dict[str, str]:
    """Return the page of each screen's address, to be sent in place of Streamlit's own.

    Where that is not as it is known, there are none.
    """
    static = Path(file_util.get_static_dir())
    page = (static / "index.html").read_text(encoding="utf-8")
    if page.count(_ROOT) != 1:
        return {}
    return {
        screen.address: painted(page, screen, early_scripts(page, screen, static))
        for screen in SCREENS
    }


def painted(page: str, screen: Screen, scripts: str = "") -> str:
    """Put a screen's heading into Streamlit's page, and links to `scripts` after it."""
    paint = (
        f"<style>{_style()}</style>"
        "<noscript><style>#first-paint { display: none }</style></noscript>"
        '<div id="first-paint" role="status">'
        f'<p class="heading">{html.escape(screen.title)}</p>'
        f"<p>{html.escape(screen.purpose)}</p><p>{SENTENCE}</p></div>"
        f"<script>{_SCRIPT}</script>"
    )
    titled = page.replace(_STREAMLIT_TITLE, f"<title>{APP_TITLE}</title>")
    # A browser shows nothing of what comes after a style sheet that it waits for.
    sheets = "".join(_STYLE_SHEET.findall(titled))
    return _STYLE_SHEET.sub("", titled).replace(_ROOT, _ROOT + paint + sheets + scripts)


def _style() -> str:
    style = _STYLE
    for theme in ("light", "dark"):
        for name, option in (("TEXT", "textColor"), ("GROUND", "backgroundColor")):
            colour = st.get_option(f"theme.{theme}.{option}") or "inherit"
            style = style.replace(f"{theme.upper()}_{name}", html.escape(str(colour)))
    return style
