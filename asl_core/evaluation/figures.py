"""Writes the files that people open without the app, from saved records alone."""

from collections.abc import Sequence
from pathlib import Path

from sklearn.metrics import classification_report

from asl_core.evaluation.accuracy import answers, labels_in, static_only, summarize
from asl_core.evaluation.figure_style import save_png
from asl_core.evaluation.run_figures import confusion_figure, history_figure
from asl_core.evaluation.sample_figure import sample_figure
from asl_core.records.evaluation_report import EvaluationReport, PhotoResult
from asl_core.records.json_file import write_json
from asl_core.records.training_run import CLASS_MAPPING_FILE, HISTORY_FILE, TrainingRun

CLASSIFICATION_REPORT_FILE = "classification_report.txt"
CONFUSION_FILE = "confusion_matrix.png"
SAMPLES_FILE = "sample_predictions.png"
TRAINING_HISTORY_FILE = "training_history.png"


def write_report_files(report: EvaluationReport, folder: Path) -> tuple[Path, ...]:
    """Write what belongs beside the `report.json` in `folder` and return the paths.

    The samples are drawn from landmarks, so a model that seeks no hand has none.
    """
    text = folder / CLASSIFICATION_REPORT_FILE
    text.write_text(classification_text(report), encoding="utf-8")
    confusion = save_png(confusion_figure(report), folder / CONFUSION_FILE)
    if not any(photo.landmarks for photo in report.photos):
        return (text, confusion)
    return (text, confusion, save_png(sample_figure(report), folder / SAMPLES_FILE))


def write_run_files(run: TrainingRun) -> tuple[Path, ...]:
    """Write the class mapping, and the training curves where the run has a finished epoch.

    Raises:
        RunError: `model.json` or the history is broken.
    """
    mapping = run.folder / CLASS_MAPPING_FILE
    write_json(mapping, {str(index): name for index, name in enumerate(run.classes)})
    # A model that was imported has weights but no history.
    history = run.history if (run.folder / HISTORY_FILE).is_file() else ()
    if not history:
        return (mapping,)
    figure = history_figure(run.name, history)
    return (mapping, save_png(figure, run.folder / TRAINING_HISTORY_FILE))


def classification_text(report: EvaluationReport) -> str:
    """Return scikit-learn's classification report, for the static letters and for all classes."""
    parts = [
        f"{report.run} on {report.photo_set}, split {report.split}\n{report.command}\n"
        "A photo without a found hand counts as wrong: it lowers the recall of its letter.\n",
        _section("Static letters (without J and Z)", static_only(report.photos), report.classes),
        _section("All classes", report.photos, report.classes),
    ]
    return "\n".join(parts)


def _section(heading: str, photos: Sequence[PhotoResult], classes: tuple[str, ...]) -> str:
    summary = summarize(photos)
    table = classification_report(
        [photo.label for photo in photos],
        answers(photos),
        labels=labels_in(photos, classes),
        digits=4,
        zero_division=0,
    )
    return (
        f"{heading}: accuracy {summary.accuracy:.4f} over {summary.photos} photos, "
        f"no hand found in {summary.no_hand_rate:.2%}\n\n{table}"
    )
