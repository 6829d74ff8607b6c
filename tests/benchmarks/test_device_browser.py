from dataclasses import replace
from types import SimpleNamespace

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from benchmarks import device_browser
from benchmarks.device_browser import chosen_signers, lags_of
from benchmarks.device_page import browser_part
from benchmarks.device_report import BrowserReport, RealHands


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
    assert "signers of" not in browser_part(report)
    real = RealHands("photos", ("ann", "bob"), "LUNAR", 24.0, slow, slow)
    page = browser_part(replace(report, real_hands=(real,)))
    both = "under 80 ms: reached; with each picture **missed**"
    assert f"| from capture to the drawn letter, median | 55 ms | 90 ms | {both} |" in page
    assert "Where 2 signers of photos (ann, bob; validation) spell LUNAR" in page
    assert "| of them without the picture | 100% | 0% |  |" in page
    assert "| second start, from the cache | 1.3 s | under 2 s: reached |" in page


def test_signers_who_show_the_whole_word_are_chosen_evenly(tmp_path, monkeypatch):
    names = [f"signer{number}" for number in range(7)]
    photos = []
    for name in names:
        (tmp_path / "validation" / name).mkdir(parents=True)
        letters = "LUNA" if name == "signer0" else "LUNARX"
        photos += [SimpleNamespace(signer=name, label=letter) for letter in letters]
    some = SimpleNamespace(of_split=lambda split: SimpleNamespace(photos=photos))
    monkeypatch.setattr(device_browser, "read_photo_set", lambda root: some)
    assert chosen_signers(tmp_path) == ["signer1", "signer3", "signer6"]
