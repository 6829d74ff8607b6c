import json
import shutil
from pathlib import Path

import pytest

from benchmarks.goals import MODELS, live_goals, page, photo_goals
from benchmarks.live_report import REPORT_FILE

PAGE = Path(__file__).parents[2] / "docs" / "goals.md"


def test_the_page_says_what_the_records_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m benchmarks.goals"


def test_every_goal_of_the_shipped_model_is_listed() -> None:
    aims = [goal.aim for goal in photo_goals(MODELS)]
    for part in ("24 static letters", "signer cankaya: at least 90%", "signer yuvraj", "low light"):
        assert any(part in aim for aim in aims)
    assert len(aims) == len(set(aims))


@pytest.mark.parametrize("right, expected", [(29, True), (28, False)])
def test_a_goal_is_reached_from_its_figure_on(tmp_path, right, expected) -> None:
    shutil.copytree(MODELS / "motion-jz", tmp_path / "motion-jz")
    file = tmp_path / "motion-jz" / "evaluation-test.json"
    report = json.loads(file.read_text(encoding="utf-8"))
    (row,) = (row for row in report["signers"] if row["letter"] == "J")
    row |= {"sequences": 30, "right": right, "missed": 30 - right}
    file.write_text(json.dumps(report), encoding="utf-8")
    (goal,) = (g for g in live_goals(tmp_path, REPORT_FILE) if g.aim.startswith("J as a motion"))
    assert goal.is_reached is expected


def test_what_was_never_measured_is_left_out(tmp_path) -> None:
    aims = [goal.aim for goal in live_goals(MODELS, tmp_path / "none.json")]
    assert aims and not any("visitor" in aim for aim in aims)
