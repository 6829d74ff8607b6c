"""Writes a motion model's card from its own files, so that no figure in it is typed by hand."""

from pathlib import Path
from typing import Any

from asl_core.records.json_file import read_json
from asl_core.records.motion_report import (
    LEFT_OUT_FILE,
    MOTION_MODEL_FILE,
    MOTION_TRAINING_FILE,
    LeftOutReport,
    MotionReport,
    left_out_table,
    motion_report_file,
)

_LIMITS = """\
- Few signers: three sources for J, four for Z. Other ways to draw the letters may be missed.
- A frame rate of 30 and a picture of 4:3 were assumed for all sequences; the sources do not say.
- A letter drawn slower than in about two seconds, or with the hand partly out of the picture, is
  likely to be missed. Then draw it again, or type it.
"""


def motion_card(folder: Path) -> str:
    """Write the card of a trained motion model as Markdown.

    Raises:
        RunError: a file of the model is missing or broken.
    """
    model, training = (
        read_json(folder / MOTION_MODEL_FILE),
        read_json(folder / MOTION_TRAINING_FILE),
    )
    reports = [
        MotionReport.load(folder / motion_report_file(split))
        for split in ("validation", "test")
        if (folder / motion_report_file(split)).is_file()
    ]
    parts = [
        f"# {folder.name}\n",
        "Reads J and Z as motions of one hand in a stream of MediaPipe landmarks: J drawn by the "
        "little finger, Z by the index finger. A still hand never gives either.\n",
        *(f"## Figures, split {report.split}\n\n{motion_tables(report)}" for report in reports),
        *_left_out(folder),
        "## Model\n",
        _model(model),
        "## Training\n",
        _training(training),
        "## Limits\n",
        _LIMITS,
        "## Sources and licences\n",
        "Weights: MIT, as the project. Landmark sequences: traduttore/traduttore-model (MIT), "
        "dylan-ngjj/signlanguagetospeech, lim-zhiyu/MSL-Fingerspelling-Recognition-System, "
        "Sophie-Binder/gestures, Yumenin/LSTM-FSL-Alphabet; still hands: the landmarks of the "
        "photos in [docs/photos.md](../../docs/photos.md). None of them is part of the project.\n",
    ]
    return "\n".join(parts)


def motion_tables(report: MotionReport) -> str:
    """Write the figures of a report as Markdown tables."""
    lines = [
        "| | sequences | right | read as the other | more than once | missed | false |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| signer {row.signer}, {row.letter} | {row.sequences} | {row.right / row.sequences:.1%} "
        f"| {row.other_letter} | {row.repeated} | {row.missed} | {row.false} |"
        for row in report.signers
    ]
    streams, cost = report.still_streams, report.cost
    lines += [
        "",
        f"J recall **{report.recall('J'):.1%}** of {report.count('J')}, Z recall "
        f"**{report.recall('Z'):.1%}** of {report.count('Z')}; read as J or Z "
        f"**{report.false_rate:.2%}** of {report.count('other'):,} other letters.",
        "",
        f"- decided {report.delay_median_s:+.2f} s from the stroke's end (median; 95 % within "
        f"{report.delay_p95_s:+.2f} s); below zero is before the hand has come to rest",
        f"- still letters joined to streams of {streams.minutes:.1f} minutes: "
        f"{streams.false_letters} false letters ({streams.per_minute:.2f} a minute)",
        f"- a stroke seemed under way at {report.still_tracing_share:.2%} of the frames of other "
        "letters",
        f"- one frame costs {cost.mean_ms:.2f} ms of one core on average and "
        f"{cost.worst_ms:.2f} ms at worst, "
        f"over {cost.frames:,} frames of mostly J and Z",
        "",
        "| frames a second | J | Z | others read as J or Z |",
        "|---:|---:|---:|---:|",
        f"| 30 | {report.recall('J'):.1%} | {report.recall('Z'):.1%} | {report.false_rate:.2%} |",
    ]
    lines += [
        f"| {rate.frames_per_second:.0f} | {rate.j_recall:.1%} | {rate.z_recall:.1%} "
        f"| {rate.false_rate:.2%} |"
        for rate in report.rates
    ]
    note = [report.note, ""] if report.note else []
    lines += ["", *_missed_lines(report), *note, f"Reproduce: `{report.command}`", ""]
    return "\n".join(lines)


def _left_out(folder: Path) -> list[str]:
    if not (folder / LEFT_OUT_FILE).is_file():
        return []
    report = LeftOutReport.load(folder / LEFT_OUT_FILE)
    return [
        "## Signers left out of training\n",
        f"Trainings with {report.streams:,} streams, {report.epochs} epochs, each without some "
        "signers of train and validation; what comes out of theirs when a letter is given from "
        f"this probability on.\n\n{left_out_table(report)}\n\nReproduce: `{report.command}`\n",
    ]


def _missed_lines(report: MotionReport) -> list[str]:
    if not report.missed:
        return []
    each = ", ".join(
        f"{entry.number} ({entry.signer}, {entry.letter} read as {entry.read or 'nothing'}"
        + (f"; its stroke: {entry.fault})" if entry.fault else ")")
        for entry in report.missed
    )
    return [f"Not read right: {each}.", ""]


def _model(model: dict[str, Any]) -> str:
    settings, weights = model["settings"], model["weights"]
    windows = ", ".join(f"{seconds:g}" for seconds in settings["window_seconds"])
    return (
        f"- {weights['networks']} convolutional network(s) over time, {weights['parameters']:,} "
        f"parameters, {weights['dtype']} safetensors, run with NumPy\n"
        f"- at each frame it looks at the last {windows} seconds, {model['steps']} moments each\n"
        f"- J comes out from a probability of {settings['j_decision']:g} on, Z from "
        f"{settings['z_decision']:g} (chosen by leaving signers out), averaged over "
        f"{settings['decision_seconds']:g} s; a fingertip must have crossed "
        f"{settings['least_extent']:g} palm lengths before anything is looked at\n"
        f"{_least_done(settings)}"
    )


def _least_done(settings: dict[str, Any]) -> str:
    """Describe the rules at a stroke's end; settings of older models do not have them."""
    if "least_done" not in settings:
        return ""
    least = f"{settings['least_done']:g}"
    lines = f"- where the little finger draws, Z counts for J if J has at least {least}\n"
    if settings.get("ending_share"):
        lines += (
            f"- once the hand has vanished, {settings['ending_share']:.0%} of a letter's \"under "
            f'way" counts as done where at least {least} is done\n'
        )
    return lines


def _training(training: dict[str, Any]) -> str:
    counts, left_out = training["sequences"], training["left_out"]
    faults = ", ".join(
        f"{e['number']} ({e['signer']}, {e['letter']}: {e['fault']})" for e in left_out
    )
    return (
        f"{counts['J']} J, {counts['Z']} Z and {counts['other']:,} other sequences of "
        f"{len(training['signers'])} signers ({', '.join(training['signers'])}), and "
        f"{training['photo_hands']:,} still hands of {training['photo_signers']} signers on "
        f"photos, to which the strokes were carried over. {training['windows']:,} windows, "
        f"{training['training']['epochs']} epochs, seed {training['training']['seed']}, "
        f"{training['seconds'] / 60:.1f} minutes.\n\n"
        + (f"Left out, as the stroke is not whole: {faults}.\n" if faults else "")
    )
