"""Which photos teach and which are counted, and what is counted, with made-up hands."""

from types import SimpleNamespace

import numpy as np
import pytest

from asl_core.alphabet import LETTERS, STATIC_LETTERS
from asl_core.evaluation.own_hand import SeenPhoto, drawn, last_third, look, read_with, teach
from asl_core.evaluation.own_hand_scores import OwnHandScores
from asl_core.images import Frame
from asl_core.letters.prediction import HandEvidence, LetterPrediction, log_softmax, unit


def photos(signer="anna", letters="AJ", count=9):
    return [
        SimpleNamespace(photo_id=f"test/{signer}/{c}/{n:03}.webp", signer=signer, label=c)
        for c in letters
        for n in range(count)
    ]


def test_two_photos_of_the_first_third_teach_and_the_last_third_is_counted():
    given = photos(count=10)
    for seed in range(5):
        chosen = drawn(given, seed)["anna"]
        assert len(chosen) == len(set(chosen)) == 2
        assert {name[-8:-5] for name in chosen} <= {"000", "001", "002", "003"}
    counted = last_third(given)
    assert {n for n in counted if "/A/" in n} == {f"test/anna/A/00{n}.webp" for n in (7, 8, 9)}
    assert sum("/J/" in name for name in counted) == 10
    assert drawn(given, 0) == drawn(given, 0)
    assert any(drawn(given, 0) != drawn(given, seed) for seed in range(1, 5))


def test_a_letter_of_two_photos_is_left_out_and_no_photo_is_on_both_sides():
    assert drawn(photos(letters="A", count=2), 0) == {}
    for count in range(3, 12):
        given = photos(letters="A", count=count)
        assert not set(drawn(given, 0)["anna"]) & last_third(given)


def evidence(letter, person, seed=0, read_as=None, sure=4.0):
    directions = np.random.default_rng(person).normal(0, 1, (26, 64)).astype(np.float32)
    noise = np.random.default_rng(seed).normal(0, 0.1, 64).astype(np.float32)
    features = unit(directions[LETTERS.index(letter)] + noise)
    logits = np.zeros(26, np.float32)
    logits[LETTERS.index(read_as or letter)] = sure
    return HandEvidence(log_softmax(logits), features, features)


def seen(letter, signer="anna", person=0, seed=0, read_as=None):
    found = evidence(letter, person, seed, read_as)
    name = f"test/{signer}/{letter}/{seed:03}.webp"
    return SeenPhoto(name, signer, letter, (found,), found)


def lesson_of(signer="anna", person=0, misread=("M", "N")):
    known = {}
    for letter in STATIC_LETTERS:
        for number in (0, 1):
            read_as = misread[1] if letter == misread[0] else None
            photo = seen(letter, signer, person, seed=number, read_as=read_as)
            known[photo.photo_id] = photo
    return teach("fake", signer, 0, list(known), known, LETTERS)


def test_a_hand_is_taught_through_its_file_and_photos_without_a_hand_are_left_out():
    lesson = lesson_of()
    assert lesson.trial.helps
    assert (lesson.trial.before, lesson.trial.after) == (2, 0)
    assert 1000 < lesson.file_bytes < 200_000
    empty = SeenPhoto("test/anna/A/000.webp", "anna", "A", (), None)
    assert teach("fake", "anna", 0, [empty.photo_id], {empty.photo_id: empty}, LETTERS) is None


def test_the_views_of_a_photo_are_averaged_as_the_pipeline_averages_them():
    first, second = evidence("A", 0, sure=6.0), evidence("B", 0, sure=6.0)
    two = SeenPhoto("x", "anna", "A", (first, second), first)
    shares, _ = read_with(two, None)
    assert shares[0] == pytest.approx(shares[1], abs=1e-3)
    known, nearness = read_with(two, lesson_of().adaptation)
    assert known.sum() == pytest.approx(1, abs=1e-4)
    assert nearness > 0.9


def test_scores_count_own_photos_strangers_and_sittings():
    lessons = [lesson_of(), lesson_of("ben", person=1, misread=("E", "S"))]
    own = [seen(c, "anna", 0, 5, "N" if c == "M" else None) for c in STATIC_LETTERS]
    other = [seen(c, "ben", 1, 6, "S" if c == "E" else None) for c in STATIC_LETTERS]
    missed = SeenPhoto("test/anna/A/009.webp", "anna", "A", (), None)
    motion = [seen("J", "anna", 0, 7), seen("Z", "ben", 1, 8, "D")]
    scores = OwnHandScores(LETTERS, lessons, [*own, *other, missed, *motion])
    measurement = SimpleNamespace(
        material="photos", head={"run": "r", "split": "test", "command": "c", "created": "now"}
    )
    report = scores.report(measurement, (), 2)
    anna, ben = report.signers
    assert (anna.photos, anna.no_hand, anna.before, anna.after) == (24, 1, 1, 0)
    assert (ben.before, ben.after) == (1, 0)
    assert (anna.strangers, anna.strangers_before, anna.strangers_after) == (24, 1, 1)
    assert (report.motion, report.motion_before) == (2, 1)
    assert (report.sittings, report.strangers_told) == (2, 2)
    assert (report.own_sittings, report.owners_told) == (2, 0)
    assert 0.8 < anna.seeds[0].likeness < 1
    assert 0 <= report.after_calibration < 1


class FakePipeline:
    """As `look` needs it: a detector that finds one hand, and a recognizer with evidence."""

    def __init__(self):
        from asl_core.hands.landmarks import HandDetection, HandLandmarks
        from asl_core.letters.model_file import Calibration
        from asl_core.letters.preprocessing import Preprocessing

        points = np.full((21, 3), 0.5, np.float32)
        points[0, :2], points[1, :2] = 0.25, 0.75
        hand = HandDetection(HandLandmarks(points), "Right", 0.9)

        def detect(frame: Frame, timestamp_ms: int = 0):
            return hand if frame.any() else None

        self.detector = SimpleNamespace(detect=detect, close=lambda: None)
        found = evidence("A", 0)
        self.recognizer = SimpleNamespace(
            calibration=Calibration(rejection_threshold=0.5),
            preprocessing=Preprocessing(input_size=16, crop_scale=1.0),
            recognize=lambda hands: [
                LetterPrediction(LETTERS, np.exp(found.log_probabilities), evidence=found)
                for _ in hands
            ],
        )


def test_a_photo_is_looked_at_as_a_person_s_own():
    photo = photos()[0]
    found = look(FakePipeline(), photo, np.full((60, 80, 3), 90, np.uint8))
    assert (found.photo_id, found.label, len(found.looks)) == (photo.photo_id, "A", 1)
    assert found.shown is found.looks[0]
    nothing = look(FakePipeline(), photo, np.zeros((60, 80, 3), np.uint8))
    assert (nothing.looks, nothing.shown) == ((), None)
