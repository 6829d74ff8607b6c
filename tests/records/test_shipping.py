import pytest

from asl_core.errors import RunError
from asl_core.records.json_file import read_json, write_json
from asl_core.records.shipping import ship_run
from asl_core.records.training_run import TrainingRun


@pytest.fixture
def run(tmp_path) -> TrainingRun:
    folder = tmp_path / "runs" / "mine"
    write_json(folder / "model.json", {"classes": ["A", "B"]})
    for name in ("weights.safetensors", "best.ckpt", "last.ckpt", "history.csv"):
        (folder / name).write_text(name)
    (folder / "evaluations" / "photos-test").mkdir(parents=True)
    (folder / "evaluations" / "photos-test" / "report.json").write_text("{}")
    return TrainingRun(folder)


def test_what_only_the_training_needed_stays_behind(run, tmp_path):
    shipped = TrainingRun(ship_run(run, tmp_path / "models"))
    names = {path.name for path in shipped.folder.iterdir()}
    assert names == {"model.json", "weights.safetensors", "history.csv", "evaluations"}
    assert shipped.evaluations == ("photos-test",)
    assert shipped.can_read
    assert (run.folder / "best.ckpt").exists()


def test_records_only_leaves_the_weights_out_and_says_so(run, tmp_path):
    shipped = TrainingRun(ship_run(run, tmp_path / "models", records_only=True))
    assert not (shipped.folder / "weights.safetensors").exists()
    assert read_json(shipped.folder / "model.json") == {"classes": ["A", "B"], "records_only": True}
    assert (shipped.is_finished, shipped.is_records_only, shipped.can_read) == (True, True, False)
    assert not run.is_records_only


def test_shipping_again_replaces_what_lay_there(run, tmp_path):
    ship_run(run, tmp_path / "models", records_only=True)
    assert TrainingRun(ship_run(run, tmp_path / "models")).can_read


def test_a_run_that_is_not_finished_is_not_shipped(run, tmp_path):
    (run.folder / "model.json").unlink()
    with pytest.raises(RunError, match=r"mine has no model\.json"):
        ship_run(run, tmp_path / "models")


def test_a_run_is_not_shipped_onto_itself(run):
    with pytest.raises(RunError, match="mine already lies in runs"):
        ship_run(run, run.folder.parent)
    assert (run.folder / "weights.safetensors").exists()
