import dataclasses
import json
import math

import numpy as np
import pytest
from matplotlib._pylab_helpers import Gcf
from PIL import Image

from asl_core.alphabet import KAGGLE_CLASSES, LETTERS
from asl_core.evaluation.accuracy import confusion_counts
from asl_core.evaluation.figure_style import save_png
from asl_core.evaluation.figures import (
    classification_text,
    write_report_files,
    write_run_files,
)
from asl_core.evaluation.run_figures import confusion_figure, history_figure
from asl_core.evaluation.sample_figure import sample_figure
from asl_core.records.history import EpochRow, append_row
from asl_core.records.json_file import write_json
from asl_core.records.training_run import TrainingRun

RIGHT = (0x15, 0x80, 0x3D)
WRONG = (0xC8, 0x1E, 0x1E)


def count_pixels(path, colour):
    return int((np.array(Image.open(path).convert("RGB")) == colour).all(axis=2).sum())


def with_photos(report, photos, classes):
    return dataclasses.replace(
        report, classes=classes, photos=tuple(photos), confusion=confusion_counts(photos, classes)
    )


@pytest.mark.slow
def test_files_are_pngs_of_a_readable_size(tmp_path, small_report, make_photo):
    photos = [make_photo(name, name) for name in LETTERS]
    paths = write_report_files(with_photos(small_report, photos, LETTERS), tmp_path)
    assert [path.name for path in paths] == [
        "classification_report.txt",
        "confusion_matrix.png",
        "sample_predictions.png",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [path.name for path in paths]
    for path in paths[1:]:
        with Image.open(path) as picture:
            assert picture.format == "PNG"
            assert 900 <= picture.width <= 2000
            assert 900 <= picture.height <= 2000
        assert path.stat().st_size < 600_000
    # pyplot would keep each figure for good, which a server cannot afford.
    assert Gcf.get_all_fig_managers() == []


@pytest.mark.slow
def test_right_is_green_and_wrong_is_red(tmp_path, small_report, make_photo):
    path = tmp_path / "sample.png"
    save_png(sample_figure(with_photos(small_report, [make_photo("A", "A")], ("A", "B"))), path)
    assert count_pixels(path, RIGHT) > 500
    assert count_pixels(path, WRONG) == 0
    wrong = [make_photo("A", "B"), make_photo("B", None)]
    save_png(sample_figure(with_photos(small_report, wrong, ("A", "B"))), path)
    assert count_pixels(path, RIGHT) == 0
    assert count_pixels(path, WRONG) > 500


@pytest.mark.slow
def test_sample_says_what_was_read(small_report):
    figure = sample_figure(small_report)
    words = [text.get_text() for axes in figure.axes for text in axes.texts]
    # One photo of A is drawn, right or without a hand; B is a mistake and comes twice.
    assert words.count("✗ B") == 2
    assert words.count("read as A, 61%") == 2
    assert words.count("✓ J") == 1
    assert words.count("read as J, 85%") == 1
    assert words.count("no hand found") in (1, 2)
    assert "2 of 2 mistakes, drawn at random" in [text.get_text() for text in figure.texts]


def test_right_wrong_and_no_hand_have_their_own_colours(tmp_path, small_report, make_photo):
    indigo, orange, grey = (0x4F, 0x46, 0xE5), (0xE8, 0x73, 0x0C), (0x66, 0x70, 0x85)
    photos = [make_photo("A", "A"), make_photo("B", "A"), make_photo("C", None)]
    path = tmp_path / "confusion.png"
    report = with_photos(small_report, photos, ("A", "B", "C"))
    save_png(confusion_figure(report), path)
    assert count_pixels(path, indigo) > 500
    assert count_pixels(path, orange) > 500
    assert count_pixels(path, grey) > 500


@pytest.mark.parametrize("classes", [("A",), KAGGLE_CLASSES], ids=["1 class", "29 classes"])
def test_confusion_fits_any_number_of_classes(small_report, make_photo, classes):
    figure = confusion_figure(with_photos(small_report, [make_photo("A", "A")], classes))
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == list(classes)
    assert figure.get_figwidth() >= 9


def test_classification_text(small_report):
    text = classification_text(small_report)
    lines = [line.split() for line in text.splitlines()]
    assert small_report.command in text
    assert "Static letters (without J and Z): accuracy 0.3333 over 3 photos" in text
    assert "All classes: accuracy 0.5000 over 4 photos, no hand found in 25.00%" in text
    assert lines.count(["A", "0.5000", "0.5000", "0.5000", "2"]) == 2
    assert lines.count(["J", "1.0000", "1.0000", "1.0000", "1"]) == 1
    assert ["macro", "avg", "0.2500", "0.2500", "0.2500", "3"] in lines


ROW = EpochRow(1, 96, 2.5, 0.25, 1.75, 0.5, 0.0015, 60)


@pytest.mark.slow
@pytest.mark.parametrize(
    "rows",
    [
        [ROW],
        [
            dataclasses.replace(ROW, epoch=epoch, input_size=96 + 32 * (epoch > 2))
            for epoch in (1, 2, 3)
        ],
        [ROW, dataclasses.replace(ROW, epoch=2, train_loss=math.nan, validation_loss=math.nan)],
    ],
    ids=["one epoch", "growing pictures", "diverged"],
)
def test_run_files(tmp_path, rows):
    folder = tmp_path / "mine"
    write_json(folder / "model.json", {"classes": ["A", "C", "B"]})
    for row in rows:
        append_row(folder / "history.csv", row)
    mapping, curves = write_run_files(TrainingRun(folder))
    assert json.loads(mapping.read_text()) == {"0": "A", "1": "C", "2": "B"}
    assert mapping.name == "class_mapping.json"
    assert curves.name == "training_history.png"
    with Image.open(curves) as picture:
        assert picture.format == "PNG"
        assert 1200 <= picture.width <= 2000
        assert 400 <= picture.height <= 1000


def test_a_run_without_history_has_no_curves(tmp_path):
    write_json(tmp_path / "model.json", {"classes": ["A"]})
    assert [path.name for path in write_run_files(TrainingRun(tmp_path))] == ["class_mapping.json"]


def test_history_says_which_epoch_was_best():
    rows = [
        dataclasses.replace(ROW, epoch=epoch, validation_accuracy=accuracy)
        for epoch, accuracy in ((1, 0.5), (2, 0.876), (3, 0.7))
    ]
    words = " ".join(text.get_text() for text in history_figure("mine", rows).texts)
    assert "mine: 3 epochs in 3 minutes. Best epoch 2: 87.6%" in words


def test_history_without_an_epoch_is_refused():
    with pytest.raises(ValueError, match="mine has no finished epoch"):
        history_figure("mine", [])


def test_without_landmarks_there_are_no_samples_to_draw(small_report, tmp_path):
    import dataclasses

    bare = tuple(dataclasses.replace(p, landmarks=()) for p in small_report.photos)
    written = write_report_files(dataclasses.replace(small_report, photos=bare), tmp_path)
    assert [path.name for path in written] == ["classification_report.txt", "confusion_matrix.png"]
