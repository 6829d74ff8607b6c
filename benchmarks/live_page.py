"""Writes docs/live-speed.md, plain words and tables, from what was measured."""

from collections.abc import Callable, Sequence

from benchmarks.live_report import LiveReport, Origin, SpeedPart, SpeedRound

AIM_FPS = 30.0
AIM_LAG_MS = 100.0
AIM_OVERHEAD = 0.15

ALMOST_FPS = 0.5
"""Frames a second that a count over some seconds may be off."""

_INTRODUCTION = (
    "Made by `benchmarks/live_browser.py` from `benchmarks/results/live-speed.json`; not written "
    "by hand. A headless Chromium opens the live page and plays a film of a drawn hand, 640x480 at "
    "30 frames a second, as its webcam. Each frame of the film carries its number as a bar code, "
    "which is read from the camera's picture in the browser and from the video that comes back."
)
_SPEED_MEANINGS = (
    "*read*: frames a second that were read, by the page's own count. *shown*: different frames a "
    "second on the visitor's screen, with their marks. *lag*: from the camera's frame to its "
    "showing with marks; codec, transport and the browser's own buffer are in it. Of several "
    "visitors it is the mean, in brackets the worst. *server* and *browsers*: cores they kept busy."
)
_SHARE_MEANINGS = (
    "Shares of a frame's time without browser, codec and transport, measured in the same run. "
    "*detect* is MediaPipe, *network* the recognizer, waiting for the other visitors included; "
    f"*rest* is crop, motion, words, hints and locks. Aim: draw and rest under {AIM_OVERHEAD:.0%}."
)


def markdown(report: LiveReport) -> str:
    """Write the whole page."""
    parts = ["# How fast is the live page?", _INTRODUCTION]
    if report.speed:
        parts += ["## Speed in the browser", *_speed_lines(report.speed)]
    return "\n\n".join(parts) + "\n"


def origin_line(origin: Origin) -> str:
    """Write where figures come from."""
    packages = ", ".join(f"{package.name} {package.version}" for package in origin.packages)
    return (
        f"    {origin.command}\n\n"
        f"{origin.date}, {origin.processor}, {origin.cores} cores; load average before the start "
        f"{origin.load_average:.1f}. {packages}."
    )


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table, all columns but the first to the right."""
    lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _speed_lines(part: SpeedPart) -> list[str]:
    headings = ("visitors", "read", "shown", "lag, median", "lag, 95 %", "server", "browsers")
    stages = ("visitors", "receive", "detect", "classify", "draw", "words", "together")
    shares = ("visitors", "frames/s", "detect", "network", "draw", "rest", "draw and rest")
    return [
        origin_line(part.origin),
        f"Browsers and server share the {part.origin.cores} cores: each visitor's browser, which "
        "in life has another machine, takes from the server here.",
        table(headings, [_round_row(measured) for measured in part.rounds]),
        *(f"**{failed.visitors} visitors: {failed.sentence}**" for failed in part.failed),
        _SPEED_MEANINGS,
        _aims(part),
        _oddities(part),
        "Milliseconds of each stage of a frame, as the page tells them, means of all visitors:",
        table(stages, [_stage_row(measured) for measured in part.rounds]),
        _SHARE_MEANINGS,
        table(
            shares,
            [
                (
                    str(s.visitors),
                    f"{s.frames_per_second:.1f}",
                    *(f"{v:.1%}" for v in (s.detect, s.network, s.draw, s.rest)),
                    f"**{s.overhead:.1%}**",
                )
                for s in part.shares
            ],
        ),
    ]


def _round_row(measured: SpeedRound) -> tuple[str, ...]:
    visitors = measured.visitors
    lags = [visitor.lag for visitor in visitors if visitor.lag]
    return (
        str(len(visitors)),
        _mean([v.read_fps for v in visitors], min),
        _mean([v.shown_fps for v in visitors], min),
        _mean([lag.p50_ms for lag in lags], max, " ms", 0),
        _mean([lag.p95_ms for lag in lags], max, " ms", 0),
        f"{measured.server_cores:.2f}",
        f"{measured.browser_cores:.2f}",
    )


def _stage_row(measured: SpeedRound) -> tuple[str, ...]:
    stages = [visitor.stages for visitor in measured.visitors]
    columns = [
        [stage.receive for stage in stages],
        [stage.detect for stage in stages],
        [stage.classify for stage in stages],
        [stage.draw for stage in stages],
        [stage.words for stage in stages],
        [stage.total for stage in stages],
    ]
    means = [sum(column) / len(column) for column in columns]
    return (str(len(stages)), *(f"{mean:.1f}" for mean in means))


def _mean(
    values: Sequence[float],
    worst: Callable[[Sequence[float]], float],
    unit: str = "",
    digits: int = 1,
) -> str:
    if not values:
        return "none"
    mean = f"{sum(values) / len(values):.{digits}f}{unit}"
    return mean if len(values) == 1 else f"{mean} ({worst(values):.{digits}f})"


def _aims(part: SpeedPart) -> str:
    """Say for each number of visitors whether every one of them reached the aims."""
    sentences = []
    for measured in part.rounds:
        lags = [visitor.lag for visitor in measured.visitors]
        fast = all(v.read_fps >= AIM_FPS - ALMOST_FPS for v in measured.visitors)
        prompt = all(lag is not None and lag.p50_ms < AIM_LAG_MS for lag in lags)
        count = len(measured.visitors)
        sentences.append(
            f"{count} visitor{'s' if count > 1 else ''}: all {AIM_FPS:.0f} frames read: "
            f"{'reached' if fast else '**missed**'}, median lag under {AIM_LAG_MS:.0f} ms: "
            f"{'reached' if prompt else '**missed**'}"
        )
    return "Aims: " + "; ".join(sentences) + "."


def _oddities(part: SpeedPart) -> str:
    visitors = [visitor for measured in part.rounds for visitor in measured.visitors]
    sizes = sorted({visitor.picture for visitor in visitors})
    unread = max(visitor.unread_share for visitor in visitors)
    slowest = min(visitor.camera_fps for visitor in visitors)
    return (
        f"The video came back at {' and '.join(sizes)}. At most {unread:.1%} of a visitor's shown "
        f"frames had no readable number. The slowest webcam picture was seen at {slowest:.1f} "
        "frames a second: what the browser itself could not keep up with is no frame of ours."
    )
