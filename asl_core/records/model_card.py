"""Writes a run's model card from its own files, so that no figure in it is typed by hand."""

from asl_core.alphabet import LETTERS
from asl_core.errors import RunError
from asl_core.records.evaluation_report import EvaluationReport
from asl_core.records.history import best_row
from asl_core.records.robustness_report import (
    MOST_COST_POINTS,
    RobustnessReport,
    robustness_table,
)
from asl_core.records.scenes_report import ScenesReport, scenes_table
from asl_core.records.signer_accuracy import signer_accuracy
from asl_core.records.training_run import (
    CONFIG_FILE,
    HISTORY_FILE,
    LANDMARK_TRAINING_KEY,
    PICTURE_ONLY_ENDING,
    TrainingRun,
)

MODEL_CARD_FILE = "MODEL_CARD.md"

_INTRODUCTION = """\
Names the letter of one hand of American Sign Language fingerspelling, {classes}, from a single
picture. Made for hands, cameras and rooms it has never seen.
"""

_WHOLE_INTRODUCTION = """\
Names {classes} for any whole picture; it seeks no hand. Trained as
others do, to compare with: its figures for strangers say how far that carries.
"""

_IMAGENET_SOURCE = " The ResNet18 started from torchvision's ImageNet weights (BSD-3-Clause)."

_NETWORKS = {
    "resnet18_head": "ResNet18 with the reference head",
    "baseline_cnn": "the tutorial's CNN (three convolutions, two dense layers)",
}

_LIMITS = """\
- J and Z are motions; a still picture shows only a moment of them, in several conventions.
- Backlit hands, night scenes, blur, and hands cut off by the frame are read worse than others.
- The training photos come mostly from webcams of students; skin tones, ages and backgrounds are
  not documented and surely not balanced. Look at the figures per signer before you rely on it.
- It reads letters, not signs, and must not decide anything of weight about a person.
"""


def model_card(run: TrainingRun) -> str:
    """Write the model card of a finished run as Markdown.

    Raises:
        RunError: a file of the run is missing or broken.
    """
    parts = [
        f"# {run.name}\n",
        _introduction(run),
        "## Figures for signers it never saw\n" if run.division == "signer" else "## Figures\n",
        *(_evaluation(run, name, run.evaluation(name)) for name in run.evaluations),
        *(_scenes(report) for report in run.scenes),
        "## Model\n",
        _model(run),
        "## Training\n",
        _training_or_error(run),
        "## Limits\n",
        _LIMITS,
        "## Sources and licences\n",
        "Weights: MIT, as the project. The photos are not part of it; they are listed with their "
        "licences in [docs/photos.md](../../docs/photos.md)."
        + ("" if _is_baseline(run) else _IMAGENET_SOURCE)
        + "\n",
    ]
    return "\n".join(parts)


def figures_table(report: EvaluationReport) -> str:
    """Write the headline figures and each signer's as a Markdown table."""
    lines = ["| measured on | photos | right | no hand found |", "|---|---:|---:|---:|"]
    mean = signer_accuracy(report)
    if mean is not None:
        lines.append(
            f"| **24 static letters, clear labels, each of {mean.signers} signers with the same "
            f"weight** | {mean.photos} | {mean.accuracy:.1%} ({mean.low:.1%} to {mean.high:.1%}) "
            f"| {mean.no_hand / mean.photos:.1%} |"
        )
    rows = [("24 static letters, all photos", report.static)]
    rows += [("J and Z as stills", report.motion)] if report.motion else []
    rows += [("del, nothing, space", report.commands)] if report.commands else []
    lines += [
        f"| {name} | {part.photos} | {part.accuracy:.1%} | {part.no_hand_rate:.1%} |"
        for name, part in rows
    ]
    lines += [
        f"| signer {row.signer} (static letters) | {row.photos} | {row.accuracy:.1%} "
        f"| {row.no_hand_rate:.1%} |"
        for row in report.sources
    ]
    return "\n".join(lines) + "\n"


def _is_baseline(run: TrainingRun) -> bool:
    return run.model.get("architecture") == "baseline_cnn"


def _introduction(run: TrainingRun) -> str:
    has_commands = len(run.classes) > len(LETTERS)
    text = _WHOLE_INTRODUCTION if run.reads_whole_pictures else _INTRODUCTION
    return text.format(classes="A to Z, del, nothing and space" if has_commands else "A to Z")


def _evaluation(run: TrainingRun, name: str, report: EvaluationReport) -> str:
    static = report.static
    is_known = run.division != "signer" and run.config.get("photo_set") == report.photo_set
    known = ", other pictures of the signer it was trained on" * is_known
    alone = ", the picture network alone" * name.endswith(PICTURE_ONLY_ENDING)
    return (
        f"### {report.photo_set}, split {report.split}{alone}{known}\n\n{figures_table(report)}\n"
        "A photo in which no hand is found counts as wrong. Static letters: macro precision "
        f"{static.macro_precision:.1%}, recall {static.macro_recall:.1%}, F1 "
        f"{static.macro_f1:.1%}; right among the first three {static.top3_accuracy:.1%}. Expected "
        f"calibration error {report.expected_calibration_error:.3f}.\n\n"
        f"Reproduce: `{report.command}`\n" + _robustness(run.robustness(name))
    )


def _robustness(report: RobustnessReport | None) -> str:
    if report is None:
        return ""
    return (
        f"\nWhat it withstands: {report.photos:,} of the {report.available:,} photos of static "
        "letters, as they are and distorted (docs/robustness.md says how); a cost above "
        f"{MOST_COST_POINTS:.0f} points is in bold.\n\n{robustness_table(report)}\n"
        f"Reproduce: `{report.command}`\n"
    )


def _scenes(report: ScenesReport) -> str:
    return (
        f"### {report.scenes}, split {report.split}: nobody raises a hand\n\n"
        f"{scenes_table(report)}\n"
        "Named as sure: at or above the confidence below which a letter is called uncertain. "
        f"Before the camera each scene was shown for {report.live_seconds:g} s; written are "
        "letters that the live page would have put into the text.\n\n"
        f"Reproduce: `{report.command}`\n"
    )


def _model(run: TrainingRun) -> str:
    model = run.model
    preprocessing, calibration = model["preprocessing"], model["calibration"]
    name = model.get("architecture", "resnet18_head")
    shown = f"a square of {preprocessing['crop_scale']} times the hand's longer side, padded"
    if run.reads_whole_pictures:
        shown = "the whole picture, stretched to a square"
    lines = [
        f"- {_NETWORKS.get(name, name)}, {model['weights']['parameters']:,} parameters, "
        + (
            "whose weights are not shipped"
            if run.is_records_only
            else f"stored as {model['weights']['dtype']} safetensors"
        ),
        f"- input: {shown}, {preprocessing['input_size']} pixels"
        + (", read as it is and mirrored" if preprocessing["mirrored_look"] else ""),
    ]
    if model["landmark_weights"]:
        lines.append(
            f"- second view: a network of {model['landmark_weights']['parameters']:,} parameters "
            f"on the 21 landmarks; its share of the log-probabilities is "
            f"{calibration['landmark_share']:.2f}"
        )
    lines.append(
        f"- calibrated on validation photos: temperature {calibration['temperature']:.3f}; below a "
        f"confidence of {calibration['rejection_threshold']:.2f} a letter is called uncertain"
    )
    suffice = calibration.get("landmarks_suffice", 1.0)
    if suffice < 1:
        lines.append(
            f"- where a visitor's browser reads, a held letter that the landmarks alone name with "
            f"{suffice:.2f} (temperature {calibration['landmark_temperature']:.3f}) is looked at "
            "by the picture network only now and then"
        )
    return "\n".join(lines) + "\n"


def _validation_photos(run: TrainingRun) -> str:
    count = run.config.get(LANDMARK_TRAINING_KEY, run.config)["photos"]["validation"]
    return f"{count:,} photos"


def _validation_signers(run: TrainingRun) -> str:
    if run.division != "signer":
        return "of the same signer, drawn at random; it saw no other signer."
    count = run.config.get(LANDMARK_TRAINING_KEY, run.config)["signers"]["validation"]
    return f"of {count} other signers; test signers were only reported on."


def _signers(count: int) -> str:
    return f"{count} signer" if count == 1 else f"{count} signers"


def _training_or_error(run: TrainingRun) -> str:
    try:
        return _training(run)
    except (KeyError, TypeError, ValueError) as error:
        # Any JSON may stand in that file; what a card needs of it is read in many places.
        raise RunError(
            f"{run.name}/{CONFIG_FILE} is not what a training writes: {type(error).__name__} "
            f"({error})."
        ) from None


def _training(run: TrainingRun) -> str:
    config = run.config
    settings, best = config["settings"], best_row(run.history)
    stages = ", ".join(f"{size} px until {share:.0%}" for share, size in settings["stages"])
    chosen = ""
    if best:
        chosen = (
            f"; epoch {best.epoch} was kept, the network alone reading "
            f"{best.validation_accuracy:.1%} of the static letters of the validation photos"
        )
    return (
        f"{config['photos']['train']:,} photos of {_signers(config['signers']['train'])}, preset "
        f"`{settings['preset']}`, {epochs_told(run)} ({stages}) of up to "
        f"{settings['photos_per_epoch'] or config['photos']['train']:,} photos{chosen}"
        f"{landmarks_told(run)}. Epochs, landmark share and temperature were chosen on "
        f"{_validation_photos(run)} " + _validation_signers(run) + "\n\n"
        f"Reproduce: `python -m asl_core train --photos PHOTOS --name {run.name} --preset "
        f"{settings['preset']}` (here started from `{config['start']}`). Every setting is in "
        "[config.json](config.json), every epoch in [history.csv](history.csv).\n"
    )


def epochs_told(run: TrainingRun) -> str:
    """Say how many epochs a run had: "8 epochs", or "30 of at most 50 epochs".

    Without a history the planned number is all that is known.

    Raises:
        RunError: the history is broken, or the settings name no number of epochs.
    """
    settings = run.config.get("settings")
    planned = settings.get("epochs") if isinstance(settings, dict) else None
    if not isinstance(planned, int):
        raise RunError(f"{run.name}/{CONFIG_FILE} names no number of epochs, but {planned!r}.")
    done = len(run.history) if (run.folder / HISTORY_FILE).exists() else 0
    return f"{done} of at most {planned} epochs" if 0 < done < planned else f"{planned} epochs"


def landmarks_told(run: TrainingRun) -> str:
    """Say what the landmark network learned from, where it was trained alone; else nothing."""
    alone = run.config.get(LANDMARK_TRAINING_KEY)
    if alone is None:
        return ""
    further = f" and the hands of {alone['landmarks']}" if "landmarks" in alone else ""
    return (
        f"; the landmark network anew on {alone['photos']['train']:,} photos of "
        f"{alone['signers']['train']} signers{further}"
    )
