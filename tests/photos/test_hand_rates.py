from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from asl_core.errors import ImageError
from asl_core.photos.hand_rates import HandRate, measure_hand_rates, sample_over_signers
from asl_core.photos.photo_set import LabelledPhoto


class BrightnessDetector:
    """Says that a bright picture shows a hand."""

    def __init__(self) -> None:
        self.closed = False

    def detect(self, frame, timestamp_ms=0):
        return object() if frame.mean() > 100 else None

    def close(self) -> None:
        self.closed = True


def photo(name: str, signer: str, label="A", split="test", root=Path("photos")) -> LabelledPhoto:
    return LabelledPhoto(name, root / name, split, signer, signer, label)


@pytest.fixture
def five_photos(tmp_path: Path) -> list[LabelledPhoto]:
    """Return two bright and one dark photo of anna, a dark one of ben, and a picture of nothing."""
    cases = [("anna", "A", 200), ("anna", "B", 0), ("anna", "C", 255), ("ben", "A", 9)]
    cases += [("ben", "nothing", 255)]
    photos = []
    for number, (signer, label, level) in enumerate(cases):
        Image.new("RGB", (16, 16), (level,) * 3).save(tmp_path / f"{number}.png")
        photos.append(photo(f"{number}.png", signer, label, root=tmp_path))
    return photos


@pytest.mark.parametrize("workers", [1, 3])
def test_hands_are_counted_for_each_signer_and_nothing_left_out(five_photos, workers):
    made: list[BrightnessDetector] = []
    seen: list[tuple[int, int]] = []

    def new_detector() -> BrightnessDetector:
        made.append(BrightnessDetector())
        return made[-1]

    rates = measure_hand_rates(
        five_photos, new_detector, workers, lambda done, total: seen.append((done, total))
    )
    assert rates == (HandRate("test", "anna", 3, 2), HandRate("test", "ben", 1, 0))
    assert [rate.rate for rate in rates] == [2 / 3, 0.0]
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert [detector.closed for detector in made] == [True] * workers


def test_a_photo_that_fails_is_an_error_and_detectors_are_closed(five_photos):
    five_photos[1].path.write_bytes(b"")
    detector = BrightnessDetector()
    with pytest.raises(ImageError, match="empty"):
        measure_hand_rates(five_photos, lambda: detector, 1)
    assert detector.closed


def test_a_sample_goes_round_the_signers():
    sizes = {"a": 50, "b": 3, "c": 50}
    photos = [photo(f"{s}{n}", s) for s, size in sizes.items() for n in range(size)]
    drawn = sample_over_signers(photos, 13)
    assert Counter(p.signer for p in drawn) == {"a": 5, "b": 3, "c": 5}
    assert len({p.photo_id for p in drawn}) == 13
    assert drawn == sample_over_signers(photos, 13)
    assert drawn != sample_over_signers(photos, 13, seed=1)


def test_a_sample_is_at_most_all_photos_with_hands():
    photos = [photo("1", "a"), photo("2", "b", "nothing"), photo("3", "b")]
    assert {p.photo_id for p in sample_over_signers(photos, 99)} == {"1", "3"}


@pytest.mark.shared
def test_mediapipe_finds_real_hands(shared_photos):
    from asl_core.hands.detector import MediaPipeHandDetector

    photos = [
        photo(f"test/yuvraj/{label}/000.webp", "yuvraj", label, root=shared_photos)
        for label in "ABL"
    ]
    rates = measure_hand_rates(photos, MediaPipeHandDetector, 1)
    assert rates == (HandRate("test", "yuvraj", 3, 3),)
    assert np.isclose(rates[0].rate, 1)
