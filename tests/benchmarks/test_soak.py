from dataclasses import replace

import pytest

from asl_core.errors import RunError
from benchmarks.live_report import Origin, Package
from benchmarks.soak import RECONNECT, RESTART, SWITCH, plan, shared_beginning
from benchmarks.soak_page import is_flat, markdown, rise_of, settled_samples
from benchmarks.soak_report import (
    PAGE_FILE,
    REPORT_FILE,
    SoakReport,
    SoakSample,
    read_soak,
    write_soak,
)

ORIGIN = Origin("python -m x", "2026-11-22 03:00 UTC", "Some CPU", 2, 0.2, (Package("av", "1"),))


def sample(seconds, memory=800.0, threads=40, files=60, server=0):
    return SoakSample(seconds, memory, threads, files, 30.0, server)


def report_of(*samples, lost=()):
    return SoakReport(
        ORIGIN, 10, 10, 3, 1, 500, lost, sample(0, 700, 30), samples, sample(620, threads=31), 2
    )


def flat(server=0, start=15):
    return tuple(sample(t, server=server) for t in range(start, start + 585, 15))


def test_disturbances_are_spread_evenly_and_the_restart_is_in_the_middle():
    disturbances = plan(3600, 100, 20, 1)
    kinds = [kind for _, kind in disturbances]
    assert [kinds.count(kind) for kind in (RECONNECT, SWITCH, RESTART)] == [100, 20, 1]
    assert disturbances == sorted(disturbances)
    assert all(0 < at_s < 3600 for at_s, _ in disturbances)
    assert (1800.0, RESTART) in disturbances
    assert plan(300, 0, 0, 0) == []


def test_two_texts_share_a_beginning():
    assert shared_beginning("HELLOI", "HELLOJKD") == "HELLO"
    assert shared_beginning("HELLO", "HELLO") == "HELLO"
    assert shared_beginning("", "A") == ""


def test_a_flat_stream_is_called_flat():
    text = markdown(report_of(*flat()))
    assert "0.0 MiB (0.0%): flat. Threads 40 to 40, their straight line +0.0: flat." in text
    assert "Open files 60 to 60, their straight line +0.0: flat." in text
    assert "the server had 31 threads and 60 open files; before its first stream" in text
    assert "| minute 1 | 800 MiB | 40 | 60 | 30.0 |" in text
    assert "No letter that had stood on the page was lost." in text
    assert "Start had to be pressed a second time 2 times." in text
    assert is_flat(flat())


def test_a_leak_is_called_not_flat():
    leak = [sample(t, 800 + t / 10, 40 + t // 100, 60 + t // 60) for t in range(15, 600, 15)]
    text = markdown(report_of(*leak))
    assert "(5.5%): **not flat**" in text
    assert text.count("**not flat**") == 3
    assert not is_flat(leak)


@pytest.mark.parametrize("grown", [{"memory": 1.0}, {"threads": 0.02}, {"files": 0.02}])
def test_each_of_the_three_must_be_flat(grown):
    ((name, slope),) = grown.items()
    start = {"memory": 800, "threads": 40, "files": 60}[name]
    assert not is_flat([sample(t, **{name: start + slope * t}) for t in range(15, 600, 15)])


def test_moments_without_a_frame_are_shown_but_not_judged():
    between = [replace(s, threads=20, memory_mib=500.0, fps=0.0) for s in flat()[10:13]]
    samples = [*flat()[:10], *between, *flat()[13:]]
    assert is_flat(samples)
    text = markdown(report_of(*samples))
    assert "Threads 40 to 40, their straight line +0.0: flat." in text
    assert "3 moments in which no frame was read are left out." in text
    assert "left out" not in markdown(report_of(*flat()))


def test_each_server_is_judged_by_itself_once_it_has_settled():
    samples = (*flat(), *(replace(s, memory_mib=500.0) for s in flat(server=1, start=605)))
    report = report_of(*samples)
    assert [len(server) for server in report.servers] == [39, 39]
    assert "| server 2 | | | | |" in markdown(report)
    assert markdown(report).count("0.0 MiB (0.0%): flat") == 2
    assert settled_samples(report.servers[1])[0].seconds >= 605 + 120
    short = [sample(t) for t in (0, 10, 20, 30, 40)]
    assert [s.seconds for s in settled_samples(short)] == [10, 20, 30, 40]


def test_the_rise_is_that_of_a_straight_line():
    moments = [sample(0), sample(30), sample(60)]
    assert rise_of(moments, [10, 11, 12]) == pytest.approx(2)
    assert rise_of(moments, [10, 18, 10]) == pytest.approx(0)


def test_a_short_stream_is_not_judged():
    assert "too short to judge" in markdown(report_of(sample(15), sample(30)))


def test_lost_words_are_told():
    lost = ("After a restart at 300 s 'LAB' was 'L'.",)
    assert "**Lost: After a restart at 300 s 'LAB' was 'L'.**" in markdown(
        report_of(*flat(), lost=lost)
    )


def test_the_report_is_kept(tmp_path):
    path = tmp_path / "soak.json"
    write_soak(report_of(*flat()), path)
    assert read_soak(path) == report_of(*flat())
    path.write_text('{"minutes": "x"}', encoding="utf-8")
    with pytest.raises(RunError, match=r"soak\.json"):
        read_soak(path)


@pytest.mark.skipif(not REPORT_FILE.exists(), reason="no long stream has been measured yet")
def test_the_page_in_docs_is_what_the_report_gives():
    assert PAGE_FILE.read_text(encoding="utf-8") == markdown(read_soak())
