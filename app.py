"""Lists the pages; start it with `streamlit run app.py`.

Their folder is not called pages/: Streamlit 1.67 takes such a folder for its older kind of menu
until this file has run once, and greets the first visitor of `/photo` with "Page not found".
"""

import streamlit as st

from screens.panels.site_map import SCREENS

st.set_page_config(
    page_title="ASL fingerspelling", page_icon=":material/sign_language:", layout="wide"
)
st.navigation(
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
).run()
