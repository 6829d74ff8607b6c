"""docs/service.md quotes what the benchmarks wrote, and tells of every setting and refusal."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from asl_core.service.settings import PREFIX, ServiceSettings
from benchmarks import service_load, service_mutations

DOCS = Path(__file__).parents[2] / "docs" / "service.md"
QUOTED = {
    "load": (service_load, service_load.LoadReport),
    "mutations": (service_mutations, service_mutations.MutationReport),
}


@pytest.mark.parametrize(("module", "kind"), QUOTED.values(), ids=QUOTED.keys())
def test_the_docs_quote_the_measured_file(module, kind):
    report = kind(**json.loads(module.REPORT_FILE.read_text(encoding="utf-8")))
    assert module.markdown(report) in DOCS.read_text(encoding="utf-8")


def test_the_load_was_what_the_docs_say():
    report = json.loads(service_load.REPORT_FILE.read_text(encoding="utf-8"))
    assert report["clients"] == 8
    assert report["seconds"] >= 60
    assert list(report["statuses"]) == ["200"]
    assert report["p50_ms"] <= report["p95_ms"] <= report["p99_ms"]


def test_mutated_pictures_did_no_harm():
    report = json.loads(service_mutations.REPORT_FILE.read_text(encoding="utf-8"))
    assert report["pictures"] >= 1000
    assert report["unpromised"] == 0
    assert report["final_mb"] < report["settled_mb"] * 1.05
    assert report["still_reads"] == "B"


def test_every_setting_is_told():
    text = DOCS.read_text(encoding="utf-8")
    for field in fields(ServiceSettings):
        assert f"`{PREFIX}{field.name.upper()}`" in text


def test_every_refusal_is_told(client):
    text = DOCS.read_text(encoding="utf-8")
    document = client.get("/openapi.json").json()
    for status in document["paths"]["/predict"]["post"]["responses"]:
        assert status == "200" or f"\n| {status} " in text
