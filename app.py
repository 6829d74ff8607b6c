"""Opens the page that the address asks for; start it with `streamlit run app.py`."""

import streamlit as st

from pages.panels.menu import page_of_menu

st.set_page_config(
    page_title="ASL fingerspelling", page_icon=":material/sign_language:", layout="wide"
)
page_of_menu().run()
