import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from asl_core.hands.landmarks import HandDetection
from benchmarks.device_landmarks import keep, level, spelled
from benchmarks.device_page import landmarks_part
from benchmarks.device_report import HELD_RATE, HELD_SECONDS, HeldHands, LandmarksReport

STILL = np.array([True, True, False])
ALONE = np.array([[0.96, 0.04, 0], [0.92, 0.08, 0], [0.03, 0.97, 0], [0, 0.01, 0.99]], np.float32)
FUSED = np.array([[0.99, 0.01, 0], [0.45, 0.55, 0], [0.3, 0.7, 0], [0, 0.01, 0.99]], np.float32)
TRUTH = np.array([0, 1, 1, 2])


def test_a_level_counts_what_leaving_the_picture_out_changes():
    found = level(0.9, ALONE, FUSED, TRUTH, STILL, rejected=0.8)
    assert (found.hands, found.changed) == (3, 1)
    assert (found.right_alone, found.right_fused) == (2, 3)
    assert found.unsure_fused == 2
    assert found.mean_difference == pytest.approx(
        (0.96 - 0.99 + 0.92 - 0.55 + 0.97 - 0.7) / 3, abs=1e-4
    )


def test_a_level_that_no_hand_reaches_is_empty():
    found = level(0.999, ALONE, FUSED, TRUTH, STILL, rejected=0.8)
    assert (found.hands, found.changed, found.mean_difference) == (0, 0, 0.0)


def test_what_was_found_goes_into_both_files_of_the_model(tmp_path):
    for name in ("model.json", "web.json"):
        content = {"name": name, "calibration": {"temperature": 0.5}}
        (tmp_path / name).write_text(json.dumps(content))
    keep(0.7, 0.94, SimpleNamespace(folder=tmp_path))
    for name in ("model.json", "web.json"):
        values = json.loads((tmp_path / name).read_text())
        expected = {"temperature": 0.5, "landmark_temperature": 0.7, "landmarks_suffice": 0.94}
        assert values == {"name": name, "calibration": expected}


@pytest.mark.slow
def test_a_held_hand_writes_its_letter_both_ways_and_one_way_mostly_without_its_picture():
    from asl_core.drawing.drawn_letters import letter_landmarks
    from asl_core.letters.recognizer import LetterRecognizer
    from asl_core.records.training_run import SHIPPED_RUN, named_run

    recognizer = LetterRecognizer.load(named_run(SHIPPED_RUN).folder, "cpu").for_live()
    detection = HandDetection(letter_landmarks("L", 640, 480), "Right", 0.9)
    shares = np.full(26, 0.01, np.float32)
    shares[recognizer.classes.index("L")] = 0.75
    ways = [spelled(recognizer, detection, np.log(shares), (640, 480), every) for every in (0, 1)]
    frames = round(HELD_SECONDS * HELD_RATE)
    assert [(text, count) for text, count, _ in ways] == [("L", frames)] * 2
    assert frames / 2 < ways[0][2] < frames
    assert ways[1][2] == 0


def test_the_page_tells_the_chosen_level_and_what_was_written():
    one = level(0.9, ALONE, FUSED, TRUTH, STILL, rejected=0.8)
    held = HeldHands(hands=10, right=8, wrong=1, frames=180, without_picture=90)
    report = LandmarksReport(
        *("python -m x", "2026-11-27T12:00:00+00:00", "run", "photos", "validation"),
        *(4, 4, 0.76, 0.9, 3, 1, held, replace(held, right=7), 1, (one, replace(one, above=0.95))),
    )
    page = landmarks_part(report)
    assert "| **0.90** | 3 (75.0%) | 1 (33.33%) | 2 / 3 | 2 (66.67%) |" in page
    assert "| 0.95 |" in page
    assert "8 write their letter, 1 another one, 1 none; of the frames 50% are read" in page
    assert "With each picture: 7 write their letter, 1 another one, 2 none." in page
