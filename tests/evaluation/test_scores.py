from typing import Any

import pytest

from asl_core.evaluation.scores import (
    calibration_bins,
    confusion_counts,
    expected_calibration_error,
    letter_scores,
    source_scores,
    summarize,
)
from asl_core.records.evaluation_report import LetterScore, SourceScore


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
