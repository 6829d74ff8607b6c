import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from benchmarks.device_browser import lags_of
from benchmarks.device_page import browser_part
from benchmarks.device_report import BrowserReport


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


def test_the_page_tells_both_ways_and_what_was_aimed_at():
    quick = lags_of([[row(60), row(50)]], seconds=1.0)
    slow = lags_of([[row(90, picture=True)]], seconds=1.0)
    report = BrowserReport(
        *("python -m x", "2026-11-27T12:00:00+00:00", "a processor", 2, 0.5, "156"),
        *(2700.0, 1300.0, 100.0, 24.0, quick, slow, 0.02, 1.0),
    )
    page = browser_part(report)
    both = "under 80 ms: reached; with each picture **missed**"
    assert f"| from capture to the drawn letter, median | 55 ms | 90 ms | {both} |" in page
    assert "| of them without the picture | 100% | 0% |  |" in page
    assert "| second start, from the cache | 1.3 s | under 2 s: reached |" in page
