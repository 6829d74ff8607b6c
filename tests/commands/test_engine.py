"""The option --engine of serve, predict and evaluate; Ray itself is not needed here."""

import csv
import importlib.util

import pytest
from PIL import Image
from typer.testing import CliRunner

from asl_core.__main__ import app
from asl_core.commands.engine import replica_pool
from asl_core.evaluation.measurement import in_processes
from asl_core.scale import opening, ray_session
from asl_core.scale.replica_pool import ReplicaPool
from asl_core.scale.table_parts import TableJob
from asl_core.service.settings import ServiceSettings


@pytest.fixture
def ray_is_there(monkeypatch):
    monkeypatch.setattr(ray_session, "require_ray", lambda: None)


def invoke(*words):
    return CliRunner().invoke(app, [*map(str, words)])


def one_sentence(result):
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    return result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("serve", "--engine", "ray"),
        ("predict", "a.png", "--engine", "ray", "--out", "a.csv"),
        ("evaluate", "stranger-resnet18", "--photos", ".", "--engine", "ray"),
    ],
    ids=["serve", "predict", "evaluate"],
)
def test_without_ray_the_sentence_says_what_to_install(monkeypatch, words):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert one_sentence(invoke(*words)) == (
        "Ray is not installed, which --engine ray needs; get it with: "
        "pip install 'asl-fingerspelling-dashboard[scale]'\n"
    )


ALONE = {
    "replicas": ("serve", "--replicas", "2"),
    "gpus-per-replica": ("serve", "--gpus-per-replica", "0.5"),
    "out": ("predict", "a.png", "--out", "a.csv"),
    "resume": ("predict", "a.png", "--resume"),
    "ray-address": ("evaluate", "stranger-resnet18", "--photos", ".", "--ray-address", "auto"),
}


@pytest.mark.parametrize(("option", "words"), ALONE.items(), ids=ALONE.keys())
def test_an_option_of_ray_without_ray(option, words):
    assert one_sentence(invoke(*words)) == f"--{option} needs --engine ray.\n"


WRONG = {
    "no table": ((), "--engine ray needs --out FILE.parquet or --out FILE.csv."),
    "another form": (("--out", "a.xlsx"), "--out a.xlsx ends in neither .parquet nor .csv."),
    "json": (("--out", "a.csv", "--json"), "--json is not possible with --engine ray."),
    "hand": (("--out", "a.csv", "--hand", "h"), "--hand is not possible with --engine ray."),
    "no folder": (("--out", "gone/a.csv"), "--out gone/a.csv: the folder gone does not exist."),
}


@pytest.mark.parametrize(("words", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_what_no_table_can_be_written_with(ray_is_there, words, sentence):
    assert one_sentence(invoke("predict", "a.png", "--engine", "ray", *words)) == f"{sentence}\n"


def test_replicas_read_with_what_the_service_was_asked_for(ray_is_there):
    settings = ServiceSettings(workers=3, queue_size=7)
    pool = replica_pool("stranger-resnet18", settings, None, 2, 4, 0.25, None)
    assert isinstance(pool, ReplicaPool)
    readers = pool._replicas
    assert readers._settings.deployment_options()["max_queued_requests"] == 7
    assert readers._settings.deployment_options()["autoscaling_config"]["max_replicas"] == 4
    # A share of a GPU is read with in half precision: that is what "cuda" means to a recognizer.
    assert readers._open_recognizer.args == ("stranger-resnet18", "cuda", 3)


def test_replicas_without_a_gpu_stay_on_the_processor(ray_is_there):
    pool = replica_pool("stranger-resnet18", ServiceSettings(), None, None, None, None, None)
    assert pool._replicas._open_recognizer.args[1] == "cpu"


@pytest.fixture
def read_here(monkeypatch, ray_is_there, colour_pipeline):
    """Read with the colour pipeline in this process, in the place of Ray's."""
    from asl_core.scale import ray_spread

    monkeypatch.setattr(ray_spread, "RaySpread", lambda address: in_processes)
    monkeypatch.setattr(opening, "open_photo_pipeline", lambda *_: colour_pipeline)
    monkeypatch.setattr(opening, "job_of", lambda _: TableJob("colours", "c0" * 32))


@pytest.mark.usefixtures("read_here")
def test_a_folder_becomes_a_table(tmp_path):
    photos, out = tmp_path / "photos", tmp_path / "letters.csv"
    photos.mkdir()
    for name, red in (("b", 200), ("a", 100)):
        Image.new("RGB", (80, 40), (red, 0, 0)).save(photos / f"{name}.png")
    words = ("predict", photos, "--engine", "ray", "--out", out, "--workers", 1)
    result = invoke(*words)
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{out}: 2 pictures.\n"
    with out.open(newline="") as file:
        assert [(row["path"], row["letter"]) for row in csv.DictReader(file)] == [
            (str(photos / "a.png"), "A"),
            (str(photos / "b.png"), "J"),
        ]
    again = invoke(*words, "--resume")
    assert again.stdout == f"{out} is complete; without --resume it is read again.\n"


@pytest.mark.usefixtures("read_here")
def test_a_picture_that_cannot_be_read_is_counted(tmp_path):
    (tmp_path / "bad.jpg").write_text("no picture")
    out = tmp_path / "letters.parquet"
    result = invoke("predict", tmp_path, "--engine", "ray", "--out", out, "--workers", 1)
    assert result.exit_code == 1
    assert result.stderr.endswith("1 could not be read; the column error says why.\n")
    assert out.exists()


def test_a_run_travels_by_its_name_and_a_folder_by_its_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    assert opening.travelling_name("stranger-resnet18") == "stranger-resnet18"
    assert opening.travelling_name("mine") == str(tmp_path / "mine")


def test_the_job_of_a_shipped_run_needs_no_network():
    job = opening.job_of("stranger-resnet18")
    assert job.model == "stranger-resnet18"
    assert len(job.model_digest) == 64


def test_a_checkpoint_is_told_by_its_content(tmp_path):
    file = tmp_path / "best.pth"
    file.write_bytes(b"weights")
    first = opening.job_of(str(file))
    file.write_bytes(b"others")
    assert first.model == "best.pth"
    assert opening.job_of(str(file)) != first
