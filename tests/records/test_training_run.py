import pytest

from asl_core.errors import RunError
from asl_core.records import training_run
from asl_core.records.json_file import write_json
from asl_core.records.training_run import SHIPPED_RUN, TrainingRun, find_runs, named_run

HEADER = "epoch,input_size,train_loss,train_accuracy,validation_loss,validation_accuracy,"
HEADER += "learning_rate,seconds\n"


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Two shelves: models/ with the shipped run and alpha, runs/ with beta at work and rubbish."""
    models, runs = tmp_path / "models", tmp_path / "runs"
    monkeypatch.setattr(training_run, "MODELS_FOLDER", models)
    monkeypatch.setattr(training_run, "RUNS_FOLDER", runs)
    for name in ("alpha", SHIPPED_RUN):
        write_json(models / name / "model.json", {"classes": ["A", "B"]})
    (models / "hand_landmarker.task").touch()
    (runs / "crops").mkdir(parents=True)
    (runs / "beta").mkdir()
    (runs / "beta" / "history.csv").write_text(HEADER)
    return tmp_path


def test_the_shipped_run_comes_first(folders):
    assert [run.name for run in find_runs()] == [SHIPPED_RUN, "alpha", "beta"]


def test_finds_runs_below_given_folders_only(folders):
    assert [run.name for run in find_runs(folders / "runs", folders / "absent")] == ["beta"]


def test_a_run_at_work_is_not_finished(folders):
    finished = {run.name: run.is_finished for run in find_runs()}
    assert finished == {SHIPPED_RUN: True, "alpha": True, "beta": False}
    assert named_run("beta").history == ()


def test_history_is_read_anew(folders):
    run = named_run("beta")
    with (run.folder / "history.csv").open("a") as file:
        file.write("1,96,2,0.25,1.5,0.5,0.001,60\n")
    assert [row.epoch for row in run.history] == [1]


def test_named_by_name_or_folder(folders):
    assert named_run("alpha").folder == folders / "models" / "alpha"
    assert named_run(str(folders / "runs" / "beta")).name == "beta"


def test_of_equal_names_the_first_listed_is_taken(folders):
    write_json(folders / "runs" / "alpha" / "model.json", {"classes": ["X"]})
    assert named_run("alpha").classes == ("A", "B")


@pytest.mark.parametrize("name", ["gamma", "", "../gamma"], ids=["unknown", "empty", "path"])
def test_unknown_run(folders, name):
    with pytest.raises(RunError) as caught:
        named_run(name)
    assert str(caught.value) == (
        f"There is no run {name!r}; known runs are: alpha, beta, {SHIPPED_RUN}."
    )


def test_model_and_classes(folders):
    assert named_run("alpha").model == {"classes": ["A", "B"]}
    assert named_run("alpha").classes == ("A", "B")


@pytest.mark.parametrize("classes", [None, "AB", [1, 2]], ids=["none", "text", "numbers"])
def test_broken_classes(tmp_path, classes):
    write_json(tmp_path / "mine" / "model.json", {"classes": classes})
    with pytest.raises(RunError, match=r"mine/model\.json names no classes"):
        _ = TrainingRun(tmp_path / "mine").classes


def test_missing_files_of_a_run(folders):
    with pytest.raises(RunError, match=r"beta has no model\.json\."):
        _ = named_run("beta").model
    with pytest.raises(RunError, match=r"alpha has no config\.json\."):
        _ = named_run("alpha").config
    with pytest.raises(RunError, match=r"alpha has no history\.csv\."):
        _ = named_run("alpha").history


def test_evaluations(folders, small_report):
    run = named_run("alpha")
    assert run.evaluations == ()
    for name in ("photos-validation", "photos-test"):
        small_report.save(run.folder / "evaluations" / name / "report.json")
    (run.folder / "evaluations" / "unfinished").mkdir()
    assert run.evaluations == ("photos-test", "photos-validation")
    assert run.evaluation("photos-test") == small_report


@pytest.mark.parametrize("name", ["other", "../alpha", ""])
def test_unknown_evaluation(folders, small_report, name):
    run = named_run("alpha")
    small_report.save(run.folder / "evaluations" / "photos-test" / "report.json")
    with pytest.raises(RunError) as caught:
        run.evaluation(name)
    assert str(caught.value) == (
        f"alpha has no evaluation {name!r}; its evaluations are: photos-test."
    )
