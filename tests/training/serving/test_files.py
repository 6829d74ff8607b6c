import numpy as np

from asl_core.training.labelled_crops import LabelledCrops
from asl_core.training.serving.files import CALIBRATION_PHOTOS, calibration_photos


def labelled(make_crops, count, taught):
    crops = make_crops("A" * count)
    return LabelledCrops(crops, np.zeros(count, np.int64), np.zeros(count, bool), taught)


def test_ranges_come_from_photos_that_are_learnt_from(make_crops):
    taught = np.arange(20) % 2 == 0
    chosen = calibration_photos(labelled(make_crops, 20, taught))
    assert chosen.tolist() == list(range(0, 20, 2))


def test_the_same_photos_are_chosen_again(make_crops):
    few = labelled(make_crops, 30, np.ones(30, bool))
    assert np.array_equal(calibration_photos(few), calibration_photos(few))
    assert len(calibration_photos(few)) == min(30, CALIBRATION_PHOTOS)
