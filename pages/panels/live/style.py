"""The style of the live page: sizes and colours that hold on light and dark."""

import streamlit as st

from pages.panels.charts.chart_style import QUIET, RIGHT

LIVE_CSS = f"""
<style>
.asl-letter {{
  --share: 0; position: relative; width: min(11rem, 46vw); aspect-ratio: 1;
  display: grid; place-items: center; margin: 0.2rem auto; font-weight: 700; line-height: 1;
  font-size: min(6rem, 24vw);
}}
.asl-letter::before {{
  content: ""; position: absolute; inset: 0; border-radius: 50%;
  background: conic-gradient({RIGHT} calc(var(--share) * 1turn), rgba(139,147,167,0.22) 0);
  mask: radial-gradient(farthest-side, transparent calc(100% - 0.6rem), #000 calc(100% - 0.55rem));
}}
.asl-letter.is-natural {{ width: auto; aspect-ratio: auto; min-height: min(6.5rem, 26vw); }}
.asl-letter.is-natural::before {{ display: none; }}
.asl-letter > span {{ position: relative; }}
.asl-letter > span:empty::before {{ content: "–"; color: {QUIET}; font-weight: 400; }}
.asl-letter.is-unsure > span {{ opacity: 0.5; }}
.asl-state {{ text-align: center; min-height: 1.5em; font-weight: 550; }}
.asl-bars {{
  display: grid; grid-template-columns: 1.6em 1fr 3.4em; gap: 0.4rem 0.6rem; align-items: center;
  margin-top: 0.4rem;
}}
.asl-bars b {{ text-align: center; }}
.asl-bars i {{ height: 0.55rem; border-radius: 0.3rem; background: rgba(139,147,167,0.22); }}
.asl-bars i > u {{
  display: block; height: 100%; border-radius: inherit; background: {RIGHT}; text-decoration: none;
}}
.asl-bars small {{ text-align: right; font-variant-numeric: tabular-nums; }}
.asl-hand {{ text-align: center; color: {QUIET}; font-size: 0.9rem; min-height: 1.4em; }}
.asl-hints {{ min-height: 1.6em; margin-top: 0.3rem; text-align: center; }}
.asl-hints span {{
  display: inline-block; padding: 0.15rem 0.7rem; margin: 0.1rem; border-radius: 1rem;
  background: rgba(240,127,31,0.16); font-size: 0.95rem;
}}
.asl-times {{
  color: {QUIET}; font-size: 0.8rem; font-variant-numeric: tabular-nums; text-align: center;
}}
.asl-text {{
  font-size: clamp(1.6rem, 3.2vw, 2.6rem); font-weight: 600; letter-spacing: 0.04em;
  line-height: 1.25; min-height: 1.25em; max-height: 8.2em; overflow-y: auto;
  white-space: pre-wrap; overflow-wrap: anywhere;
}}
.asl-text u {{ text-decoration-color: {RIGHT}; text-underline-offset: 0.2em; }}
.asl-text .asl-unsettled {{
  opacity: 0.62; font-weight: 450;
  text-decoration: underline dashed {QUIET} 0.06em; text-underline-offset: 0.2em;
}}
.asl-text::after {{
  content: ""; display: inline-block; width: 0.07em; height: 0.95em; margin-left: 0.08em;
  background: {RIGHT}; vertical-align: -0.1em;
}}
.asl-text:empty::before {{
  content: attr(data-placeholder); color: {QUIET}; font-weight: 400; letter-spacing: 0;
  font-size: 0.62em;
}}
.asl-history {{ display: flex; flex-wrap: wrap; gap: 0.35rem; }}
.asl-history span {{
  border-radius: 0.5rem; padding: 0.1rem 0.55rem; background: rgba(139,147,167,0.16);
  font-variant-numeric: tabular-nums;
}}
.asl-history small {{ color: {QUIET}; }}
.asl-text:empty::after {{ display: none; }}
/* The board runs several times a second; a sign that says so would never rest. */
[data-testid="stStatusWidget"] {{ display: none; }}
.st-key-camera_side iframe {{ border-radius: 0.6rem; }}
/* A phone has no keys to press. */
@media (max-width: 640px), (hover: none) {{ .st-key-word_commands kbd {{ display: none; }} }}
@media (max-width: 640px) {{
  .asl-text {{ font-size: 1.7rem; }}
  .asl-letter {{ width: 7.5rem; font-size: 4rem; }}
  .asl-times {{ font-size: 0.7rem; }}
}}
</style>
"""


def show_style() -> None:
    """Put the style on the page."""
    st.html(LIVE_CSS)
