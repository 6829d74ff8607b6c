"""What many visitors would take: the arithmetic, and that the page is as new as the reports."""

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from benchmarks.cost import PAGE_FILE, SourceCost, Visits, fleet, markdown

VIDEO = SourceCost("Live video", 0.5, 600.0, 40.0, 3000.0, "command")


def test_visitors_at_once_follow_from_the_busiest_hour():
    assert Visits(minutes=6, busiest_share=0.1).at_once(1000) == pytest.approx(10)


def test_cores_come_in_whole_processes_that_hold_the_models():
    needs = fleet(VIDEO, 12, Visits(busy_share=0.5))
    assert needs.cores == pytest.approx(12)
    assert needs.processes == 12
    assert needs.memory_gib == pytest.approx((12 * 600 + 12 * 40) / 1024)
    assert needs.mbit == pytest.approx(36)


def test_a_few_visitors_still_need_a_process():
    assert fleet(VIDEO, 0.2, Visits()).processes == 1


def test_the_page_is_what_the_reports_say():
    assert PAGE_FILE.read_text("utf-8") == markdown(Visits())
