"""`python -m asl_core benchmark`: how fast is it, and how much faster than the reference?"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from asl_core.commands.chosen_model import model_path
from asl_core.commands.output_place import check_output_file
from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.errors import SettingsError
from asl_core.records.training_run import SHIPPED_RUN

if TYPE_CHECKING:
    from rich.console import Console

    from asl_core.records.speed_report import LiveSpeed, SideBySide, SpeedReport, StageSpeed


def benchmark(
    photo: Annotated[
        Path | None, typer.Option(help="Picture of a hand; default: one that is drawn.")
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=0.1, help="For each of video, photo, batch and live.")
    ] = 8.0,
    cold_starts: Annotated[
        int, typer.Option(min=0, help="Fresh processes for ours and for the reference; 0: none.")
    ] = 2,
    run: Annotated[str, typer.Option(help="Name or folder of a run.")] = SHIPPED_RUN,
    device: Annotated[str | None, typer.Option(help="'cpu', 'cuda' …")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep it as RUN/speed.json, which /speed shows.")
    ] = False,
    write: Annotated[
        Path | None, typer.Option(help="Write the figures as a page too, as docs/speed.md is.")
    ] = None,
) -> None:
    """Measure the speed of each stage and of the whole at 640x480.

    Beside it runs the reference's loop on the same frames: HandLandmarker on every frame, PIL,
    torchvision transforms, float32 torch. Ours and the reference take turns, so that a busy
    machine slows both; the ratios tell more than the times.

    For example:

        python -m asl_core benchmark

        python -m asl_core benchmark --keep --write docs/speed.md

        python -m asl_core benchmark --photo hand.jpg --seconds 20 --json
    """
    from asl_core import images
    from asl_core.benchmark.frames import drawn_frame
    from asl_core.benchmark.speed_report import measure_speed
    from asl_core.records.speed_report import SPEED_FILE

    picture = images.read(photo) if photo else drawn_frame()
    model = model_path(run)
    if write:
        check_output_file(write, "--write")
    if keep and not model.is_dir():
        raise SettingsError(f"--keep writes into a run's folder, and {model.name} is none.")
    with quiet_libraries():
        report = measure_speed(model, picture, seconds, cold_starts, device)
    if keep:
        report.save(model / SPEED_FILE)
    if write:
        from asl_core.benchmark.speed_page import markdown

        write.write_text(markdown(report), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(asdict(report), allow_nan=False))
    else:
        _print_report(report)


def _print_report(report: "SpeedReport") -> None:
    from rich.console import Console

    console = Console(highlight=False)
    machine = report.machine
    console.print(
        f"{report.run} on {machine.cores} cores, {machine.torch_threads} torch threads, "
        f"device {machine.device}; torch {machine.torch}, mediapipe {machine.mediapipe}, "
        f"onnxruntime {machine.onnxruntime}; reads with {machine.network}"
    )
    _print_stages(console, "Video, 640x480, a moving hand", report.video)
    _print_stages(console, "Photo, 640x480", report.photo)
    batch = report.batch
    speeds = ", ".join(f"{v:.1f} (batch {k})" for k, v in batch.ours_images_per_second.items())
    console.print(
        f"Hands named per second: {speeds}; reference {batch.reference_images_per_second}"
    )
    console.print(f"  [bold]{batch.ratio:.2f} times[/] the reference")
    _print_live(console, report.live)
    if report.cold_start:
        cold = report.cold_start
        console.print(
            f"Cold start to first letter: {cold.ours_seconds:.1f} s; "
            f"reference {cold.reference_seconds:.1f} s\n  [bold]{cold.ratio:.2f} times[/] as fast"
        )


def _print_stages(console: "Console", title: str, comparison: "SideBySide") -> None:
    from rich import box
    from rich.table import Table

    title = f"{title}; ms as p50 / p95"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("", no_wrap=True, min_width=len("reference"))
    for heading in ("detect", "classify", "total", "frames/s", "hand found"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_row("ours", *_cells(comparison.ours))
    table.add_row("reference", *_cells(comparison.reference))
    table.caption = f"ours reads {comparison.ratio:.2f} times as many frames a second"
    table.caption_justify = "left"
    console.print(table)


def _print_live(console: "Console", speeds: "tuple[LiveSpeed, ...]") -> None:
    from rich import box
    from rich.table import Table

    title = "Live, 640x480, without codec and transport; shares of a frame's time"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    headings = ("visitors", "frames/s", "ms p50 / p95", "detect", "network", "draw", "rest")
    for heading in (*headings, "hand found"):
        table.add_column(heading, justify="right", no_wrap=True)
    for speed in speeds:
        shares = (speed.detect_share, speed.network_share, speed.draw_share, speed.rest_share)
        table.add_row(
            str(speed.visitors),
            f"{speed.fps:.1f}",
            f"{speed.frame_ms.p50:.1f} / {speed.frame_ms.p95:.1f}",
            *(f"{share:.1%}" for share in shares),
            f"{speed.hand_share:.0%}",
        )
    overheads = ", ".join(f"{s.overhead_share:.1%} ({s.visitors})" for s in speeds)
    table.caption = f"all but detector and network, by visitors: {overheads}"
    table.caption_justify = "left"
    console.print(table)


def _cells(speed: "StageSpeed") -> list[str]:
    stages = (speed.detect, speed.classify, speed.total)
    times = [f"{stage.p50:.1f} / {stage.p95:.1f}" for stage in stages]
    return [*times, f"{speed.fps:.1f}", f"{speed.hand_share:.0%}"]
