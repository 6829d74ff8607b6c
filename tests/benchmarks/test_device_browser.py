import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from benchmarks.device_browser import lags_of


def row(ms, letter=True, picture=False, detect=40.0):
    return {"ms": ms, "hasLetter": letter, "hasPicture": picture, "detectMs": detect}


def test_lags_count_all_frames_with_a_letter_and_no_others():
    first = [row(60), row(50), row(100, picture=True), row(500, letter=False)]
    second = [row(70), row(90, picture=True, detect=60.0)]
    lags = lags_of([first, second], seconds=2.0)
    assert (lags.frames, lags.without_picture) == (5, 3)
    assert lags.p50_ms == 70
    assert lags.rounds_p50_ms == (60.0, 80.0)
    assert (lags.detect_p50_ms, lags.empty_p50_ms) == (40.0, 500.0)
    assert lags.fps == 1.5
