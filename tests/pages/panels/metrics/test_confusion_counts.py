import numpy as np

from asl_core.records.evaluation_report import NO_HAND
from pages.panels.metrics.confusion_counts import answer_to, count_confusions


def test_counts_of_all_photos_come_from_the_report(small_report):
    counts = count_confusions(small_report)
    assert counts.labels == ("A", "B", "J")
    assert counts.answers == ("A", "B", "J", NO_HAND)
    assert counts.count("A", NO_HAND) == 1
    assert counts.count("B", "A") == 1


def test_counting_every_photo_agrees_with_the_report(small_report):
    counted = count_confusions(small_report, small_report.photos)
    assert np.array_equal(counted.counts, count_confusions(small_report).counts)


def test_a_part_has_only_rows_with_photos(small_report):
    of_ben = [photo for photo in small_report.photos if photo.signer == "ben"]
    counts = count_confusions(small_report, of_ben)
    assert counts.labels == ("J",)
    assert counts.counts.tolist() == [[0, 0, 1, 0]]


def test_no_photo_gives_no_row(small_report):
    assert count_confusions(small_report, []).labels == ()


def test_shares_are_of_the_row(small_report):
    assert count_confusions(small_report).shares[0].tolist() == [0.5, 0, 0, 0.5]


def test_pairs_leave_out_right_answers(small_report):
    pairs = count_confusions(small_report).confused_pairs
    assert [(p.label, p.read_as, p.photos, p.share) for p in pairs] == [
        ("B", "A", 1, 1.0),
        ("A", NO_HAND, 1, 0.5),
    ]


def test_the_hardest_letters_keep_what_they_are_read_as(small_report):
    hardest = count_confusions(small_report).of_hardest(1)
    assert hardest.labels == ("A",)
    assert hardest.answers == ("A", NO_HAND)
    assert hardest.counts.tolist() == [[1, 1]]


def test_the_answer_without_a_hand(make_photo):
    assert answer_to(make_photo("A", None)) == NO_HAND
    assert answer_to(make_photo("A", "S")) == "S"
