"""Which photos each training of the ablation learns from, and how its figures are written."""

from dataclasses import replace

import numpy as np
import pytest

from asl_core.photos.hand_crops import HandCrops, KeptPhoto
from asl_core.photos.landmark_set import LandmarkSet
from asl_core.training.labelled_crops import LabelledCrops
from asl_core.training.presets import STRANGER_SECOND
from benchmarks.signer_ablation import rows, with_interval


def crops_of(signers):
    photos = [
        KeptPhoto(f"{place}", "A", signer, signer, "ok", True, "Right", 10, 10)
        for place, signer in enumerate(signers)
    ]
    file = np.zeros((len(photos), 4, 4, 3), np.uint8)
    points = np.zeros((len(photos), 21, 3), np.float32)
    return LabelledCrops.of(HandCrops.of(file, points, photos), STRANGER_SECOND)


def test_later_signers_come_second_and_the_landmark_sets_last():
    hands = np.zeros((2, 21, 3), np.float32)
    further = LandmarkSet("letters.npz", hands, np.array(["A", "B"]), np.array(["x", "y"]))
    seen = []

    def measure(learnt, landmarks):
        seen.append((sorted(set(learnt.crops.signers.tolist())), landmarks))
        return np.zeros(2), np.ones(2)

    learnt = crops_of(["old", "old", "older", "new"])
    names = [name for name, _ in rows(learnt, frozenset({"new", "elsewhere"}), further, measure)]
    assert names == ["the first 2 signers", "all 3 signers", "and 2 signers of letters.npz"]
    everyone = ["new", "old", "older"]
    assert seen == [(["old", "older"], None), (everyone, None), (everyone, further)]


def test_photos_that_show_another_letter_are_left_out_last():
    hands = np.zeros((1, 21, 3), np.float32)
    further = LandmarkSet("letters.npz", hands, np.array(["A"]), np.array(["x"]))
    learnt = crops_of(["old", "new", "new"])
    certain = replace(learnt, taught=np.array([True, False, True]))
    taught = []

    def measure(photos, landmarks):
        taught.append(int(photos.taught.sum()))
        return np.zeros(2), np.ones(2)

    names = [name for name, _ in rows(learnt, frozenset({"new"}), further, measure, certain)]
    assert names[-1] == "without 1 photos that show another letter"
    assert taught == [1, 3, 3, 2]


def test_a_mean_is_written_with_its_interval_over_signers():
    assert with_interval(np.full(5, 0.5)) == "50.00 (50.00 to 50.00)"
    assert with_interval(np.full(5, 0.01), signed=True) == "+1.00 (1.00 to 1.00)"
    low, high = map(float, with_interval(np.array([0.0, 1.0]))[7:-1].split(" to "))
    assert (low, high) == pytest.approx((0, 100))
