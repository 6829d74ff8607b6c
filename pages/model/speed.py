"""How fast it reads: the last benchmark, and what this server does right now."""

import pandas as pd
import streamlit as st

from asl_core.errors import RunError
from asl_core.records.speed_report import SPEED_FILE, SpeedReport
from asl_core.records.training_run import SHIPPED_RUN, TrainingRun, find_runs
from pages.panels.charts.chart_style import show_chart
from pages.panels.charts.speed_chart import (
    OURS,
    REFERENCE,
    ratio_alt,
    ratio_figure,
    share_alt,
    share_figure,
    visitors,
)
from pages.panels.frame.page_parts import offer_csv, show_empty_state, show_heading
from pages.panels.frame.server_figures import ServerFigures, live_visits

BENCHMARK_COMMAND = "python -m asl_core benchmark --keep"
REFRESH_SECONDS = 2.0


@st.fragment(run_every=REFRESH_SECONDS)
def show_server() -> None:
    """Show what this server does, renewed every two seconds."""
    figures = live_visits.figures()
    with st.container(horizontal=True):
        st.metric("Live visitors", figures.visitors, border=True)
        st.metric("Frames a second, all visitors", f"{figures.frames_per_second:.1f}", border=True)
        st.metric("Frame, ms", _frame_ms(figures), border=True)
        memory = "–" if figures.memory_mb is None else f"{figures.memory_mb:,.0f} MB"
        st.metric("Memory of the process", memory, border=True)
    if figures.stage_ms:
        parts = ", ".join(f"{stage} {ms:.1f} ms" for stage, ms in figures.stage_ms.items())
        st.caption(
            f"A frame's stages, means of the last two seconds: {parts}. "
            f"Overtaken by a newer frame so far: {figures.dropped:,}."
        )
    else:
        st.caption("Nobody is live at the moment; the stages of a frame show while somebody is.")


def _frame_ms(figures: ServerFigures) -> str:
    return f"{sum(figures.stage_ms.values()):.1f}" if figures.stage_ms else "–"


def stage_table(report: SpeedReport) -> pd.DataFrame:
    """Return one row for each reader of video and photos; times in ms as median / 95 %."""
    rows = []
    for what, pair in (("video", report.video), ("photo", report.photo)):
        for reader, speed in ((OURS, pair.ours), (REFERENCE, pair.reference)):
            stages = {"detect": speed.detect, "classify": speed.classify, "total": speed.total}
            times = {name: f"{t.p50:.1f} / {t.p95:.1f}" for name, t in stages.items()}
            rows.append({"": f"{what}, {reader}", **times, "a second": round(speed.fps, 1)})
    return pd.DataFrame(rows)


def live_table(report: SpeedReport) -> pd.DataFrame:
    """Return one row for each number of live visitors at once."""
    return pd.DataFrame(
        [
            {
                "": visitors(speed),
                "frames a second, all": round(speed.fps, 1),
                "frame, ms": f"{speed.frame_ms.p50:.1f} / {speed.frame_ms.p95:.1f}",
                "neither detector nor network": f"{speed.overhead_share:.1%}",
            }
            for speed in report.live
        ]
    )


def show_report(report: SpeedReport) -> None:
    """Show ratios, stages, live shares and the machine."""
    st.subheader("Against the reference's loop", anchor=False)
    st.markdown(
        "Both read the same frames in turns on the same machine, so the ratio says more than the "
        "times: those change with the machine."
    )
    show_chart(ratio_figure(report), "speed_ratios", ratio_alt(report))
    stages = stage_table(report)
    st.dataframe(stages, hide_index=True, alt="Milliseconds of each stage")
    offer_csv(stages, "Save the stages as CSV", "stages.csv", "save_stages")
    st.subheader("Several live visitors at once", anchor=False)
    show_chart(share_figure(report.live), "speed_shares", share_alt(report.live))
    at_once = live_table(report)
    st.dataframe(at_once, hide_index=True, alt="Live visitors at once")
    offer_csv(at_once, "Save the visitors as CSV", "visitors.csv", "save_visitors")
    show_machine(report)


def show_machine(report: SpeedReport) -> None:
    """Show what was measured, where and when, and the command that does it again."""
    machine = report.machine
    load = "" if machine.load is None else f", load average before the start {machine.load:.1f}"
    processor = machine.processor or "an unnamed processor"
    st.caption(
        f"Measured {report.created[:16].replace('T', ' at ')} UTC on {processor}, "
        f"{machine.cores} cores, {machine.system}{load}. Device {machine.device}; network: "
        f"{machine.network}. Python {machine.python}, MediaPipe {machine.mediapipe}, ONNX Runtime "
        f"{machine.onnxruntime}, torch {machine.torch}. Measure this machine with:"
    )
    st.code(report.command or BENCHMARK_COMMAND, language="bash")


def measured_run() -> TrainingRun | None:
    """Return the shipped run, or the first other one, whose speed was measured."""
    runs = [run for run in find_runs() if (run.folder / SPEED_FILE).is_file()]
    return min(runs, key=lambda run: run.name != SHIPPED_RUN, default=None)


show_heading("Speed", "How fast letters are read, and what this server does right now.")
st.subheader("This server, now", anchor=False)
show_server()
run = measured_run()
if run is None:
    show_empty_state(
        "No speed has been measured yet",
        "The benchmark reads drawn frames with this model and with the reference's loop in turns:",
        BENCHMARK_COMMAND,
    )
else:
    try:
        show_report(SpeedReport.load(run.folder / SPEED_FILE))
    except RunError as error:
        st.error(str(error), icon=":material/error:")
