import pytest

from asl_core.errors import RunError
from asl_core.records import training_run
from asl_core.records.json_file import read_json, write_json
from asl_core.records.training_run import (
    SHIPPED_RUN,
    TrainingRun,
    find_runs,
    named_run,
    ship_run,
)

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


@pytest.fixture
def finished_run(tmp_path) -> TrainingRun:
    folder = tmp_path / "runs" / "mine"
    write_json(folder / "model.json", {"classes": ["A", "B"]})
    for name in ("weights.safetensors", "best.ckpt", "last.ckpt", "history.csv"):
        (folder / name).write_text(name)
    (folder / "evaluations" / "photos-test").mkdir(parents=True)
    (folder / "evaluations" / "photos-test" / "report.json").write_text("{}")
    return TrainingRun(folder)


def test_what_only_the_training_needed_stays_behind(finished_run, tmp_path):
    shipped = TrainingRun(ship_run(finished_run, tmp_path / "models"))
    names = {path.name for path in shipped.folder.iterdir()}
    assert names == {"model.json", "weights.safetensors", "history.csv", "evaluations"}
    assert shipped.evaluations == ("photos-test",)
    assert shipped.can_read
    assert (finished_run.folder / "best.ckpt").exists()


def test_records_only_leaves_the_weights_out_and_says_so(finished_run, tmp_path):
    shipped = TrainingRun(ship_run(finished_run, tmp_path / "models", records_only=True))
    assert not (shipped.folder / "weights.safetensors").exists()
    assert read_json(shipped.folder / "model.json") == {"classes": ["A", "B"], "records_only": True}
    assert (shipped.is_finished, shipped.is_records_only, shipped.can_read) == (True, True, False)
    assert not finished_run.is_records_only


def test_shipping_again_replaces_what_lay_there(finished_run, tmp_path):
    ship_run(finished_run, tmp_path / "models", records_only=True)
    assert TrainingRun(ship_run(finished_run, tmp_path / "models")).can_read


def test_a_run_that_is_not_finished_is_not_shipped(finished_run, tmp_path):
    (finished_run.folder / "model.json").unlink()
    with pytest.raises(RunError, match=r"mine has no model\.json"):
        ship_run(finished_run, tmp_path / "models")


def test_a_run_is_not_shipped_onto_itself(finished_run):
    with pytest.raises(RunError, match="mine already lies in runs"):
        ship_run(finished_run, finished_run.folder.parent)
    assert (finished_run.folder / "weights.safetensors").exists()
