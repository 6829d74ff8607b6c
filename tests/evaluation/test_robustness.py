import dataclasses

import numpy as np
import pytest

from asl_core.errors import PhotoSetError
from asl_core.evaluation import robustness
from asl_core.evaluation.distortions import DISTORTIONS, Distortion
from asl_core.evaluation.robustness import (
    Answer,
    measure_robustness,
    paired_interval,
    robustness_row,
    spread_photos,
)
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet, read_photo_set

RIGHT, WRONG, NO_HAND = (
    Answer(True, True, True),
    Answer(False, True, True),
    Answer(False, False, True),
)


def recolour(frame, hand, random):
    changed = frame.copy()
    changed[frame[..., 0] == 100, 0] = 150  # A is read where B is, and the other way round
    return changed


def hide(frame, hand, random):
    return frame * 0


def keep(frame, hand, random):
    return frame


@pytest.fixture
def three_changes(monkeypatch):
    changes = (
        Distortion("hidden", "all black", hide),
        Distortion("kept", "as it is", keep),
        Distortion("red 150", "red 100 becomes 150", recolour),
    )
    monkeypatch.setattr(robustness, "DISTORTIONS", changes)
    return changes


@pytest.fixture
def measured(colour_pipeline, colour_photos, make_measurement):
    """Return a function that measures the colour pipeline on the colour photos."""

    def measure(photos_per_letter=None, **changes):
        measurement = make_measurement(colour_pipeline, **changes)
        return measure_robustness(measurement, read_photo_set(colour_photos), photos_per_letter)

    return measure


def test_each_photo_is_read_as_it_is_and_distorted(measured, three_changes):
    seen = []
    report = measured(progress=lambda done, total: seen.append((done, total)))
    # A read, A without a hand, B read as A; J and del are no static letters.
    assert (report.photos, report.available) == (3, 3)
    assert report.accuracy == pytest.approx(1 / 3)
    assert report.no_hand_rate == pytest.approx(1 / 3)
    assert seen == [(1, 3), (2, 3), (3, 3)]
    hidden, kept, red = report.rows
    assert (hidden.accuracy, hidden.no_hand_rate, hidden.lost, hidden.gained) == (0, 1, 1, 0)
    assert hidden.cost_points == pytest.approx(100 / 3, abs=1e-3)
    assert hidden.changed == 3
    assert (kept.accuracy, kept.changed, kept.lost, kept.gained) == (report.accuracy, 0, 0, 0)
    assert (red.accuracy, red.no_hand_rate) == (report.accuracy, report.no_hand_rate)


def test_unreadable_photos_are_in_no_figure(measured, colour_photos, three_changes):
    (colour_photos / "test/anna/B/002.png").write_bytes(b"")
    report = measured()
    assert report.unreadable == ("test/anna/B/002.png: 002.png is empty (0 bytes).",)
    assert (report.photos, report.available, report.accuracy) == (2, 3, 0.5)


def test_no_static_letter_is_an_error(
    colour_pipeline, colour_photos, make_measurement, three_changes
):
    only_j = PhotoSet(colour_photos, read_photo_set(colour_photos).with_labels("J").photos)
    with pytest.raises(PhotoSetError, match="no readable photo of a static letter"):
        measure_robustness(make_measurement(colour_pipeline), only_j)


def test_the_real_distortions_go_through(measured, colour_pipeline):
    """Reds are taken for the nearest that the fake knows: the way through matters here."""
    recognize = colour_pipeline.recognizer.recognize

    def nearest(hands):
        for hand in hands:
            red = int(hand.crop[8, 8, 0])
            hand.crop[8, 8, 0] = min((100, 150, 200), key=lambda known: abs(red - known))
        return recognize(hands)

    colour_pipeline.recognizer.recognize = nearest
    report = measured()
    rows = {row.name: row for row in report.rows}
    assert list(rows) == [distortion.name for distortion in DISTORTIONS]
    assert rows["other hand"].accuracy == report.accuracy
    assert len(rows) == 8
    assert all(row.cost_low <= row.cost_points <= row.cost_high for row in report.rows)


def test_a_missed_hand_is_told_from_a_whole_picture(measured, colour_pipeline, three_changes):
    """A pipeline that reads the whole picture where no hand is found still found none."""
    plain_read = colour_pipeline.read
    a_letter = plain_read(_red(100)).prediction

    def read(frame, timestamp_ms=0):
        reading = plain_read(frame)
        if reading.detection is None:
            return dataclasses.replace(reading, prediction=a_letter)
        return reading

    colour_pipeline.read = read
    report = measured()
    assert report.accuracy == pytest.approx(2 / 3)
    assert report.no_hand_rate == pytest.approx(1 / 3)
    hidden = report.rows[0]
    assert hidden.accuracy == pytest.approx(2 / 3)
    assert (hidden.no_hand_rate, hidden.lost, hidden.gained) == (1, 0, 0)


def _red(value):
    frame = np.zeros((40, 80, 3), np.uint8)
    frame[..., 0] = value
    return frame


def test_a_row_counts_pairs():
    plain = [RIGHT, RIGHT, RIGHT, WRONG, WRONG, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT]
    after = [RIGHT, WRONG, NO_HAND, RIGHT, WRONG, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT]
    row = robustness_row(DISTORTIONS[0], plain, after)
    assert (row.lost, row.gained, row.changed) == (2, 1, 10)
    assert row.cost_points == 10
    assert (row.accuracy, row.no_hand_rate) == (0.7, 0.1)


def test_interval_of_agresti_and_min():
    # Their data on the approval of a prime minister: 1,600 people, of whom 150 and 86 changed.
    total, difference = 1602, (150 - 86) / 1602
    spread = ((150 + 86 + 1) / total - difference**2) ** 0.5 / total**0.5
    low, high = paired_interval(150, 86, 1600)
    assert low == pytest.approx(difference - 1.959964 * spread)
    assert (low, high) == (pytest.approx(0.0212, abs=2e-4), pytest.approx(0.0587, abs=2e-4))


@pytest.mark.parametrize("photos", [1, 30, 1680])
def test_interval_has_a_width_where_nothing_changed(photos):
    low, high = paired_interval(0, 0, photos)
    assert -1 <= low < 0 < high <= 1
    assert low == -high


def photos_of(*names):
    return [
        LabelledPhoto(name, f"/x/{name}", "test", name.split("/")[0], *name.split("/")[:2])
        for name in names
    ]


def test_photos_are_spread_over_each_letter_of_each_signer():
    burst = [f"anna/A/{n:03}.webp" for n in range(10)]
    photos = photos_of(*burst, "anna/B/000.webp", "ben/A/001.webp", "ben/A/000.webp")
    chosen = [photo.photo_id for photo in spread_photos(photos, 3)]
    assert chosen == [
        "anna/A/000.webp",
        "anna/A/003.webp",
        "anna/A/006.webp",
        "anna/B/000.webp",
        "ben/A/001.webp",
        "ben/A/000.webp",
    ]
    assert spread_photos(photos, None) == tuple(photos)


def test_a_limit_is_told_in_the_report(measured, three_changes):
    report = measured(photos_per_letter=1)
    assert (report.photos, report.available) == (2, 3)
