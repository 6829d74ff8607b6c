"""The mean over signers and its interval."""

from dataclasses import replace

import pytest

from asl_core.records.signer_accuracy import signer_accuracy


@pytest.fixture
def report_of(small_report, make_photo):
    """Return a function that makes a report of signers, each with right and wrong photos of B."""

    def make(note="ok", label="B", **signers):
        photos = [
            replace(make_photo(label, read, 0.9), signer=signer, label_note=note)
            for signer, (right, wrong) in signers.items()
            for read in [label] * right + ["A"] * wrong
        ]
        return replace(small_report, photos=tuple(photos))

    return make


def test_each_signer_weighs_the_same_however_many_photos_there_are(report_of):
    found = signer_accuracy(report_of(anna=(1, 1), ben=(100, 0)))
    assert (found.signers, found.photos, found.accuracy) == (2, 102, 0.75)
    assert (found.low, found.high) == (0.5, 1.0)


def test_of_signers_who_are_all_read_alike_the_interval_is_a_point(report_of):
    found = signer_accuracy(report_of(anna=(9, 1), ben=(9, 1), carl=(9, 1)))
    assert found.low == pytest.approx(0.9)
    assert found.high == pytest.approx(0.9)


def test_the_interval_is_about_that_of_the_normal_distribution(report_of):
    many = {f"s{number}": (number % 11, 10 - number % 11) for number in range(110)}
    found = signer_accuracy(report_of(**many))
    half = 1.96 * (0.1**0.5) / 110**0.5
    assert found.accuracy == pytest.approx(0.5)
    assert found.low == pytest.approx(0.5 - half, abs=0.006)
    assert found.high == pytest.approx(0.5 + half, abs=0.006)


def test_motions_and_unclear_labels_do_not_count(report_of):
    assert signer_accuracy(report_of(label="J", anna=(1, 1), ben=(1, 1))) is None
    assert signer_accuracy(report_of(note="ambig", anna=(1, 1), ben=(1, 1))) is None
    assert signer_accuracy(report_of(note="variant", anna=(1, 1), ben=(1, 1))) is not None


def test_one_signer_says_nothing_of_the_next(report_of):
    assert signer_accuracy(report_of(anna=(9, 1))) is None


def test_the_draws_are_the_same_each_time(report_of):
    report = report_of(anna=(9, 1), ben=(5, 5), carl=(7, 3))
    assert signer_accuracy(report) == signer_accuracy(report)
