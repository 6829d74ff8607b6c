import copy
import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from asl_core.errors import HandFileError, SettingsError
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.classifier import PictureClassifier
from asl_core.letters.model_file import Calibration
from asl_core.letters.networks import LandmarkAnswer, PictureAnswer
from asl_core.letters.prediction import softmax
from asl_core.letters.preprocessing import Preprocessing
from asl_core.letters.recognizer import HandView, LetterRecognizer
from asl_core.letters.torch_networks import (
    FromPixels,
    fuse_batch_norm,
    landmark_log_probabilities,
    traced,
)

SIZE = 16
IMAGE_GAIN, LANDMARK_GAIN = 4.0, 3.0
POINTS = np.random.default_rng(2).normal(100, 30, (21, 3)).astype(np.float32)


class HalvesNetwork(PictureClassifier):
    """Class 0: how red the left half is; class 1: how red the right half is; class 2: 0."""

    def features_of(self, pictures):
        left = pictures[:, 0, :, : SIZE // 2].mean(dim=(1, 2))
        right = pictures[:, 0, :, SIZE // 2 :].mean(dim=(1, 2))
        return torch.stack([left, right], dim=1)

    def classify(self, features):
        left, right = features.unbind(dim=1)
        return IMAGE_GAIN * torch.stack([left, right, torch.zeros_like(left)], dim=1)


class WristNetwork(nn.Module):
    """Class 2 where the wrist lies to the right of the hand's centre, else class 1."""

    def features_of(self, measures):
        return (measures[:, :1] > 0).float() + 1

    def classify(self, features):
        is_right = features[:, 0] - 1
        return LANDMARK_GAIN * torch.stack([0 * is_right, 1 - is_right, is_right], dim=1)


def recognizer(calibration=None, landmarks=False, digest="", **preprocessing):
    settings = Preprocessing(
        input_size=SIZE, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0), **preprocessing
    )
    return LetterRecognizer.of(
        Checkpoint(
            name="fake",
            classes=("X", "Y", "Z"),
            preprocessing=settings,
            network=HalvesNetwork(),
            landmark_network=WristNetwork() if landmarks else None,
            calibration=calibration or Calibration(),
            digest=digest,
        ),
        device="cpu",
    )


def hand(left=255, right=0, points=None, is_left=False):
    """A hand whose crop has a red left half and another red right half."""
    crop = np.zeros((SIZE, SIZE, 3), np.uint8)
    crop[:, : SIZE // 2, 0], crop[:, SIZE // 2 :, 0] = left, right
    return HandView(crop, points, is_left)


def log_softmax(*logits):
    values = np.array(logits, np.float64)
    return values - np.log(np.exp(values).sum())


def test_gives_the_softmax_of_the_networks_answer():
    made = recognizer().recognize([hand(255, 0)])[0]
    assert made.classes == ("X", "Y", "Z")
    assert made.best.label == "X"
    assert made.probabilities == pytest.approx(np.exp(log_softmax(4, 0, 0)), rel=1e-5)
    assert made.probabilities.dtype == np.float32
    assert made.landmark_best is None


def test_the_temperature_divides_the_logits():
    made = recognizer(Calibration(temperature=2.0)).recognize([hand(255, 0)])[0]
    assert made.probabilities == pytest.approx(np.exp(log_softmax(2, 0, 0)), rel=1e-5)


def test_the_mirrored_look_averages_log_probabilities():
    made = recognizer(mirrored_look=True).recognize([hand(255, 51)])[0]
    mean = (log_softmax(4, 0.8, 0) + log_softmax(0.8, 4, 0)) / 2
    expected = np.exp(mean) / np.exp(mean).sum()
    assert made.probabilities == pytest.approx(expected, rel=1e-5)
    assert made.image_best.label in ("X", "Y")
    assert made.image_best.confidence == pytest.approx(expected[0], rel=1e-5)


@pytest.mark.parametrize(
    ("left_hands", "is_left", "best"),
    [("mirror", True, "Y"), ("mirror", False, "X"), ("keep", True, "X"), ("keep", False, "X")],
)
def test_left_hands_are_mirrored_where_the_checkpoint_says_so(left_hands, is_left, best):
    view = hand(255, 0, is_left=is_left)
    assert recognizer(left_hands=left_hands).recognize([view])[0].best.label == best


def wrist_at(side):
    points = POINTS.copy()
    points[0, 0] = points[:, 0].mean() + side * 50
    return points


def test_landmarks_are_asked_as_said_and_mirrored():
    # Looked at both ways the wrist is once to the right and once to the left.
    both = landmark_log_probabilities(WristNetwork(), wrist_at(1)[None], np.array([False]))
    expected = (log_softmax(0, 0, 3) + log_softmax(0, 3, 0)) / 2
    assert both[0] == pytest.approx(expected, rel=1e-5)


def test_the_views_are_fused_by_the_landmark_share():
    made = recognizer(Calibration(1.5, landmark_share=0.25), landmarks=True)
    prediction = made.recognize([hand(255, 0, wrist_at(1))])[0]
    landmarks = (log_softmax(0, 0, 3) + log_softmax(0, 3, 0)) / 2
    fused = (0.75 * log_softmax(4, 0, 0) + 0.25 * landmarks) / 1.5
    assert prediction.probabilities == pytest.approx(np.exp(fused) / np.exp(fused).sum(), rel=1e-5)
    assert prediction.image_best.label == "X"
    assert prediction.landmark_best.label in ("Y", "Z")
    assert prediction.views_disagree


def test_a_share_of_zero_does_not_ask_the_landmarks():
    prediction = recognizer(Calibration(), landmarks=True).recognize([hand(points=POINTS)])[0]
    assert prediction.landmark_best is None


def test_hands_with_and_without_landmarks_keep_to_themselves_in_a_batch():
    made = recognizer(Calibration(landmark_share=0.9), landmarks=True, left_hands="mirror")
    views = [
        hand(255, 0),
        hand(0, 255, wrist_at(1)),
        hand(255, 0, is_left=True),
        hand(100, 30, wrist_at(-1), is_left=True),
    ]
    batch = made.recognize(views)
    assert [p.landmark_best is None for p in batch] == [True, False, True, False]
    for view, together in zip(views, batch, strict=True):
        alone = made.recognize([view])[0]
        assert together.probabilities == pytest.approx(alone.probabilities, rel=1e-5)


def test_no_hands_give_no_predictions():
    assert recognizer().recognize([]) == []


@pytest.mark.parametrize("shape", [(8, 8, 3), (SIZE, SIZE), (SIZE, SIZE, 4)])
def test_refuses_a_crop_of_another_size(shape):
    with pytest.raises(ValueError, match=r"expected \(16, 16, 3\)"):
        recognizer().recognize([HandView(np.zeros(shape, np.uint8), None)])


def test_threads_that_share_a_recognizer_get_their_own_answers():
    shared = recognizer(mirrored_look=True)
    views = [hand(red, 255 - red) for red in range(0, 250, 5)]
    expected = [shared.recognize([view])[0].probabilities for view in views]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda view: shared.recognize([view])[0].probabilities, views))
    assert np.array_equal(answers, expected)


@pytest.mark.parametrize("device", ["quark", "cuda:99"])
def test_an_unusable_device_is_one_sentence(random_checkpoint, device):
    with pytest.raises(SettingsError, match=f"torch cannot use the device '{device}'") as caught:
        LetterRecognizer.of(random_checkpoint, device)
    assert "\n" not in str(caught.value)


def test_loads_a_run_folder(run_folder, random_checkpoint):
    made = LetterRecognizer.load(run_folder, "cpu")
    assert made.name == "my-run"
    assert made.classes == random_checkpoint.classes
    crop = np.random.default_rng(1).integers(0, 255, (32, 32, 3), np.uint8)
    view = HandView(crop, POINTS, is_left=True)
    direct = LetterRecognizer.of(random_checkpoint, "cpu").recognize([view])[0]
    assert made.recognize([view])[0].probabilities == pytest.approx(direct.probabilities, abs=2e-3)


def test_making_a_recognizer_leaves_the_checkpoint_as_it_is(random_checkpoint):
    before = copy.deepcopy(random_checkpoint.network.state_dict())
    LetterRecognizer.of(random_checkpoint, "cpu")
    after = random_checkpoint.network.state_dict()
    assert list(after) == list(before)
    assert all(torch.equal(after[key], before[key]) for key in before)


def test_folding_batch_norm_changes_no_answer(random_network):
    folded = fuse_batch_norm(copy.deepcopy(random_network))
    assert not any(isinstance(module, nn.BatchNorm2d) for module in folded.modules())
    pictures = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        assert torch.allclose(folded(pictures), random_network(pictures), rtol=1e-3, atol=1e-4)


def test_softmax_survives_large_logits():
    assert softmax(np.array([1e4, 1e4, -1e4], np.float32)) == pytest.approx([0.5, 0.5, 0])


def test_for_live_looks_once_and_waits_for_nobody():
    made = recognizer(mirrored_look=True)
    live = made.for_live()
    view = hand(255, 51)
    assert live.recognize([view])[0].probabilities == pytest.approx(
        np.exp(log_softmax(4, 0.8, 0)), rel=1e-5
    )
    assert made.preprocessing.mirrored_look


def test_evidence_is_of_the_crop_as_it_is_so_that_one_look_and_two_give_the_same():
    direction = np.array([1, 51 / 255]) / np.hypot(1, 51 / 255)
    once = recognizer().recognize([hand(255, 51)])[0]
    assert once.evidence.picture == pytest.approx(direction, rel=1e-5)
    twice = recognizer(mirrored_look=True).recognize([hand(255, 51)])[0]
    assert twice.evidence.picture == pytest.approx(direction, rel=1e-5)
    assert twice.evidence.landmarks is None
    assert np.exp(twice.evidence.log_probabilities) == pytest.approx(twice.probabilities, rel=1e-5)


def taught(made, *letters):
    hand_of = TaughtHand(made.name, made.digest)
    for letter, view in letters:
        hand_of = hand_of.with_photo(letter, made.recognize([view])[0].evidence)
    return hand_of


def test_a_taught_hand_changes_what_is_read_and_leaves_the_first_recognizer_as_it_was():
    made = recognizer(digest="ab" * 32)
    view = hand(120, 140)  # read as Y, the right half being redder
    assert made.recognize([view])[0].best.label == "Y"
    own = made.adapted(taught(made, ("X", view), ("Y", hand(0, 255))))
    read = own.recognize([view])[0]
    assert read.best.label == "X"
    assert read.nearness == pytest.approx(1, abs=1e-4)
    assert read.image_best.label == "Y"
    assert made.recognize([view])[0].nearness is None
    assert own.for_live().recognize([view])[0].best.label == "X"


def test_a_hand_taught_to_another_model_is_refused():
    made, other = recognizer(digest="ab" * 32), recognizer(digest="cd" * 32)
    with pytest.raises(HandFileError, match="taught to the model fake"):
        other.adapted(taught(made, ("X", hand(120, 140))))


def test_evidence_holds_what_the_landmark_network_reads_from():
    made = recognizer(Calibration(landmark_share=0.25), landmarks=True)
    with_points = made.recognize([hand(255, 0, wrist_at(1))])[0].evidence
    assert np.linalg.norm(with_points.landmarks) == pytest.approx(1, abs=1e-5)
    assert made.recognize([hand(255, 0)])[0].evidence.landmarks is None


def test_without_landmarks_the_picture_decides_alone():
    made = recognizer(Calibration(1.5, landmark_share=0.25), landmarks=True)
    alone = made.without_landmarks()
    view = hand(255, 0, wrist_at(1))
    assert alone.recognize([view])[0].landmark_best is None
    assert alone.calibration.temperature == 1.5
    assert made.recognize([view])[0].landmark_best is not None


ALONE = Calibration(0.5, landmark_share=0.5, landmark_temperature=2.0, landmarks_suffice=0.6)
"""The landmark network of `seen` is sure to 0.69: a logit of 3 over 2 beside two of 0."""


def seen(calibration, *logits, says=1, adapt_to=None):
    """Read a hand of which the landmark network says class `says`.

    The picture network gives `logits`; without any the picture was left out.
    """

    def landmarks(features):
        rows = np.zeros((len(features), 3), np.float32)
        rows[:, says] = 3
        answers = np.log(softmax(rows))
        return LandmarkAnswer(answers, np.zeros((len(features), 0), np.float32))

    made = recognizer(calibration, landmarks=True, digest="ab" * 32)
    made.networks = dataclasses.replace(made.networks, landmarks=landmarks)
    if adapt_to is not None:
        made = made.adapted(taught(made, adapt_to))
    picture = None
    if logits:
        answers = np.log(softmax(np.array(logits, np.float32)))
        picture = PictureAnswer(answers, np.zeros(0, np.float32))
    return made.recognize_seen(picture, wrist_at(1), False)


def test_without_a_picture_the_landmarks_decide_with_their_own_temperature():
    prediction = seen(ALONE)
    assert prediction.probabilities == pytest.approx(np.exp(log_softmax(0, 1.5, 0)), rel=1e-4)
    assert prediction.is_by_landmarks
    assert prediction.image_best is None
    assert prediction.landmark_best.label == "Y"
    assert prediction.evidence is None


def test_with_a_picture_the_landmarks_temperature_changes_nothing():
    plain = dataclasses.replace(ALONE, landmark_temperature=1.0)
    with_picture = seen(ALONE, 1, 2, 0)
    assert with_picture.probabilities.tolist() == seen(plain, 1, 2, 0).probabilities.tolist()
    assert not with_picture.is_by_landmarks


def level(suffices):
    return dataclasses.replace(ALONE, landmarks_suffice=suffices)


@pytest.mark.parametrize(
    ("calibration", "logits", "says", "suffice"),
    [
        (ALONE, (), 1, True),
        (ALONE, (0, 1, 0), 1, True),
        (level(0.68), (), 1, True),
        (level(0.70), (), 1, False),
        (level(0.70), (0, 9, 0), 1, False),
        (level(1.0), (), 1, False),
        (ALONE, (9, 0, 0), 1, False),
        (ALONE, (), 2, False),
        (ALONE, (0, 0, 9), 2, False),
    ],
    ids=[
        *("alone", "with a picture", "just enough", "just too little"),
        *("too little, whatever the picture says", "never", "the picture says otherwise"),
        *("of Z", "of Z with a picture"),
    ],
)
def test_landmarks_suffice_where_they_alone_are_sure_of_a_still_letter(
    calibration, logits, says, suffice
):
    assert seen(calibration, *logits, says=says).landmarks_suffice is suffice


def test_landmarks_never_suffice_where_a_hand_was_taught():
    own = ("Y", hand(255, 0))
    assert not seen(ALONE, 0, 1, 0, adapt_to=own).landmarks_suffice


def test_a_model_of_pictures_alone_reads_no_hand_without_one():
    with pytest.raises(ValueError, match="no hand without its picture"):
        recognizer().recognize_seen(None, POINTS, False)


@pytest.mark.slow
def test_for_live_leaves_the_threads_of_photos_alone(random_checkpoint):
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        LetterRecognizer.of(random_checkpoint, "cpu").for_live()
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


@pytest.mark.slow
def test_for_live_gives_what_it_gives_otherwise(random_checkpoint):
    """The networks are translated, with all that stands around them; their answers must not be."""
    made = LetterRecognizer.of(random_checkpoint, "cpu")
    made.preprocessing = dataclasses.replace(made.preprocessing, mirrored_look=False)
    live = made.for_live()
    crops = np.random.default_rng(5).integers(0, 256, (3, 32, 32, 3), np.uint8)
    views = [
        HandView(crops[0], POINTS),
        HandView(crops[1], POINTS[::-1].copy(), is_left=True),
        HandView(crops[2], None),
    ]
    expected = made.recognize(views)
    assert [p.landmark_best is None for p in expected] == [False, False, True]
    for given, wanted in zip(live.recognize(views), expected, strict=True):
        assert given.probabilities == pytest.approx(wanted.probabilities, rel=1e-3, abs=1e-5)
        assert (given.landmark_best is None) == (wanted.landmark_best is None)
    again = made.recognize(views)  # no part of it was left in training mode
    assert [p.best for p in again] == [p.best for p in expected]


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 3])
def test_tracing_changes_no_answer(random_network, count):
    network = FromPixels(fuse_batch_norm(copy.deepcopy(random_network)).eval(), Preprocessing())
    pixels = torch.randint(0, 256, (count, 32, 32, 3), dtype=torch.uint8)
    compiled = traced(network, torch.zeros(2, 32, 32, 3, dtype=torch.uint8))
    with torch.inference_mode():
        for given, wanted in zip(compiled(pixels), network(pixels), strict=True):
            assert torch.allclose(given, wanted, rtol=1e-3, atol=1e-4)
