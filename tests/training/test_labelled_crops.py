import dataclasses

import numpy as np
import pytest

from asl_core.training.labelled_crops import LabelledCrops, sampling_weights
from asl_core.training.settings import Augmentation, TrainingSettings

SETTINGS = TrainingSettings("tiny", 1, ((1.0, 16),), Augmentation(), without_notes=("suspect",))


def test_signers_weigh_the_same_at_full_balance(make_crops):
    crops = make_crops("AABB")
    crops = dataclasses.replace(crops, signers=np.array(["many"] * 3 + ["few"]))
    chosen = np.arange(4)
    assert sampling_weights(crops, chosen, 0.0) == pytest.approx([0.25] * 4)
    assert sampling_weights(crops, chosen, 1.0) == pytest.approx([1 / 6] * 3 + [1 / 2])
    half = sampling_weights(crops, chosen, 0.5)
    assert half[3] / half[0] == pytest.approx(3**0.5)


def test_weights_are_of_the_chosen_photos_alone(make_crops):
    crops = make_crops("ABAB")  # signers s0, s1, s0, s1
    assert sampling_weights(crops, np.array([0, 2, 3]), 1.0) == pytest.approx([0.25, 0.25, 0.5])


def test_labels_weigh_the_same_at_full_balance(make_crops):
    crops = make_crops("AAAB")
    weights = sampling_weights(crops, np.arange(4), 0.0, 1.0)
    assert weights == pytest.approx([1 / 6] * 3 + [1 / 2])


def test_left_hands_are_mirrored_only_when_asked(make_crops):
    crops = dataclasses.replace(make_crops("AB"), left_hand=np.array([True, False]))
    one_sided = dataclasses.replace(SETTINGS, left_hands="mirror")
    assert LabelledCrops.of(crops, one_sided).mirror.tolist() == [True, False]
    assert LabelledCrops.of(crops, SETTINGS).mirror.tolist() == [False, False]


def test_photos_without_a_hand_or_with_a_doubtful_label_are_not_taught(make_crops):
    notes = np.array(["ok", "ok", "suspect", "variant"])
    crops = dataclasses.replace(make_crops("ABAB", found="1011"), label_notes=notes)
    assert LabelledCrops.of(crops, SETTINGS).taught.tolist() == [True, False, False, True]


def test_labels_outside_of_the_classes_are_left_out(make_crops):
    crops = dataclasses.replace(make_crops("ABC"), labels=np.array(["A", "nothing", "C"]))
    labelled = LabelledCrops.of(crops, SETTINGS)
    assert labelled.crops.labels.tolist() == ["A", "C"]
    assert labelled.targets.tolist() == [0, 2]
    assert len(labelled.taught) == 2
