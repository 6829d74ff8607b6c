"""Writes docs/speed.md, words and tables, from a benchmark's record."""

from collections.abc import Sequence

from asl_core.records.speed_report import LiveSpeed, SideBySide, SpeedReport

_INTRODUCTION = (
    "Made by `python -m asl_core benchmark --write docs/speed.md`; not written by hand. Ours and "
    "the reference's loop (HandLandmarker on every frame, PIL, torchvision transforms, float32 "
    "torch) read the same frames of 640x480 in turns in one run, so the ratios say more than the "
    "times. Times are milliseconds, median / 95 %."
)
_LIVE = (
    "The live path without browser, codec and transport; every visitor has a thread and a "
    "detector. *rest* is crop, motion, words, hints and locks. Shares are of a frame's time."
)


def markdown(report: SpeedReport) -> str:
    """Write the whole page."""
    parts = [
        "# How fast are letters read?",
        _INTRODUCTION,
        _origin(report),
        "## Against the reference's loop",
        _ratios(report),
        "## Stages",
        _stages((("video", report.video), ("photo", report.photo))),
        "## Live visitors at once",
        _LIVE,
        _visitors(report.live),
    ]
    return "\n\n".join(parts) + "\n"


def _origin(report: SpeedReport) -> str:
    machine = report.machine
    load = "" if machine.load is None else f"; load average before the start {machine.load:.1f}"
    return (
        f"    {report.command}\n\n"
        f"{report.created[:16].replace('T', ' ')} UTC, {machine.processor}, {machine.cores} cores, "
        f"{machine.system}{load}. Device {machine.device}; network: {machine.network}. Python "
        f"{machine.python}, MediaPipe {machine.mediapipe}, ONNX Runtime {machine.onnxruntime}, "
        f"torch {machine.torch}."
    )


def _ratios(report: SpeedReport) -> str:
    batch = report.batch
    most = list(batch.ours_images_per_second)[-1]
    rows = [
        ("video frames a second", report.video.ours.fps, report.video.reference.fps),
        ("photos a second", report.photo.ours.fps, report.photo.reference.fps),
        (
            f"hands a second, {most} at once",
            batch.ours_images_per_second[most],
            batch.reference_images_per_second,
        ),
    ]
    lines = [(n, f"{a:.1f}", f"{b:.1f}", f"**{a / b:.2f}**") for n, a, b in rows]
    cold = report.cold_start
    if cold is not None:
        seconds = (f"{cold.ours_seconds:.1f} s", f"{cold.reference_seconds:.1f} s")
        lines.append(("cold start to the first letter", *seconds, f"**{cold.ratio:.2f}**"))
    return _table(("", "ours", "reference", "times as fast"), lines)


def _stages(pairs: Sequence[tuple[str, SideBySide]]) -> str:
    rows = []
    for what, pair in pairs:
        for reader, speed in (("ours", pair.ours), ("reference", pair.reference)):
            stages = (speed.detect, speed.classify, speed.total)
            times = [f"{stage.p50:.1f} / {stage.p95:.1f}" for stage in stages]
            rows.append((f"{what}, {reader}", *times, f"{speed.hand_share:.0%}"))
    return _table(("", "detect", "classify", "total", "hand found"), rows)


def _visitors(speeds: Sequence[LiveSpeed]) -> str:
    rows = [
        (
            str(speed.visitors),
            f"{speed.fps:.1f}",
            f"{speed.frame_ms.p50:.1f} / {speed.frame_ms.p95:.1f}",
            f"{speed.detect_share:.1%}",
            f"{speed.network_share:.1%}",
            f"{speed.draw_share:.1%}",
            f"{speed.rest_share:.1%}",
        )
        for speed in speeds
    ]
    headings = ("visitors", "frames/s, all", "ms a frame", "detect", "network", "draw", "rest")
    return _table(headings, rows)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
