import dataclasses
import math

import pytest

from asl_core.errors import RunError
from asl_core.records.history import EpochRow, append_row, best_row, read_history

ROW = EpochRow(
    epoch=1,
    input_size=96,
    train_loss=2.5,
    train_accuracy=0.25,
    validation_loss=1.75,
    validation_accuracy=0.5,
    learning_rate=0.0015,
    seconds=61.5,
)


def test_rows_are_kept_one_by_one(tmp_path):
    path = tmp_path / "history.csv"
    second = dataclasses.replace(ROW, epoch=2, validation_accuracy=0.625)
    append_row(path, ROW)
    assert read_history(path) == (ROW,)
    append_row(path, second)
    assert read_history(path) == (ROW, second)
    assert path.read_text().splitlines()[0].startswith("epoch,input_size,train_loss")


def test_an_empty_file_gets_its_header(tmp_path):
    path = tmp_path / "history.csv"
    path.touch()
    assert read_history(path) == ()
    append_row(path, ROW)
    assert read_history(path) == (ROW,)


def test_a_diverged_loss_is_kept(tmp_path):
    path = tmp_path / "history.csv"
    append_row(path, dataclasses.replace(ROW, train_loss=math.nan))
    assert math.isnan(read_history(path)[0].train_loss)


def test_best_row_is_the_earliest_of_equals():
    accuracies = [0.5, 0.8, 0.7, 0.8]
    rows = tuple(
        dataclasses.replace(ROW, epoch=epoch, validation_accuracy=accuracy)
        for epoch, accuracy in enumerate(accuracies, start=1)
    )
    best = best_row(rows)
    assert best is not None
    assert best.epoch == 2
    assert best_row(()) is None


HEADER = "epoch,input_size,train_loss,train_accuracy,validation_loss,validation_accuracy,"
HEADER += "learning_rate,seconds\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"epoch,loss\n1,2\n", "my-run/history.csv line 2 has no input_size."),
        (HEADER.encode() + b"1,96,2.5\n", "my-run/history.csv line 2 has no train_accuracy."),
        (HEADER.encode() + b"one,96,1,1,1,1,1,1\n", "line 2: epoch is 'one', not a number."),
        (HEADER.encode() + b"1,96,1,1,1,nan,1,1\n", "validation_accuracy is 'nan', allowed are"),
        (HEADER.encode() + b"1,96,1,1,1,91.2,1,1\n", "validation_accuracy is '91.2', allowed are"),
        (b"\xff\xfe\x00\x01", "my-run/history.csv is not a CSV table"),
    ],
    ids=["other columns", "cut row", "word", "nan accuracy", "percent", "binary"],
)
def test_broken_files_give_one_sentence(tmp_path, content, sentence):
    path = tmp_path / "my-run" / "history.csv"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(RunError) as caught:
        read_history(path)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file(tmp_path):
    with pytest.raises(RunError, match=r"has no history\.csv\."):
        read_history(tmp_path / "history.csv")
