from dataclasses import replace

import pytest

from asl_core.errors import RunError
from benchmarks.live_page import markdown
from benchmarks.live_report import (
    PAGE_FILE,
    REPORT_FILE,
    FailedRound,
    FrameShares,
    Lag,
    LiveReport,
    Origin,
    Package,
    SpeedPart,
    SpeedRound,
    StageTimes,
    VisitorSpeed,
    keep_speed,
    read_report,
)

ORIGIN = Origin("python -m x", "2026-11-22 03:00 UTC", "Some CPU", 2, 0.2, (Package("av", "1"),))
FAST = VisitorSpeed(
    30.0, 30.0, 29.9, Lag(80.4, 120.6, 590), 0.01, "640x480", StageTimes(0.5, 12.0, 4.0, 1.0, 0.5)
)
SLOW = VisitorSpeed(
    28.0, 20.0, 19.0, Lag(160.0, 300.0, 300), 0.0, "480x360", StageTimes(1.5, 20.0, 8.0, 3.0, 0.5)
)
SPEED = SpeedPart(
    ORIGIN,
    (SpeedRound(20, (FAST,), 0.91, 0.55), SpeedRound(20, (FAST, SLOW), 1.2, 0.8)),
    (FrameShares(1, 40.0, 0.6, 0.28, 0.08, 0.04),),
)


def row_of(text, start):
    (line,) = (line for line in text.splitlines() if line.startswith(start))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_one_visitors_row_tells_the_figures():
    row = row_of(markdown(LiveReport(replace(SPEED, rounds=SPEED.rounds[:1]))), "| 1 | 30.0 ")
    assert row == ["1", "30.0", "29.9", "80 ms", "121 ms", "0.91", "0.55"]


def test_several_visitors_have_a_mean_and_the_worst():
    row = row_of(markdown(LiveReport(SPEED)), "| 2 | 25.0 ")
    expected = ["2", "25.0 (20.0)", "24.4 (19.0)", "120 ms (160)", "210 ms (300)", "1.20", "0.80"]
    assert row == expected


def test_a_round_without_video_is_told_and_kept(tmp_path):
    failed = (FailedRound(4, "No frame was read in 9 seconds."),)
    part = replace(SPEED, failed=failed)
    assert "**4 visitors: No frame was read in 9 seconds.**" in markdown(LiveReport(part))
    keep_speed(part, tmp_path / "speed.json")
    kept = read_report(tmp_path / "speed.json").speed
    assert kept is not None and kept.failed == failed


def test_aims_are_judged_by_the_slowest():
    text = markdown(LiveReport(SPEED))
    assert "1 visitor: all 30 frames read: reached, median lag under 100 ms: reached" in text
    assert "2 visitors: all 30 frames read: **missed**, median lag under 100 ms: **missed**" in text
    assert "480x360 and 640x480" in text
    assert "| **12.0%** |" in text


def test_stages_are_means_of_the_visitors():
    text = markdown(LiveReport(SPEED))
    assert "| 2 | 1.0 | 16.0 | 6.0 | 2.0 | 0.5 | 25.5 |" in text


def test_without_a_lag_it_says_so():
    blind = replace(SPEED, rounds=(SpeedRound(20, (replace(FAST, lag=None),), 1, 1),))
    assert row_of(markdown(LiveReport(blind)), "| 1 | 30.0 ")[3:5] == ["none", "none"]


def test_the_report_is_kept(tmp_path):
    path = tmp_path / "results" / "live-speed.json"
    assert read_report(path) == LiveReport()
    assert keep_speed(SPEED, path) == LiveReport(SPEED)
    assert read_report(path) == LiveReport(SPEED)


def test_a_broken_report_is_refused(tmp_path):
    path = tmp_path / "live-speed.json"
    path.write_text('{"speed": {"rounds": 3}}', encoding="utf-8")
    with pytest.raises(RunError, match=r"live-speed\.json: speed"):
        read_report(path)


@pytest.mark.skipif(not REPORT_FILE.exists(), reason="the live page has not been measured yet")
def test_the_page_in_docs_is_what_the_report_gives():
    assert PAGE_FILE.read_text(encoding="utf-8") == markdown(read_report())
