import numpy as np
import pytest

from asl_core.hands.crop import CropBox, cut
from asl_core.letters.networks import PictureAnswer
from asl_core.letters.preprocessing import Preprocessing
from asl_core.photos.hand_crops import CACHE_SIZE
from asl_core.training.serving.parity import Answers, network_pixels, parity


def logs(*rows):
    return np.log(np.array(rows, np.float32))


def test_parity_counts_answers_and_differences():
    torch = Answers(logs([0.9, 0.1], [0.6, 0.4]), logs([0.9, 0.1], [0.6, 0.4]))
    ours = Answers(logs([0.8, 0.2], [0.4, 0.6]), logs([0.8, 0.2], [0.4, 0.6]))
    row = parity("int8", 1, ours, torch, np.array([0, 0]))
    assert (row.form, row.looks, row.photos) == ("int8", 1, 2)
    assert (row.torch_accuracy, row.accuracy, row.same_answer) == (1.0, 0.5, 0.5)
    assert row.mean_difference == pytest.approx(0.15, abs=1e-6)
    assert row.points_lost == 50


def test_two_looks_average_log_probabilities():
    answers = Answers(logs([0.8, 0.2]), logs([0.2, 0.8]))
    assert answers.probabilities(1)[0] == pytest.approx([0.8, 0.2])
    assert answers.probabilities(2)[0] == pytest.approx([0.5, 0.5])


def test_a_network_sees_the_middle_of_a_kept_crop_as_photos_show_it(make_crops):
    crops = make_crops("AB")
    pixels = network_pixels(crops, np.array([0, 1]), Preprocessing(input_size=112))
    side = round(CACHE_SIZE * 1.4 / 1.8)
    start = (CACHE_SIZE - side) // 2
    kept = crops.crops(np.array([1]))[0]
    assert pixels.shape == (2, 112, 112, 3)
    assert np.array_equal(pixels[1], cut(kept, CropBox(start, start, side), 112))


def test_both_looks_are_asked_of_every_crop(make_crops):
    asked = []

    def network(pixels):
        asked.append(pixels)
        return PictureAnswer(np.zeros((len(pixels), 2), np.float32), np.zeros((len(pixels), 1)))

    answers = Answers.of(network, make_crops("ABC"), Preprocessing(input_size=32))
    assert answers.plain.shape == answers.mirrored.shape == (3, 2)
    assert np.array_equal(asked[1], asked[0][:, :, ::-1])
