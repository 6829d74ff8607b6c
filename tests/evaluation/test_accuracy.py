from datetime import datetime
from typing import Any

import pytest

from asl_core.errors import PhotoSetError
from asl_core.evaluation.accuracy import (
    calibration_bins,
    confusion_counts,
    expected_calibration_error,
    letter_scores,
    measure_accuracy,
    source_scores,
    summarize,
)
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
    kept: EvaluationReport = measured(read_photo_set(colour_photos))
    return kept


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


def test_summary_counts_no_hand_as_wrong(make_photo):
    photos = [
        make_photo("A", "A"),
        make_photo("A", None),
        make_photo("B", "A", top=(("A", 0.6), ("C", 0.2), ("B", 0.1))),
        make_photo("B", "B"),
    ]
    summary = summarize(photos)
    assert summary.photos == 4
    assert summary.accuracy == 0.5
    assert summary.top3_accuracy == 0.75
    assert summary.no_hand_rate == 0.25
    # A: 1 right of 2 read as A and of 2 photos. B: 1 right of 1 read as B and of 2 photos.
    assert summary.macro_precision == pytest.approx((1 / 2 + 1) / 2)
    assert summary.macro_recall == pytest.approx((1 / 2 + 1 / 2) / 2)
    assert summary.macro_f1 == pytest.approx((1 / 2 + 2 / 3) / 2)


def test_a_label_that_is_only_predicted_is_no_part_of_the_means(make_photo):
    summary = summarize([make_photo("A", "A"), make_photo("A", "S")])
    assert (summary.macro_precision, summary.macro_recall) == (1.0, 0.5)


def test_letter_scores_keep_class_order_and_leave_out_empty_classes(make_photo):
    photos = [make_photo("B", "B"), make_photo("B", "C"), make_photo("A", None)]
    two_thirds: Any = pytest.approx(2 / 3)
    assert letter_scores(photos, ("C", "B", "A")) == (
        LetterScore("B", 1.0, 0.5, two_thirds, 2),
        LetterScore("A", 0.0, 0.0, 0.0, 1),
    )


def test_confusion_has_a_last_column_for_no_hand(make_photo):
    photos = [
        make_photo("A", "A"),
        make_photo("A", "A"),
        make_photo("A", "B"),
        make_photo("A", None),
        make_photo("B", None),
    ]
    assert confusion_counts(photos, ("A", "B", "C")) == (
        (2, 1, 0, 1),
        (0, 0, 0, 1),
        (0, 0, 0, 0),
    )


def test_calibration_by_hand(make_photo):
    photos = [
        make_photo("A", "A", 0.90),
        make_photo("A", "B", 0.92),
        make_photo("A", "A", 0.50),
        make_photo("A", None),
    ]
    low, high = calibration_bins(photos)
    assert (low.photos, low.confidence, low.accuracy) == (1, 0.5, 1.0)
    assert (low.low, low.high) == (pytest.approx(7 / 15), pytest.approx(8 / 15))
    assert (high.photos, high.confidence, high.accuracy) == (2, pytest.approx(0.91), 0.5)
    error = expected_calibration_error((low, high))
    assert error == pytest.approx(1 / 3 * 0.5 + 2 / 3 * 0.41)


@pytest.mark.parametrize("confidence", [0.0667, 0.3, 1.0])
def test_every_confidence_has_one_bin(make_photo, confidence):
    bins = calibration_bins([make_photo(confidence=confidence)])
    assert [part.photos for part in bins] == [1]


def test_without_hands_there_is_no_calibration(make_photo):
    assert calibration_bins([make_photo(predicted=None)]) == ()
    assert expected_calibration_error(()) == 0


def test_signers_are_scored_over_static_letters(make_photo):
    photos = [
        make_photo("A", "A", signer="evriel_2", source="evriel"),
        make_photo("A", "A", signer="evriel_1", source="evriel"),
        make_photo("A", None, signer="evriel_1", source="evriel"),
        make_photo("B", "A", signer="evriel_1", source="evriel"),
        make_photo("J", "A", signer="evriel_1", source="evriel"),
        make_photo("Z", "Z", signer="zoe", source="zoe"),
    ]
    third: Any = pytest.approx(1 / 3)
    assert source_scores(photos) == (
        SourceScore("evriel", "evriel_1", 3, third, third),
        SourceScore("evriel", "evriel_2", 1, 1.0, 0.0),
    )


def test_no_hand_is_the_right_answer_to_nothing_and_to_nothing_else(make_photo):
    photos = [make_photo("nothing", None), make_photo("nothing", "A"), make_photo("del", None)]
    summary = summarize(photos)
    assert summary.accuracy == pytest.approx(1 / 3)
    assert summary.top3_accuracy == pytest.approx(1 / 3)
    assert summary.no_hand_rate == pytest.approx(2 / 3)
    # rows del, nothing; columns A, del, nothing, no hand
    assert confusion_counts(photos, ("A", "del", "nothing"))[1:] == ((0, 0, 0, 1), (1, 0, 1, 0))
