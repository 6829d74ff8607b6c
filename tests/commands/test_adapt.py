"""adapt with fakes: a picture's grey stands for a letter, and every M is taken for an N."""

from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from asl_core.__main__ import app
from asl_core.alphabet import LETTERS, STATIC_LETTERS
from asl_core.commands import adapt as adapt_module
from asl_core.commands import opened_pipeline

DIGEST = "ab" * 32
GREY = 9


@pytest.fixture
def fake_recognizer():
    from asl_core.letters.adaptation.own_letters import HandAdaptation
    from asl_core.letters.model_file import Calibration
    from asl_core.letters.prediction import HandEvidence, LetterPrediction, log_softmax, softmax
    from asl_core.letters.preprocessing import Preprocessing

    def evidence(crop):
        letter = LETTERS[round(float(crop[8, 8, 0]) / GREY) - 1]
        features = np.eye(26, dtype=np.float32)[LETTERS.index(letter)]
        logits = np.zeros(26, np.float32)
        logits[LETTERS.index("N" if letter == "M" else letter)] = 3
        return HandEvidence(log_softmax(logits), features, None)

    class Fake:
        name, digest, classes, adaptation = "fake", DIGEST, LETTERS, None
        calibration = Calibration(rejection_threshold=0.5)
        preprocessing = Preprocessing(input_size=16, crop_scale=1.0)

        def adapted(self, hand):
            own = Fake()
            own.adaptation = HandAdaptation(hand, LETTERS)
            return own

        def recognize(self, hands):
            found = [evidence(hand.crop) for hand in hands]
            if self.adaptation is None:
                return [
                    LetterPrediction(LETTERS, softmax(e.log_probabilities), evidence=e)
                    for e in found
                ]
            own = [self.adaptation.read(e) for e in found]
            return [
                LetterPrediction(LETTERS, softmax(o.log_shares), nearness=o.nearness) for o in own
            ]

    return Fake()


@pytest.fixture
def invoke(monkeypatch, fake_recognizer):
    from asl_core.commands import predict as predict_module
    from asl_core.frame_pipeline import FramePipeline
    from asl_core.hands.landmarks import HandDetection, HandLandmarks

    points = np.full((21, 3), 0.5, np.float32)
    points[0, :2], points[1, :2] = 0.25, 0.75
    hand = HandDetection(HandLandmarks(points), "Right", 0.9)
    detector = SimpleNamespace(
        detect=lambda frame, timestamp_ms=0: hand if frame.any() else None, close=lambda: None
    )

    @contextmanager
    def opened(run, device, hand=None):
        yield FramePipeline(detector, opened_pipeline.with_hand(fake_recognizer, hand))

    for module in (adapt_module, predict_module):
        monkeypatch.setattr(module, "open_pipeline", opened)
    return lambda *arguments: CliRunner().invoke(app, [*map(str, arguments)])


def photo(path, letter):
    path.parent.mkdir(parents=True, exist_ok=True)
    value = 0 if letter is None else (LETTERS.index(letter) + 1) * GREY
    Image.new("RGB", (80, 60), (value,) * 3).save(path)
    return path


@pytest.fixture
def folder(tmp_path):
    for letter in STATIC_LETTERS:
        for number in range(2):
            photo(tmp_path / "mine" / letter / f"{number}.png", letter)
    return tmp_path / "mine"


def test_a_folder_is_taught_and_predict_reads_with_it(invoke, folder, tmp_path):
    output = tmp_path / "hand.json"
    result = invoke("adapt", "--photos", folder, "--output", output)
    assert result.exit_code == 0, result.output
    assert "Taught 48 photos of 24 letters." in result.stdout
    assert "2 of 48 were read wrongly before and 0 after: it helps" in result.stdout
    m = folder / "M" / "0.png"
    assert " N " in invoke("predict", m).stdout
    with_hand = invoke("predict", m, "--hand", output)
    assert with_hand.exit_code == 0, with_hand.output
    assert " M " in with_hand.stdout


def test_files_as_a_shell_leaves_them_are_the_same_as_their_folder(invoke, folder, tmp_path):
    first, *others = sorted(folder.glob("*/*"))
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    invoke("adapt", "--photos", folder, "--output", one)
    result = invoke("adapt", "--photos", first, *others, "--output", two)
    assert result.exit_code == 0, result.output
    assert one.read_text() == two.read_text()


def test_motions_are_left_out_and_of_many_photos_four_are_spread(invoke, folder, tmp_path):
    for number in range(2, 9):
        photo(folder / "A" / f"{number}.png", "A")
    photo(folder / "J" / "0.png", "J")
    found = list(adapt_module.labelled_pictures([folder]))
    assert [p.name for p, letter in found if letter == "A"] == [
        "0.png",
        "2.png",
        "4.png",
        "6.png",
    ]
    result = invoke("adapt", "--photos", folder, "--output", tmp_path / "hand.json")
    assert "Left out: J" in result.stderr


def test_a_photo_without_a_hand_is_named_and_a_broken_one_ends_with_status_1(
    invoke, folder, tmp_path
):
    photo(folder / "B" / "0.png", None)
    (folder / "C" / "0.png").write_bytes(b"no picture")
    result = invoke("adapt", "--photos", folder, "--output", tmp_path / "hand.json")
    assert result.exit_code == 1
    assert "no hand found, left out" in result.stderr
    assert str(folder / "C" / "0.png") in result.stderr
    assert "Taught 46 photos of 24 letters." in result.stdout


def test_few_letters_are_told_and_predict_leaves_the_file_off(invoke, folder, tmp_path):
    output = tmp_path / "hand.json"
    result = invoke("adapt", "--photos", folder / "A", folder / "B", "--output", output)
    assert "It stays off: 2 letters were taught" in result.stdout
    assert "Without a photo: C, D" in result.stdout
    read = invoke("predict", folder / "A", "--hand", output)
    assert "hand.json is left off: It stays off" in read.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Name photos with --photos FOLDER"),
        (("--photos", "nowhere"), "nowhere does not exist"),
    ],
)
def test_what_cannot_be_taught_is_told(invoke, arguments, sentence):
    result = invoke("adapt", *arguments)
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_a_folder_that_names_no_letter_is_told(invoke, tmp_path):
    stray = photo(tmp_path / "summer" / "1.png", "A")
    result = invoke("adapt", "--photos", stray, "--output", tmp_path / "hand.json")
    assert result.exit_code == 1
    assert "lies in the folder 'summer', which names no letter" in result.stderr


def test_a_hand_of_another_model_is_refused(invoke, folder, tmp_path, fake_recognizer):
    output = tmp_path / "hand.json"
    invoke("adapt", "--photos", folder, "--output", output)
    type(fake_recognizer).digest = "cd" * 32
    result = invoke("predict", folder / "A", "--hand", output)
    assert result.exit_code == 1
    assert "taught to the model fake" in result.stderr


def test_natural_speed_and_a_hand_do_not_go_together(tmp_path):
    arguments = ["transcribe", "x.mp4", "--speed", "natural", "--hand", "hand.json"]
    result = CliRunner().invoke(app, arguments)
    assert "--hand and --speed natural do not go together" in result.stderr
