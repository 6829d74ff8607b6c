"""What a page shows while there is nothing to show: why, and the command that changes it."""

import streamlit as st

TRAIN_COMMAND = "python -m asl_core train --photos DIR --name my-run"
EVALUATE_COMMAND = "python -m asl_core evaluate {run} --photos DIR --split test"


def show_empty_state(heading: str, reason: str, *commands: str) -> None:
    """Tell that there is nothing yet, why, and which commands fill the page, in their order."""
    with st.container(border=True):
        st.markdown(f"#### :material/inbox: {heading}", anchors=False)
        st.write(reason)
        for command in commands:
            st.code(command, language="bash")
        st.caption("DIR is the folder of your labelled photos.")
