from datetime import datetime

import pytest

from asl_core.errors import PhotoSetError
from asl_core.evaluation.accuracy import measure_accuracy
from asl_core.photos.photo_set import read_photo_set
from asl_core.records.evaluation_report import (
    EvaluationReport,
    LeftOut,
    LetterScore,
    SourceScore,
    Summary,
)


@pytest.fixture
def measured(colour_pipeline, make_measurement):
    """Return a function that measures the colour pipeline on a photo set."""

    def measure(photo_set, **changes) -> EvaluationReport:
        return measure_accuracy(make_measurement(colour_pipeline, **changes), photo_set)

    return measure


@pytest.fixture
def report(measured, colour_photos) -> EvaluationReport:
    return measured(read_photo_set(colour_photos))


def test_figures_by_hand(report):
    third = pytest.approx(1 / 3)
    assert report.static == Summary(3, third, pytest.approx(2 / 3), 0.25, 0.25, 0.25, third)
    assert report.motion == Summary(1, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0)
    assert report.overall == Summary(4, 0.5, 0.75, 0.5, 0.5, 0.5, 0.25)
    assert report.letters == (
        LetterScore("A", 0.5, 0.5, 0.5, 2),
        LetterScore("B", 0.0, 0.0, 0.0, 1),
        LetterScore("J", 1.0, 1.0, 1.0, 1),
    )
    assert report.confusion == ((1, 0, 0, 1), (1, 0, 0, 0), (0, 0, 1, 0))
    assert report.expected_calibration_error == pytest.approx((0.1 + 0.61 + 0.15) / 3)
    assert report.sources == (SourceScore("anna", "anna", 3, third, third),)


def test_names_and_time(report):
    assert (report.run, report.photo_set) == ("fake-run", "colours")
    assert report.command == "python -m asl_core evaluate"
    assert (report.split, report.classes) == ("test", ("A", "B", "J"))
    assert datetime.fromisoformat(report.created).utcoffset().total_seconds() == 0


def test_a_photo_with_a_hand(report):
    photo = report.photos[0]
    assert (photo.photo_id, photo.signer, photo.label) == ("test/anna/A/000.png", "anna", "A")
    assert photo.top == (("A", 0.9), ("B", 0.06), ("J", 0.04))
    assert (photo.predicted, photo.confidence, photo.handedness) == ("A", 0.9, "Left")
    assert (photo.width, photo.height) == (80, 40)
    # The points reach over x 9.9 to 60 and y 10 to 30: a square of 50 around (34.9, 20).
    assert photo.box == (10, -5, 60, 45)
    assert photo.landmarks[:3] == ((0.25, 0.25), (0.75, 0.75), (0.1235, 0.5))
    assert photo.brightness == pytest.approx(0.299 * 100)


def test_a_photo_without_a_hand(report):
    photo = report.photos[1]
    assert (photo.predicted, photo.confidence, photo.handedness, photo.box) == (None,) * 4
    assert (photo.top, photo.landmarks) == ((), ())
    assert not photo.is_right


def test_other_labels_are_counted_and_not_folded(report):
    assert report.left_out == (LeftOut("del", 1),)
    assert "del" not in {photo.label for photo in report.photos}


def test_an_unreadable_photo_is_listed(measured, colour_photos):
    (colour_photos / "test/anna/A/000.png").write_bytes(b"\x89PNG but no picture")
    report = measured(read_photo_set(colour_photos))
    assert len(report.unreadable) == 1
    assert report.unreadable[0].startswith("test/anna/A/000.png: 000.png is not a picture")
    assert str(colour_photos) not in report.unreadable[0]
    assert report.static.photos == 2


def test_a_photo_that_vanished_hides_the_place_of_the_folder(measured, colour_photos):
    photo_set = read_photo_set(colour_photos)
    (colour_photos / "test/anna/A/000.png").unlink()
    report = measured(photo_set)
    assert report.unreadable[0].startswith("test/anna/A/000.png: The file ")
    assert str(colour_photos) not in report.unreadable[0]


def test_split_all_takes_every_photo(measured, colour_photos):
    report = measured(read_photo_set(colour_photos), split="all")
    assert report.overall.photos == 5
    assert [score.signer for score in report.sources] == ["anna", "carl"]
    assert report.split == "all"


def test_unknown_split(measured, colour_photos):
    with pytest.raises(PhotoSetError, match="no split 'exam'; its splits are: test, train"):
        measured(read_photo_set(colour_photos), split="exam")


def test_nothing_to_measure(measured, colour_photos):
    only_motion = read_photo_set(colour_photos).with_labels("J")
    with pytest.raises(PhotoSetError, match="'test', has no readable photo of a static letter"):
        measured(only_motion)


def test_progress_is_told_after_each_photo(measured, colour_photos):
    heard = []
    measured(
        read_photo_set(colour_photos), progress=lambda done, total: heard.append((done, total))
    )
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]
