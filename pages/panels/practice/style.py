"""The style of the practice page: letters that are asked for, verdicts and answers."""

import streamlit as st

from pages.panels.charts.chart_style import QUIET, RIGHT

PRACTICE_CSS = f"""
<style>
.asl-word {{ display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0.1rem 0 0.3rem; }}
.asl-word span {{
  min-width: 2.6rem; padding: 0.25rem 0.5rem 0.15rem; border-radius: 0.5rem; text-align: center;
  border: 2px solid rgba(139,147,167,0.35); font-size: 1.5rem; font-weight: 650; line-height: 1.2;
}}
.asl-word small {{ display: block; font-size: 0.7rem; font-weight: 500; min-height: 1em; }}
.asl-word .is-now {{ border-color: {RIGHT}; background: rgba(99,102,241,0.14); }}
.asl-word .is-skipped {{ border-style: dashed; opacity: 0.75; }}
.asl-word .is-ahead {{ opacity: 0.6; }}
.asl-asked {{ font-size: 5rem; font-weight: 700; line-height: 1.05; }}
.asl-count {{ color: {QUIET}; font-size: 0.9rem; font-variant-numeric: tabular-nums; }}
.asl-answer {{ display: flex; flex-wrap: wrap; gap: 0.35rem; }}
.asl-answer span {{
  min-width: 3rem; padding: 0.3rem 0.5rem; border-radius: 0.5rem; text-align: center;
  background: rgba(139,147,167,0.14); font-size: 1.4rem; font-weight: 650; line-height: 1.15;
}}
.asl-answer .is-wrong {{ background: rgba(240,127,31,0.2); outline: 2px dashed #c2610c; }}
.asl-answer small {{ display: block; font-size: 0.72rem; font-weight: 500; }}
.asl-letters {{
  display: grid; grid-template-columns: repeat(auto-fill, minmax(4.6rem, 1fr)); gap: 0.4rem;
}}
.asl-letters div {{
  border-radius: 0.5rem; padding: 0.35rem 0.5rem; background: rgba(139,147,167,0.12);
  font-variant-numeric: tabular-nums; line-height: 1.25;
}}
.asl-letters b {{ font-size: 1.15rem; }}
.asl-letters small {{ display: block; font-size: 0.72rem; }}
.asl-letters .is-mastered {{ outline: 2px solid {RIGHT}; }}
.asl-letters .is-new {{ opacity: 0.6; }}
/* A phone has no keys to press. */
@media (max-width: 640px), (hover: none) {{ .st-key-practice_skip kbd {{ display: none; }} }}
</style>
"""


def show_practice_style() -> None:
    """Put the style on the page."""
    st.html(PRACTICE_CSS)
