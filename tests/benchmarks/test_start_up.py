"""The page about the start: its verdicts, and that it is as new as its report."""

from dataclasses import replace

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from benchmarks.live_report import Origin, Package
from benchmarks.start_up import PAGE_FILE, REPORT_FILE, StartUp, markdown, read_start_up

REPORT = StartUp(
    origin=Origin("made up", "2026-11-26", "none", 2, 0.1, (Package("Chromium", "1"),)),
    tries=3,
    answers_s=1.2,
    frame_s=1.9,
    heading_s=2.2,
    works_s=2.6,
    letter_s=4.9,
    empty_s=1.5,
    warm_frame_s=0.4,
    warm_heading_s=0.8,
    warm_letter_s=3.1,
    memory_mib=(500.0, 650.0, 720.0),
)


def test_each_aim_has_its_verdict():
    page = markdown(REPORT)
    assert "| the photo page shows its heading and that it opens | 1.9 s | 2 s: reached |" in page
    assert "| Streamlit has built the heading | 2.2 s |  |" in page
    assert "| it takes a photo | 2.6 s | 2.5 s: **missed** |" in page
    assert "| the live page shows its first letter | 4.9 s | 5 s: reached |" in page
    assert "| for comparison: an app of one heading shows it | 1.5 s |  |" in page
    assert "heading and that it opens | 0.4 s | 0.3 s: **missed** |" in page
    assert "| Streamlit has built the heading | 0.8 s |  |" in page
    assert "| one live visitor | 650 MiB | 700 MiB: reached |" in page
    assert "| more for a second one | 70 MiB | 60 MiB: **missed** |" in page
    later = replace(REPORT, letter_s=5.1)
    assert "| 5.1 s | 5 s: **missed** |" in markdown(later)


def test_the_page_is_what_the_report_says():
    assert PAGE_FILE.read_text("utf-8") == markdown(read_start_up(REPORT_FILE))
