"""One look beside all looks, over signers."""

from dataclasses import replace

import numpy as np

from benchmarks.finder_ablation import OneLook, clear_photos, shares_by_signer, table


def photos_of(make_photo):
    rows = [("A", "A", "anna"), ("B", "D", "anna"), ("C", "C", "ben"), ("D", None, "ben")]
    return [
        replace(make_photo(label, read), signer=signer, label_note="ok")
        for label, read, signer in rows
    ]


def test_clear_photos_of_static_letters_count(make_photo):
    first, *others = photos_of(make_photo)
    moved = replace(make_photo("J", "J"), label_note="ok")
    suspect = replace(first, label_note="suspect")
    assert clear_photos([first, moved, suspect, *others]) == [first, *others]


def test_signers_weigh_the_same_and_no_hand_is_wrong(make_photo):
    photos = photos_of(make_photo)
    shares, none = shares_by_signer(photos, [photo.predicted for photo in photos])
    np.testing.assert_allclose(shares, [0.5, 0.5])
    assert none == 0.25


def test_the_table_tells_what_further_looks_gained(make_photo):
    photos = photos_of(make_photo)
    told = table(photos, lambda photo: "A" if photo.label == "A" else None)
    assert "| one | 25.00 (0.00 to 50.00) | 75.00% | |" in told
    assert "| as shipped | 50.00 (50.00 to 50.00) | 25.00% | +25.00 (0.00 to 50.00) |" in told


def test_one_look_cannot_search():
    from asl_core.hands.detector import SearchingHandDetector

    class Detector:
        def detect(self, frame, timestamp_ms=0):
            return frame, timestamp_ms

        def close(self):
            self.closed = True

    detector = Detector()
    once = OneLook(detector)
    assert once.detect("frame", 3) == ("frame", 3)
    assert not isinstance(once, SearchingHandDetector)
    once.close()
    assert detector.closed
