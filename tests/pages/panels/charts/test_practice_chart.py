from asl_core.practice.progress import PracticeDay
from asl_core.practice.text_measures import sums_of
from pages.panels.charts.practice_chart import days_figure


def test_each_day_is_a_mark_and_a_day_at_ease_has_no_speed():
    days = [
        PracticeDay("2026-11-25", "sign", sums_of("CAT", "CT", 4, 6.0)),
        PracticeDay("2026-11-26", "sign", sums_of("CAT", "CAT", 3)),
    ]
    speed, errors = days_figure(days).data
    assert tuple(speed.x) == ("2026-11-25", "2026-11-26")
    assert tuple(speed.y) == (10.0, None)
    assert tuple(errors.y) == (1 / 3, 0.0)
