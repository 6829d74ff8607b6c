from types import SimpleNamespace

import pytest

from pages.panels.charts.speed_chart import ratio_alt, ratio_figure, share_alt, share_figure


def speeds(ours, theirs):
    return SimpleNamespace(ours=SimpleNamespace(fps=ours), reference=SimpleNamespace(fps=theirs))


def live(visitors, *shares):
    names = ("detect_share", "network_share", "draw_share", "rest_share")
    return SimpleNamespace(visitors=visitors, **dict(zip(names, shares, strict=True)))


REPORT = SimpleNamespace(
    video=speeds(60, 20),
    photo=speeds(30, 20),
    batch=SimpleNamespace(
        ours_images_per_second={"1": 40.0, "32": 90.0}, reference_images_per_second=15.0
    ),
    cold_start=SimpleNamespace(ratio=2.0),
)


def test_bars_are_ratios_and_the_largest_batch_counts():
    (bar,) = ratio_figure(REPORT).data
    assert list(bar.x) == pytest.approx([3.0, 1.5, 6.0, 2.0])
    assert list(bar.y) == ["video frames", "photos", "hands, 32 at once", "cold start"]
    assert "video frames 3.00 times" in ratio_alt(REPORT)


def test_without_cold_starts_there_is_no_bar_for_them():
    report = SimpleNamespace(**{**vars(REPORT), "cold_start": None})
    assert len(ratio_figure(report).data[0].x) == 3


def test_shares_are_stacked_in_the_order_of_the_stages():
    rows = [live(1, 0.5, 0.3, 0.15, 0.05), live(4, 0.6, 0.3, 0.05, 0.05)]
    bars = share_figure(rows).data
    assert [bar.name for bar in bars] == ["detect", "network", "draw", "rest"]
    assert [sum(bar.x[i] for bar in bars) for i in (0, 1)] == pytest.approx([1, 1])
    assert list(bars[0].y) == ["1 visitor", "4 visitors"]
    assert "4 visitors: detect 60%" in share_alt(rows)
