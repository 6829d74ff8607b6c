import os
import time

import pytest


def test_says_which_command_fills_it(runs_folder, open_screen):
    screen = open_screen("model/training.py")
    assert screen.code[0].value == "python -m asl_core train --photos DIR --name my-run"


def test_shows_every_run_with_its_best_epoch(made_up, open_screen):
    screen = open_screen("model/training.py")
    values = [m.value for m in screen.metric if m.label == "Best epoch"]
    assert values == ["10 of 12", "9 of 9"]
    titles = " ".join(m.value for m in screen.markdown)
    assert "stranger-resnet18" in titles
    assert "finished" in titles


def test_the_settings_stand_side_by_side(made_up, open_screen):
    screen = open_screen("model/training.py")
    table = screen.dataframe[0].value.set_index("setting")
    assert table.loc["epochs"].tolist() == ["12", "9"]
    assert table.loc["augmentation.flip"].tolist() == ["0.5", "0.5"]
    screen.toggle(key="settings_differ").set_value(True).run()
    differing = screen.dataframe[0].value.set_index("setting")
    assert "augmentation.flip" not in differing.index
    assert "epochs" in differing.index


def test_a_broken_history_gives_a_sentence_and_the_other_run_lives(made_up, open_screen):
    (made_up / "second-try/history.csv").write_text("epoch,input_size\n1,many\n")
    screen = open_screen("model/training.py")
    assert len(screen.error) == 1
    assert screen.error[0].value.startswith("second-try/history.csv")
    assert [m.value for m in screen.metric if m.label == "Best epoch"] == ["10 of 12"]


def test_missing_settings_give_a_sentence(made_up, open_screen):
    (made_up / "second-try/config.json").unlink()
    screen = open_screen("model/training.py")
    assert [e.value for e in screen.error] == ["second-try has no config.json."]


@pytest.mark.parametrize(
    ("age_seconds", "state"), [(0, "running"), (7200, "stopped 2.0 h ago")], ids=["new", "old"]
)
def test_a_run_without_a_model_is_running_or_stopped(made_up, open_screen, age_seconds, state):
    history = made_up / "second-try/history.csv"
    lines = history.read_text().splitlines()
    history.write_text("\n".join(lines[:4]) + "\n")
    then = time.time() - age_seconds
    os.utime(history, (then, then))
    assert state in " ".join(m.value for m in open_screen("model/training.py").markdown)


def test_a_run_before_its_first_epoch(made_up, open_screen):
    history = made_up / "second-try/history.csv"
    history.write_text(history.read_text().splitlines()[0] + "\n")
    screen = open_screen("model/training.py")
    assert "No epoch has finished yet." in [c.value for c in screen.caption]
