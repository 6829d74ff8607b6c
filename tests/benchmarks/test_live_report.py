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
    SoakPart,
    SoakSample,
    SpeedPart,
    SpeedRound,
    StageTimes,
    VisitorSpeed,
    keep_part,
    read_report,
)
from benchmarks.soak_page import rise_of, settled_samples

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


def sample(seconds, memory=800.0, threads=40, files=60):
    return SoakSample(seconds, memory, threads, files, 30.0)


def soak_part(*samples):
    return SoakPart(ORIGIN, 10, 10, 3, 300.0, 340.0, sample(0, 700, 30), samples, sample(620))


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
    keep_part(part, tmp_path / "speed.json")
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


def test_a_flat_stream_is_called_flat():
    text = markdown(LiveReport(soak=soak_part(*(sample(t) for t in range(15, 600, 15)))))
    assert "0.0 MiB (0.0%): flat. Threads 40 to 40, their straight line +0.0: flat." in text
    assert "Open files 60 to 60, their straight line +0.0: flat." in text
    assert "+10 threads" in text
    assert row_of(text, "| minute 1 ") == ["minute 1", "800 MiB", "40", "60", "30.0"]


def test_a_leak_is_called_not_flat():
    leak = [sample(t, 800 + t / 10, 40 + t // 100, 60 + t // 60) for t in range(15, 600, 15)]
    text = markdown(LiveReport(soak=soak_part(*leak)))
    assert "rises by 46.5 MiB (5.7%): **not flat**" in text
    assert "Threads 41 to 45, their straight line +4.6: **not flat**." in text
    assert "Open files 62 to 69, their straight line +7.7: **not flat**." in text


def test_the_first_two_minutes_and_the_reconnects_are_not_judged():
    part = soak_part(*(sample(t) for t in (60, 119, 120, 200, 310, 335, 350)))
    assert [s.seconds for s in settled_samples(part)] == [120, 200, 350]
    moments = [sample(0), sample(30), sample(60)]
    assert rise_of(moments, [10, 11, 12]) == pytest.approx(2)
    assert rise_of(moments, [10, 18, 10]) == pytest.approx(0)


def test_a_short_stream_is_not_judged():
    assert "Too short to judge" in markdown(LiveReport(soak=soak_part(sample(15), sample(30))))


def test_each_part_is_kept_beside_the_other(tmp_path):
    path = tmp_path / "results" / "live-speed.json"
    soak = soak_part(sample(15))
    assert read_report(path) == LiveReport()
    assert keep_part(SPEED, path) == LiveReport(SPEED)
    assert keep_part(soak, path) == LiveReport(SPEED, soak)
    assert keep_part(replace(SPEED, shares=()), path).soak == soak
    assert read_report(path) == LiveReport(replace(SPEED, shares=()), soak)


def test_a_broken_report_is_refused(tmp_path):
    path = tmp_path / "live-speed.json"
    path.write_text('{"speed": {"rounds": 3}}', encoding="utf-8")
    with pytest.raises(RunError, match=r"live-speed\.json: speed"):
        read_report(path)


@pytest.mark.skipif(not REPORT_FILE.exists(), reason="the live page has not been measured yet")
def test_the_page_in_docs_is_what_the_report_gives():
    assert PAGE_FILE.read_text(encoding="utf-8") == markdown(read_report())
