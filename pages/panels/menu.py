"""The menu of the pages, and the way back to it for a page that was started without."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.panels.site_map import SCREENS

INSIDE_APP = "inside_app"
"""Key in the session state: this visitor's pages are run by app.py."""


def page_of_menu() -> StreamlitPage:
    """Show the menu and give the page that the address asks for."""
    st.session_state[INSIDE_APP] = True
    return st.navigation(
        [
            st.Page(
                screen.script,
                title=screen.title,
                icon=screen.icon,
                url_path=screen.address or None,
                default=screen.is_start,
            )
            for screen in SCREENS
        ],
        position="top",
    )


def run_inside_app() -> None:
    """Start over through app.py where Streamlit ran this page on its own.

    Streamlit 1.67 takes a folder named pages/ for its older kind of menu until `st.navigation` was
    called once in the process, so the first visitor of `/photo` would get that page without menu
    and settings. The pages are named as their addresses, so that it finds them at all.
    """
    if INSIDE_APP not in st.session_state:
        page_of_menu()
        st.rerun()
