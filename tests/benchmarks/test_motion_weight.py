"""What photos show where J and Z count less, and that the table in the docs is what comes out."""

from pathlib import Path

import pytest

from asl_core.records.training_run import SHIPPED_RUN, named_run
from benchmarks.motion_weight import EVALUATION, letter_with, with_weight

DOCS = Path(__file__).parents[2] / "docs" / "experiments.md"


@pytest.fixture(scope="module")
def photos():
    return named_run(SHIPPED_RUN).evaluation(EVALUATION).photos


def test_at_full_weight_everything_is_read_as_before(photos):
    assert all(letter_with(photo, 1.0) == photo.predicted for photo in photos)


def test_without_weight_no_photo_is_a_motion(photos):
    assert not {letter_with(photo, 0.0) for photo in photos} & {"J", "Z"}
    assert with_weight(photos, 0.0).motion_right == 0


@pytest.mark.parametrize("weight", [1.0, 0.3])
def test_the_docs_quote_it(photos, weight):
    row = with_weight(photos, weight)
    quoted = f"| {weight:g} | {row.static_right:,} | {row.signers_mean:.2%} | {row.motion_right} |"
    assert quoted in DOCS.read_text("utf-8")
