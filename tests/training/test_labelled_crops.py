import dataclasses

import numpy as np
import pytest

from asl_core.training.labelled_crops import turn_weights


def test_signers_weigh_the_same_at_full_balance(make_crops):
    crops = make_crops("AABB")
    crops = dataclasses.replace(
        crops,
        rows=tuple(
            {**row, "signer": "many" if i < 3 else "few"} for i, row in enumerate(crops.rows)
        ),
    )
    chosen = np.arange(4)
    assert turn_weights(crops, chosen, 0.0) == pytest.approx([0.25] * 4)
    assert turn_weights(crops, chosen, 1.0) == pytest.approx([1 / 6] * 3 + [1 / 2])
    half = turn_weights(crops, chosen, 0.5)
    assert half[3] / half[0] == pytest.approx(3**0.5)


def test_weights_are_of_the_chosen_photos_alone(make_crops):
    crops = make_crops("ABAB")  # signers s0, s1, s0, s1
    assert turn_weights(crops, np.array([0, 2, 3]), 1.0) == pytest.approx([0.25, 0.25, 0.5])


def test_labels_weigh_the_same_at_full_balance(make_crops):
    crops = make_crops("AAAB")
    weights = turn_weights(crops, np.arange(4), 0.0, 1.0)
    assert weights == pytest.approx([1 / 6] * 3 + [1 / 2])
