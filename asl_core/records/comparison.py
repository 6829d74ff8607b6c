"""What each step from a tutorial's network to ours adds, from evaluation files alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from asl_core.alphabet import STATIC_LETTERS
from asl_core.errors import RunError
from asl_core.records.evaluation_report import EvaluationReport, PhotoResult
from asl_core.records.model_card import epochs_told, landmarks_told
from asl_core.records.training_run import (
    PICTURE_ONLY_ENDING,
    SHIPPED_RUN,
    TrainingRun,
)

STRANGERS = "photos-test"
"""Name of the evaluation on signers that no run was trained or tuned on."""


@dataclass(frozen=True)
class Step:
    """One recognizer of the comparison: which run, measured where, and what is new in it.

    `evaluation` is on signers it never saw, `known_evaluation` on the part of its own signer's
    pictures that a random split held out, None where it was trained on many signers.
    """

    title: str
    novelty: str
    run: str
    evaluation: str = STRANGERS
    known_evaluation: str | None = None


STEPS: tuple[Step, ...] = (
    Step(
        "The tutorial's CNN",
        "64 px, whole picture, one signer, random split",
        "tutorial-cnn",
        known_evaluation="grass200-validation",
    ),
    Step(
        "The reference's ResNet18",
        "a deeper network, the same signer and whole pictures",
        "reference-resnet18",
        known_evaluation="grass200-test",
    ),
    Step(
        "The tutorial's CNN on hand crops",
        "the hand is found and cut out; many signers",
        "crops-cnn",
    ),
    Step(
        "ResNet18 on hand crops",
        "a deeper network, strong augmentation, the mirror image too, more views in doubt",
        SHIPPED_RUN,
        evaluation=STRANGERS + PICTURE_ONLY_ENDING,
    ),
    Step("The shipped model", "a second network on the hand's 21 points", SHIPPED_RUN),
)
"""From the tutorial's network to the model that the app opens with."""


@dataclass(frozen=True)
class SignerShare:
    """One signer's photos of the 24 static letters, and the share in 0-1 that was read right."""

    signer: str
    photos: int
    accuracy: float


@dataclass(frozen=True)
class StepResult:
    """The measured figures of one step, all over the 24 static letters and in 0-1.

    They are those of the photos that every step was measured on.
    `known_accuracy` is on its own signer, None where there is no such evaluation. `trained` says
    in one line how the run was trained, from its settings.
    """

    step: Step
    photos: int
    accuracy: float
    top3_accuracy: float
    macro_f1: float
    no_hand_rate: float
    signers: tuple[SignerShare, ...]
    known_accuracy: float | None
    trained: str
    command: str


@dataclass(frozen=True)
class Comparison:
    """The steps that were measured, in their order, and a sentence for each that was not."""

    results: tuple[StepResult, ...]
    missing: tuple[str, ...]


def compare(runs: Sequence[TrainingRun], steps: Sequence[Step] = STEPS) -> Comparison:
    """Read the evaluation of each step; of runs of one name the first is taken.

    They are compared on the photos that all were measured on; one that shares none with the first
    is left out, with a sentence. A broken file gives a sentence too.
    """
    by_name = {run.name: run for run in reversed(runs)}
    found: list[tuple[Step, TrainingRun, EvaluationReport]] = []
    missing: list[str] = []
    common: frozenset[str] = frozenset()
    for step in steps:
        try:
            run = _run_of(step, by_name)
            report = run.evaluation(step.evaluation)
            own_ids = frozenset(photo.photo_id for photo in report.photos)
            shared = common & own_ids if found else own_ids
            if not shared:
                raise RunError(f"{run.name} was measured on other photos than those above it.")
            found.append((step, run, report))
            common = shared
        except RunError as error:
            missing.append(f"{step.title}: {error}")
    return Comparison(tuple(_result(*row, common) for row in found), tuple(missing))


def training_line(run: TrainingRun) -> str:
    """Describe in one line how a run was trained; empty where its settings are missing."""
    try:
        config = run.config
        settings, signers = config["settings"], config["signers"]["train"]
        photos = settings["photos_per_epoch"] or config["photos"]["train"]
        sizes = " then ".join(f"{size} px" for _, size in settings["stages"])
        frozen = settings.get("frozen_stages", 0)
        return (
            f"{config['photos']['train']:,} photos of {signers} signer{'s' * (signers != 1)}, "
            f"preset {settings['preset']}, {epochs_told(run)} of {photos:,} photos at "
            f"{sizes}, started from {config['start']}"
            + (f", stem and {frozen} of 4 stages kept" if frozen else "")
            + landmarks_told(run)
        )
    except (RunError, KeyError, TypeError, ValueError):
        return ""  # the measured figures hold without it


def comparison_markdown(comparison: Comparison, plot: str) -> str:
    """Write the comparison as Markdown with the picture file `plot`; no figure is typed by hand."""
    lines = [
        "| | what is new | strangers | first three | macro F1 | no hand found | own signer |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for row in comparison.results:
        known = "-" if row.known_accuracy is None else f"{row.known_accuracy:.1%}"
        lines.append(
            f"| **{row.step.title}** (`{row.step.run}`) | {row.step.novelty} | "
            f"**{row.accuracy:.1%}** | {row.top3_accuracy:.1%} | {row.macro_f1:.1%} | "
            f"{row.no_hand_rate:.1%} | {known} |"
        )
    lines += ["", f"![Accuracy of each step on strangers]({plot})", "", *_signer_table(comparison)]
    if comparison.missing:
        lines += ["", "## Not measured", "", *(f"- {sentence}" for sentence in comparison.missing)]
    lines += ["", "## How each was trained", ""]
    lines += [
        f"- **{row.step.title}**: {row.trained or 'not recorded'}. Measured by `{row.command}`"
        for row in comparison.results
    ]
    return "\n".join(lines) + "\n"


def _run_of(step: Step, by_name: dict[str, TrainingRun]) -> TrainingRun:
    if step.run not in by_name:
        raise RunError(f"there is no run {step.run!r}.")
    return by_name[step.run]


def _result(
    step: Step, run: TrainingRun, report: EvaluationReport, common: frozenset[str]
) -> StepResult:
    known = None
    if step.known_evaluation in run.evaluations:
        known = run.evaluation(step.known_evaluation).static.accuracy
    photos = [p for p in report.photos if p.photo_id in common and p.label in STATIC_LETTERS]
    count = max(1, len(photos))
    return StepResult(
        step=step,
        photos=len(photos),
        accuracy=sum(photo.is_right for photo in photos) / count,
        top3_accuracy=sum(photo.label in dict(photo.top) for photo in photos) / count,
        macro_f1=_macro_f1(photos),
        no_hand_rate=sum(photo.predicted is None for photo in photos) / count,
        signers=_by_signer(photos),
        known_accuracy=known,
        trained=training_line(run),
        command=report.command,
    )


def _macro_f1(photos: Sequence[PhotoResult]) -> float:
    """Return the unweighted mean of the letters' F1 scores, 2 TP / (2 TP + FP + FN)."""
    shown = Counter(photo.label for photo in photos)
    read = Counter(photo.answer for photo in photos)
    right = Counter(photo.label for photo in photos if photo.is_right)
    return mean([2 * right[c] / (shown[c] + read[c]) for c in shown]) if shown else 0.0


def _by_signer(photos: Sequence[PhotoResult]) -> tuple[SignerShare, ...]:
    shown = Counter(photo.signer for photo in photos)
    right = Counter(photo.signer for photo in photos if photo.is_right)
    return tuple(SignerShare(name, n, right[name] / n) for name, n in sorted(shown.items()))


def _signer_table(comparison: Comparison) -> list[str]:
    names = sorted({score.signer for row in comparison.results for score in row.signers})
    lines = [
        "| signer | " + " | ".join(row.step.title for row in comparison.results) + " |",
        "|---|" + "---:|" * len(comparison.results),
    ]
    for name in names:
        shares = [
            next((f"{s.accuracy:.1%}" for s in row.signers if s.signer == name), "-")
            for row in comparison.results
        ]
        lines.append(f"| {name} | " + " | ".join(shares) + " |")
    return lines
