"""The head of a page: its name and one sentence."""

import streamlit as st


def show_heading(title: str, sentence: str) -> None:
    """Show the page's title and, below it, what a person can do here."""
    with st.container(gap="xxsmall"):
        st.title(title, anchor=False)
        st.markdown(f":gray[{sentence}]")
