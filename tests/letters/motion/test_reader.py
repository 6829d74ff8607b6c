from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from asl_core.letters.motion.model import CLASSES, SHAPES, MotionModel, MotionSettings
from asl_core.letters.motion.reader import SHIPPED_MOTION_MODEL, MotionReader

SHARED = Path(__file__).parents[4] / "shared" / "motion" / "sequences.npz"


def always(**shares):
    """A model that says the same of every window it is asked about."""
    weights = {name: np.zeros((1, *shape), np.float32) for name, shape in SHAPES.items()}
    weights["deviation"] += 1
    known = [shares.get(name.replace(" ", "_"), 1e-4) for name in CLASSES]
    weights["output.bias"][0] = np.log(known)
    return MotionModel(weights, MotionSettings(j_decision=0.6, z_decision=0.6))


def with_settings(model, **changes):
    return replace(model, settings=replace(model.settings, **changes))


@pytest.fixture(scope="module")
def shipped():
    return MotionModel.load(SHIPPED_MOTION_MODEL)


def read(reader, times, points, start_s=0.0):
    found = []
    for time_s, hand in zip(times, points, strict=True):
        letter = reader.update(start_s + time_s, hand, False)
        if letter:
            found.append(letter)
    return found


@pytest.mark.parametrize("letter", ["I", "D", "J"], ids=str)
def test_a_hand_held_still_is_never_looked_at(signed_in_air, letter):
    times, points = signed_in_air(letter, 2.0)
    points = np.repeat(points[:1], len(times), axis=0)
    reader = MotionReader(always(J=0.97, Z=0.97))
    for time_s, hand in zip(times, points, strict=True):
        assert reader.update(time_s, hand, False) is None
        assert not reader.is_tracing


@pytest.mark.parametrize(
    "model_says, signed, expected",
    [("J", "J", "J"), ("Z", "Z", "Z"), ("Z", "J", ""), ("J", "Z", "")],
    ids=["J by little", "Z by index", "no Z by little", "no J by index"],
)
def test_only_its_own_finger_draws_a_letter(signed_in_air, model_says, signed, expected):
    reader = MotionReader(always(**{model_says: 0.97}))
    found = read(reader, *signed_in_air(signed, 0.8, 0.1))
    assert {letter.letter for letter in found} == set(expected)


@pytest.mark.parametrize(
    "shares, signed, expected",
    [
        ({"J": 0.3, "Z": 0.4, "none": 0.3}, "J", "J"),
        ({"J": 0.05, "Z": 0.7, "none": 0.25}, "J", ""),
        ({"J": 0.4, "Z": 0.3, "none": 0.3}, "Z", ""),
    ],
    ids=["Z counts for J", "hardly a J", "J never counts for Z"],
)
def test_the_little_finger_settles_the_doubt_between_j_and_z(
    signed_in_air, shares, signed, expected
):
    found = read(MotionReader(always(**shares)), *signed_in_air(signed, 0.8, 0.1))
    assert {letter.letter for letter in found} == set(expected)


def test_a_letter_says_when_and_how_surely(signed_in_air):
    reader = MotionReader(always(J=0.9, none=0.1))
    times, points = signed_in_air("J", 0.8, 0.4)
    (letter, *_) = read(reader, times, points, start_s=100.0)
    assert 100 <= letter.start_s < letter.end_s <= 100 + times[-1]
    assert letter.confidence == pytest.approx(0.9, abs=0.01)


def test_an_unsure_model_gives_nothing(signed_in_air):
    reader = MotionReader(always(J=0.5, none=0.5))
    assert read(reader, *signed_in_air("J")) == []


def test_after_a_letter_the_hand_must_move_anew(signed_in_air):
    times, points = signed_in_air("J", 0.8, 0.4)
    reader = MotionReader(always(J=0.97))
    found = read(reader, times, points)
    ends = [letter.end_s for letter in found]
    assert all(later - earlier > 0.5 for earlier, later in pairwise(ends))
    rest = np.repeat(points[-1:], 90, axis=0)
    assert read(reader, np.arange(90) / 30 + 5, rest) == []


def test_a_stroke_under_way_is_told_and_ends(signed_in_air):
    reader = MotionReader(always(J_under_way=0.97))
    times, points = signed_in_air("J", 0.8, 0.4)
    states = []
    for time_s, hand in zip(times, points, strict=True):
        assert reader.update(time_s, hand, False) is None
        states.append(reader.is_tracing)
    assert not any(states[:12])
    assert any(states[15:36])
    later = [reader.update(3 + n / 30, points[-1], False) or reader.is_tracing for n in range(30)]
    assert not any(later)


def test_without_a_hand_nothing_is_read(signed_in_air):
    reader = MotionReader(always(J=0.97))
    assert [reader.update(n / 30, None, False) for n in range(60)] == [None] * 60
    assert not reader.is_tracing


@pytest.mark.parametrize(
    "shares, ending_share, empty_frames, expected",
    [
        ({"J": 0.3, "J_under_way": 0.5, "none": 0.2}, 1.0, 6, "J"),
        ({"J": 0.3, "J_under_way": 0.5, "none": 0.2}, 0.0, 6, ""),
        ({"J": 0.3, "J_under_way": 0.5, "none": 0.2}, 1.0, 1, ""),
        ({"J": 0.05, "J_under_way": 0.75, "none": 0.2}, 1.0, 6, ""),
        ({"J": 0.3, "Z_under_way": 0.5, "none": 0.2}, 1.0, 6, ""),
    ],
    ids=["counts", "switched off", "one lost frame", "hardly done", "of the other letter"],
)
def test_a_stroke_under_way_counts_once_the_hand_vanished(
    signed_in_air, shares, ending_share, empty_frames, expected
):
    reader = MotionReader(with_settings(always(**shares), ending_share=ending_share))
    times, points = signed_in_air("J", 0.8, 0.05)
    assert read(reader, times, points) == []
    empty = times[-1] + np.arange(1, empty_frames + 1) / 30
    assert "".join(f.letter for f in read(reader, empty, [None] * empty_frames)) == expected


@pytest.mark.parametrize("gap_s, expected", [(0.1, True), (0.9, False)], ids=["short", "long"])
def test_a_gap_that_is_long_begins_afresh(signed_in_air, gap_s, expected):
    # The jump across the gap is the only motion, so it counts only where the gap is bridged.
    _, points = signed_in_air("I", 0.5)
    reader = MotionReader(always(J=0.97))
    before = [reader.update(n / 30, points[0], False) for n in range(10)]
    reader.update(0.3 + gap_s / 2, None, False)
    reader.update(0.3 + gap_s, None, False)
    moved = points[0] + np.float32(200)
    after = [reader.update(0.31 + gap_s + n / 30, moved, False) for n in range(6)]
    assert before == [None] * 10
    assert any(after) == expected


def test_reset_forgets_the_hand(signed_in_air):
    reader = MotionReader(always(J_under_way=0.97))
    times, points = signed_in_air("J", 0.8, 0.1)
    read(reader, times[:20], points[:20])
    assert reader.is_tracing
    reader.reset()
    assert not reader.is_tracing


def test_a_clock_that_stands_still_does_no_harm(signed_in_air):
    reader = MotionReader(always(J=0.97))
    _, points = signed_in_air("J")
    assert [reader.update(1.0, hand, False) for hand in points] == [None] * len(points)


@pytest.mark.parametrize("rate", [15, 30, 60])
@pytest.mark.parametrize("mirrored", [False, True], ids=["right", "mirrored"])
@pytest.mark.parametrize("letter", ["J", "Z"])
def test_the_shipped_model_reads_drawn_strokes(shipped, signed_in_air, letter, rate, mirrored):
    times, points = signed_in_air(letter, 0.8, 0.5, rate)
    if mirrored:
        points = points * np.array([-1, 1, 1], np.float32) + np.array([640, 0, 0], np.float32)
    found = read(MotionReader(shipped), times, points)
    assert [f.letter for f in found] == [letter]
    assert found[0].end_s <= 0.5 + 0.8 + 0.35


@pytest.mark.parametrize("letter", list("ABDGILUXY"))
def test_the_shipped_model_reads_nothing_from_a_held_letter(shipped, signed_in_air, letter):
    assert read(MotionReader(shipped), *signed_in_air(letter, 2.0)) == []


@pytest.mark.parametrize("letter", ["I", "D", "B"])
@pytest.mark.parametrize(
    "way", [(0, 500), (400, 0), (0, -400), (300, 300)], ids=["down", "right", "up", "aslant"]
)
def test_the_shipped_model_reads_nothing_from_a_hand_carried_straight(
    shipped, signed_in_air, letter, way
):
    times, points = signed_in_air(letter, 0.8, 0.4)
    share = np.clip((times - 0.4) / 0.8, 0, 1)[:, None, None]
    moved = points + (share * np.array([*way, 0])).astype(np.float32)
    assert read(MotionReader(shipped), times, moved) == []


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_file(), reason="../shared/motion is absent")
def test_the_shipped_model_holds_its_validation_figure(shipped):
    from asl_core.evaluation.motion.measure import read_outcomes
    from asl_core.photos.motion_sequences import read_motion_sequences
    from asl_core.records.motion_report import MotionReport, motion_report_file

    report = MotionReport.load(SHIPPED_MOTION_MODEL / motion_report_file("validation"))
    sequences = read_motion_sequences(SHARED, "validation")
    chosen = tuple(s for s in sequences if s.letter in "JZ" or s.number % 8 == 0)
    outcomes = read_outcomes(shipped, chosen)
    for letter in "JZ":
        own = [o for o in outcomes if o.sequence.letter == letter]
        right = sum(o.is_right for o in own) / len(own)
        assert right == pytest.approx(report.recall(letter), abs=0.034)
    assert sum(bool(o.read) for o in outcomes if not o.is_motion) <= 1
