import dataclasses

import pytest

from pages.panels.charts.chart_style import RIGHT, WRONG
from pages.panels.metrics.robustness_table import (
    points,
    robustness_figure,
    robustness_rows,
    robustness_sentence,
    scenes_sentence,
)


def test_what_costs_too_much_is_marked(robustness_report):
    figure = robustness_figure(robustness_report)
    assert list(figure.data[0].x) == [0.88, 0.94]
    assert list(figure.data[0].marker.color) == [WRONG, RIGHT]
    assert list(figure.data[0].text) == ["88.0 % · costs 5.0 points", "94.0 % · gains 1.0 point"]
    rows = robustness_rows(robustness_report)
    assert rows["distortion"] == ["none (original photos)", "⚠ motion blur", "other hand"]
    assert rows["correct"] == pytest.approx([93, 88, 94])
    assert rows["cost"] == [None, 5.0, -1.0]


def test_sentence_names_them(robustness_report):
    assert robustness_sentence(robustness_report) == (
        "1 of the 2 distortions costs more than 3 points of accuracy: **motion blur** (5.0 points)."
    )
    mild = dataclasses.replace(robustness_report, rows=robustness_report.rows[1:])
    assert robustness_sentence(mild).startswith(
        "None of the 1 distortions costs more than 3 points"
    )


def test_scenes_in_a_sentence(scenes_report):
    sentence = scenes_sentence(scenes_report)
    assert "In 200 scenes" in sentence
    assert "named in **2 (1.0 %)** (the aim is at most 0.5 %)" in sentence
    assert "%), with confidence in 1 (0.5 %); a hand" in sentence
    assert "written into the text in 0." in sentence


@pytest.mark.parametrize(
    ("cost", "text"), [(1.04, "1.0 point"), (0.2, "0.2 points"), (12, "12.0 points")]
)
def test_points(cost, text):
    assert points(cost) == text


def _panel() -> None:
    from asl_core.records.training_run import find_runs
    from pages.panels.metrics.robustness_table import show_robustness

    show_robustness(find_runs()[0], "photos-test")


def test_says_which_commands_fill_it(made_up):
    from streamlit.testing.v1 import AppTest

    screen = AppTest.from_function(_panel, default_timeout=30).run()
    assert not screen.exception
    assert [code.value for code in screen.code] == [
        "python -m asl_core robustness stranger-resnet18 --photos DIR --split test",
        "python -m asl_core scenes stranger-resnet18 --scenes DIR --split test",
    ]


def test_shows_what_was_measured(made_up, robustness_report, scenes_report):
    from streamlit.testing.v1 import AppTest

    folder = made_up / "stranger-resnet18/evaluations"
    robustness_report.save(folder / "photos-test/robustness.json")
    scenes_report.save(folder / "backgrounds-test/scenes.json")
    screen = AppTest.from_function(_panel, default_timeout=30).run()
    assert not screen.exception
    assert [code.value for code in screen.code] == [
        robustness_report.command,
        scenes_report.command,
    ]
    assert list(screen.dataframe[0].value["no hand"]) == pytest.approx([2, 4, 1])
    descriptions = "\n".join(entry.value for entry in screen.markdown)
    for row in robustness_report.rows:
        assert f"- **{row.name}**: {row.description}" in descriptions
    assert any("100 of the 200 photos" in caption.value for caption in screen.caption)
    (folder / "photos-test/robustness.json").write_text("{}")
    broken = AppTest.from_function(_panel, default_timeout=30).run()
    assert [e.value for e in broken.error] == [
        "photos-test/robustness.json has schema None, expected 1."
    ]
