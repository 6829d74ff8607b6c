import dataclasses

import pytest

from asl_core.errors import RunError
from asl_core.records.own_hand_page import own_hand_page, own_hand_sentence, own_hand_table
from asl_core.records.own_hand_report import OwnHandReport, OwnHandSeed, OwnHandSigner


def seed(number=0, after=1, verdict="helps", if_on=1):
    return OwnHandSeed(number, 24, 48, 48, 6, 1, verdict, after, if_on, 0.95, 0.4)


@pytest.fixture
def report():
    anna = OwnHandSigner("anna", 40, 2, 6, (seed(0, 1), seed(1, 3)), 100, 10, 9)
    david = OwnHandSigner(
        "david", 10, 0, 2, (seed(0, 2, "several hands", 5), seed(1, 2, "several hands", 5)), 0, 0, 0
    )
    return OwnHandReport(
        run="small-run",
        photo_set="photos",
        split="test",
        command="python -m asl_core own-hand small-run --photos photos --split test",
        created="2026-11-26T07:00:00+00:00",
        photos_a_letter=2,
        signers=(anna, david),
        before_calibration=0.02,
        after_calibration=0.01,
        motion=20,
        motion_before=5,
        motion_after=5.5,
        sittings=8,
        strangers_told=5,
        own_sittings=2,
        owners_told=0,
        seconds=0.04,
        largest_file=60_000,
    )


def test_all_signers_together(report):
    assert (report.photos, report.before, report.after) == (50, 8, 4.0)
    assert report.fallen_share == 0.5
    assert report.stranger_shares == (0.1, 0.09)
    assert report.worst_loss == 0
    assert report.signers[0].lost_points == -10


def test_a_signer_who_loses_counts_in_points(report):
    worse = dataclasses.replace(report.signers[1], seeds=(seed(0, 3), seed(1, 3)))
    changed = dataclasses.replace(report, signers=(report.signers[0], worse))
    assert changed.worst_loss == pytest.approx(10)


def test_comes_back_from_its_file(report, tmp_path):
    report.save(tmp_path / "own-hand.json")
    assert OwnHandReport.load(tmp_path / "own-hand.json") == report


def test_more_errors_than_photos_and_no_signer_are_refused(report, tmp_path):
    with pytest.raises(ValueError, match="david has 11 errors in 10 photos"):
        wrong = dataclasses.replace(report.signers[1], before=11)
        dataclasses.replace(report, signers=(wrong,))
    with pytest.raises(ValueError, match="missing"):
        dataclasses.replace(report, signers=())
    broken = tmp_path / "own-hand.json"
    broken.write_text("{}")
    with pytest.raises(RunError):
        OwnHandReport.load(broken)


def test_the_sentence_names_who_it_was_left_off_for(report):
    sentence = own_hand_sentence(report)
    assert "from 8 to 4.0 of 50 (16.0% to 8.0%, 50% fewer) over 2 signers" in sentence
    assert "misread in 9.0% in place of 10.0%" in sentence
    assert sentence.endswith("it did not help: david.")


def test_the_table_has_a_row_for_each_signer_who_gains_most_first(report):
    rows = own_hand_table(report).splitlines()[2:]
    assert rows[0].startswith("| anna | 40 | 2 | 6 | 2.0 | -10.0 | 2 of 2 | 10.0% | 9.0% |")
    assert rows[1].startswith("| david | 10 | 0 | 2 | 2.0 | +0.0 | 0 of 2 | - | - |")
    assert rows[2].startswith("| **all 2** | 50 | 2 | 8 | 4.0 | -8.0 |")


def test_the_page_holds_every_report_with_its_command(report):
    other = dataclasses.replace(report, split="validation")
    page = own_hand_page([other, report])
    assert page.index("## Validation signers") < page.index("## Test signers")
    assert page.count(report.command) == 2
    assert "5 of 20 still photos of them misread before, 5.5 after" in page
    assert "5 of 8 sittings of another signer" in page
