"""Writes a made-up run for trying the pages: python scripts/made_up_run.py FOLDER.

No figure in it was measured. It goes into a folder of its own, never into models/; the app shows
it with `ASL_MODELS=FOLDER ASL_RUNS=FOLDER/none streamlit run app.py`.
"""

import hashlib
import json
import math
import random
import sys
from functools import cache
from pathlib import Path

from asl_core.alphabet import LETTERS, MOTION_LETTERS
from asl_core.folders import ROOT
from asl_core.records.evaluation_report import EvaluationReport, PhotoResult
from asl_core.records.history import EpochRow, append_row
from asl_core.records.json_file import write_json
from asl_core.records.training_run import (
    CONFIG_FILE,
    EVALUATIONS_FOLDER,
    HISTORY_FILE,
    MODEL_FILE,
    REPORT_FILE,
    SHIPPED_RUN,
)
from asl_core.records.web_model import WEB_MODEL_FILE, WebForm, WebModel, WebParity

COMMAND = "python scripts/made_up_run.py FOLDER"
LOOKALIKES = ("AST", "MNTE", "KV", "RUV", "GH", "DZ", "IJ", "CO", "PQ")
SIGNERS = {"ada": 0.97, "ben": 0.95, "cleo": 0.9, "dan": 0.72}


@cache
def made_up_report(run: str, photos: int = 520, seed: int = 1) -> EvaluationReport:
    """Invent a report on `photos` photos of four signers, consistent in itself."""
    # Late: scikit-learn takes a second to load, which not every test that imports this needs.
    from asl_core.evaluation import accuracy

    draw = random.Random(seed)
    hands = json.loads((ROOT / "asl_core/drawing/drawn_letters.json").read_text())["letters"]
    signers = list(SIGNERS)
    results = []
    for number in range(photos):
        label = LETTERS[number % len(LETTERS)]
        signer = signers[number // len(LETTERS) % len(signers)]
        name = f"test/{signer}/{label}/{number:03}.webp"
        results.append(_photo(draw, name, signer, label, hands[label]["points"]))
    motion = [photo for photo in results if photo.label in MOTION_LETTERS]
    bins = accuracy.calibration_bins(results)
    return EvaluationReport(
        run=run,
        photo_set="photos",
        split="test",
        command=COMMAND,
        created="2026-01-01T00:00:00+00:00",
        classes=LETTERS,
        overall=accuracy.summarize(results),
        static=accuracy.summarize(accuracy.static_only(results)),
        motion=accuracy.summarize(motion),
        letters=accuracy.letter_scores(results, LETTERS),
        confusion=accuracy.confusion_counts(results, LETTERS),
        expected_calibration_error=accuracy.expected_calibration_error(bins),
        calibration=bins,
        sources=accuracy.source_scores(results),
        photos=tuple(results),
    )


def made_up_history(epochs: int, pace: float = 1.0) -> tuple[EpochRow, ...]:
    """Invent epochs that learn and level off; a higher `pace` learns faster."""
    rows = []
    for epoch in range(1, epochs + 1):
        learned = 1 - math.exp(-pace * epoch / 3)
        rows.append(
            EpochRow(
                epoch=epoch,
                input_size=96 if epoch < epochs * 0.6 else 128,
                train_loss=3.0 - 2.3 * learned,
                train_accuracy=0.1 + 0.8 * learned,
                validation_loss=2.8 - 2.4 * learned + 0.02 * math.sin(epoch),
                validation_accuracy=0.12 + 0.8 * learned + 0.01 * math.sin(2 * epoch),
                learning_rate=1.5e-3 * math.sin(math.pi * (epoch - 0.5) / epochs),
                seconds=110 + 5 * math.sin(epoch),
            )
        )
    return tuple(rows)


def write_made_up_run(folder: Path, epochs: int = 12, pace: float = 1.0) -> None:
    """Write settings, history and a report below `folder`; there is no model among them."""
    settings = {"preset": folder.name, "epochs": epochs, "learning_rate": 1.5e-3 * pace}
    augmentation = {"flip": 0.5, "zoom": 0.2}
    write_json(
        folder / CONFIG_FILE,
        {"photo_set": "photos", "settings": {**settings, "augmentation": augmentation}},
    )
    history = folder / HISTORY_FILE
    history.unlink(missing_ok=True)
    for row in made_up_history(epochs, pace):
        append_row(history, row)
    report = made_up_report(folder.name)
    report.save(folder / EVALUATIONS_FOLDER / "photos-test" / REPORT_FILE)


def write_constant_model(folder: Path, letter: str = "A", confidence: float = 0.9) -> None:
    """Write a model that reads every hand as `letter` with `confidence`, sharing out the rest."""
    import torch

    from asl_core.letters.checkpoint import Checkpoint
    from asl_core.letters.classifier import LetterClassifier
    from asl_core.letters.model_file import Calibration
    from asl_core.letters.preprocessing import Preprocessing

    network = LetterClassifier(len(LETTERS))
    head = network.model.fc[-1]
    assert isinstance(head, torch.nn.Linear)
    with torch.no_grad():
        head.weight.zero_()
        head.bias.zero_()
        # softmax gives e^b / (e^b + 25) for the one letter with bias b
        head.bias[LETTERS.index(letter)] = math.log(confidence * 25 / (1 - confidence))
    Checkpoint(
        folder.name,
        LETTERS,
        Preprocessing(input_size=64),
        network,
        calibration=Calibration(rejection_threshold=0.5),
    ).save(folder)


def write_web_model(folder: Path, content: bytes) -> None:
    """Write a `model.json` of three classes and a form for browsers whose network is `content`."""
    from asl_core.hands.crop import PAD_COLOUR

    digest = hashlib.sha256(content).hexdigest()
    own = {
        "classes": ["A", "B", "C"],
        "preprocessing": {"input_size": 112, "crop_scale": 1.4},
        "calibration": {"temperature": 1.0},
    }
    write_json(folder / MODEL_FILE, own | {"weights": {"sha256": "00" * 32}})
    (folder / "picture.int8.onnx").write_bytes(content)
    WebModel(
        run=folder.name,
        file="picture.int8.onnx",
        form="int8",
        size=len(content),
        sha256=digest,
        source="00" * 32,
        classes=("A", "B", "C"),
        preprocessing={"input_size": 112, "crop_scale": 1.4},
        calibration={"temperature": 1.0},
        pad=PAD_COLOUR,
        input="pixels",
        output="log_probabilities",
        parity=WebParity(10, 0.9, (WebForm("int8", len(content), 0.9, 0.99),)),
        command=COMMAND,
        created="2026-11-26T00:00:00+00:00",
    ).save(folder / WEB_MODEL_FILE)


def _photo(
    draw: random.Random, name: str, signer: str, label: str, points: list[list[float]]
) -> PhotoResult:
    width, height, side = 640, 480, 90.0
    centre = draw.uniform(200, 440), draw.uniform(200, 280)
    landmarks = tuple(
        (
            (centre[0] + (x + draw.gauss(0, 0.06)) * side) / width,
            (centre[1] + (y + draw.gauss(0, 0.06)) * side) / height,
        )
        for x, y, _ in points
    )
    found = draw.random() > 0.02
    read = label if draw.random() < SIGNERS[signer] else _lookalike(draw, label)
    confidence = round(draw.uniform(0.75, 0.999) if read == label else draw.uniform(0.3, 0.9), 4)
    second = draw.choice([letter for letter in LETTERS if letter != read])
    return PhotoResult(
        photo_id=name,
        source=signer,
        signer=signer,
        label=label,
        label_note="ok",
        predicted=read if found else None,
        confidence=confidence if found else None,
        top=((read, confidence), (second, round((1 - confidence) / 2, 4))) if found else (),
        handedness="Right" if found else None,
        box=_box(landmarks, width, height) if found else None,
        landmarks=landmarks if found else (),
        width=width,
        height=height,
        brightness=round(draw.uniform(60, 190), 1),
    )


def _lookalike(draw: random.Random, label: str) -> str:
    groups = [group for group in LOOKALIKES if label in group]
    others = [letter for group in groups for letter in group if letter != label]
    return draw.choice(others or [letter for letter in LETTERS if letter != label])


def _box(
    landmarks: tuple[tuple[float, float], ...], width: int, height: int
) -> tuple[int, int, int, int]:
    xs, ys = [x * width for x, _ in landmarks], [y * height for _, y in landmarks]
    side = round(1.4 * max(max(xs) - min(xs), max(ys) - min(ys)))
    left = round((max(xs) + min(xs) - side) / 2)
    top = round((max(ys) + min(ys) - side) / 2)
    return left, top, left + side, top + side


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {COMMAND}")
    target = Path(sys.argv[1])
    write_made_up_run(target / SHIPPED_RUN)
    write_constant_model(target / SHIPPED_RUN)
    write_made_up_run(target / "second-try", epochs=9, pace=0.6)
