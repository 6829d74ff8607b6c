import json
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import numpy as np
import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from asl_core import public_reading
from asl_core.__main__ import app
from asl_core.commands import predict as predict_module
from asl_core.frame_pipeline import FrameReading, StageTimes
from asl_core.hands.crop import WholeFrame
from asl_core.letters.prediction import LetterPrediction
from asl_core.public_reading import FileError, FileReading, PublicReading, json_schema
from asl_core.service.http_service import create_service
from asl_core.service.settings import ServiceSettings

DOCS = Path(__file__).parents[1] / "docs"


def frame_of(red):
    return np.full((40, 80, 3), (red, 0, 0), np.uint8)


@pytest.fixture
def read(colour_pipeline):
    """Read a picture of one red value into the public form."""

    def read_it(red, decode_ms=1.234):
        reading = colour_pipeline.read(frame_of(red))
        return PublicReading.of(reading, colour_pipeline.recognizer, decode_ms)

    return read_it


def answers_schema():
    return {**json_schema(), "anyOf": [{"$ref": "#/$defs/PublicReading"}]}


def test_every_field_of_a_reading(colour_pipeline):
    reading = replace(colour_pipeline.read(frame_of(150)), ms=StageTimes(2.0, 3.001, 5.004))
    values = PublicReading.of(reading, colour_pipeline.recognizer, 1.234).model_dump()
    hand = values.pop("hand")
    assert values == {
        "schema_version": 1,
        "prediction": "A",
        "confidence": 0.61,
        "certain": False,
        "top": [
            {"label": "A", "confidence": 0.61},
            {"label": "B", "confidence": 0.3},
            {"label": "J", "confidence": 0.09},
        ],
        "whole_picture": False,
        "box": (10, -5, 60, 45),
        "picture": {"width": 80, "height": 40},
        "ms": {"decode": 1.23, "detect": 2.0, "classify": 3.0, "total": 6.24},
        "model": "colours",
        "model_version": "1.2.3",
        "model_digest": "c0" * 32,
        "notes": [],
    }
    assert (hand["handedness"], hand["score"], hand["hands_seen"]) == ("Left", 0.9, 1)
    assert len(hand["landmarks"]) == 21
    assert hand["landmarks"][2] == (0.12346, 0.5, 0.5)


def test_at_the_threshold_a_letter_is_certain(read):
    assert read(100).certain is True
    assert read(150).certain is False


def test_without_a_hand_nothing_is_guessed(read):
    reading = read(0)
    assert (reading.prediction, reading.confidence, reading.certain) == ("nothing", 0.0, False)
    assert (reading.hand, reading.box, reading.top) == (None, None, [])


def test_a_model_of_whole_pictures_has_a_box_and_no_hand(colour_pipeline):
    prediction = LetterPrediction(("A", "nothing"), np.array([0.25, 0.75], np.float32))
    reading = FrameReading(
        80, 40, None, WholeFrame(80, 40), frame_of(0), prediction, StageTimes(0, 1, 1)
    )
    public = PublicReading.of(reading, colour_pipeline.recognizer, 0.0)
    assert (public.whole_picture, public.hand, public.box) == (True, None, (0, 0, 80, 40))
    assert (public.prediction, public.confidence) == ("nothing", 0.75)


def test_what_of_the_file_was_not_read_is_noted(colour_pipeline):
    reading = colour_pipeline.read(frame_of(100))
    note = "wave.gif holds 3 pictures; only the first was read."
    public = PublicReading.of(reading, colour_pipeline.recognizer, 0.0, note)
    assert public.notes == [note]


def test_a_confidence_a_hair_above_one_is_one(colour_pipeline, read):
    prediction = LetterPrediction(("A", "B"), np.array([1.0000001, 0.0], np.float32))
    reading = replace(colour_pipeline.read(frame_of(100)), prediction=prediction)
    assert PublicReading.of(reading, colour_pipeline.recognizer, 0.0).confidence == 1.0


def test_a_field_that_is_not_known_is_refused(read):
    with pytest.raises(ValidationError, match="mood"):
        PublicReading(**{**dict(read(100)), "mood": "fine"})


def test_the_published_schema_is_the_one_of_the_code():
    """Write it anew with: python -m asl_core.public_reading > docs/reading.schema.json."""
    published = json.loads((DOCS / "reading.schema.json").read_text(encoding="utf-8"))
    assert published == json_schema()
    jsonschema_rs.meta.validate(published)


def test_the_schema_refuses_what_is_no_reading(read):
    line = json.loads(FileReading.of_file("a.png", read(100)).model_dump_json())
    validator = jsonschema_rs.validator_for(json_schema())
    assert validator.is_valid(line)
    assert validator.is_valid(json.loads(FileError(path="a.png", error="Empty.").model_dump_json()))
    for spoilt in (
        {**line, "mood": "fine"},
        {**line, "schema_version": 2},
        {**line, "confidence": 1.5},
        {**line, "notes": None},
        {name: value for name, value in line.items() if name != "path"},
        {"path": "a.png"},
    ):
        assert not validator.is_valid(spoilt), spoilt


@pytest.mark.slow
def test_command_line_and_service_give_the_same_form(
    tmp_path, monkeypatch, colour_pipeline, wait_until
):
    """The same pictures by both ways: each fits the schema, and they differ in path and times."""
    from contextlib import contextmanager

    from fastapi.testclient import TestClient
    from PIL import Image

    @contextmanager
    def opened(run, device, hand=None):
        yield colour_pipeline

    monkeypatch.setattr(predict_module, "open_pipeline", opened)
    pictures = [tmp_path / f"{red}.png" for red in (100, 150, 0)]
    for path in pictures:
        Image.fromarray(frame_of(int(path.stem))).save(path)
    more = [Image.fromarray(frame_of(200))]
    pictures.append(tmp_path / "The image")  # what the service calls each picture
    Image.fromarray(frame_of(100)).save(pictures[-1], "TIFF", save_all=True, append_images=more)
    printed = CliRunner().invoke(app, ["predict", *map(str, pictures), "--json"]).stdout
    lines = [json.loads(line) for line in printed.splitlines()]

    warm_up = (256, 256, 3)
    detect = colour_pipeline.detector.detect
    monkeypatch.setattr(
        colour_pipeline.detector,
        "detect",
        lambda frame, timestamp_ms=0: None if frame.shape == warm_up else detect(frame),
    )
    service = create_service(
        ServiceSettings(workers=1, requests_per_second=0),
        lambda: colour_pipeline.recognizer,
        lambda: colour_pipeline.detector,
    )
    with TestClient(service.api) as client:
        wait_until(lambda: service.pool.state == "ready")
        answers = [
            client.post("/predict", files={"image": path.read_bytes()}).json() for path in pictures
        ]

    for line, answer, path in zip(lines, answers, pictures, strict=True):
        jsonschema_rs.validate(json_schema(), line)
        jsonschema_rs.validate(answers_schema(), answer)
        assert line.pop("path") == str(path)
        assert list(line.pop("ms")) == list(answer.pop("ms"))
        assert line == answer
    assert [len(answer["notes"]) for answer in answers] == [0, 0, 0, 1]


def test_the_service_document_has_the_same_schema(colour_pipeline):
    service = create_service(ServiceSettings(), lambda: None, lambda: None)
    promised = service.api.openapi()["components"]["schemas"]
    for name, schema in json_schema()["$defs"].items():
        if name in ("FileReading", "FileError"):
            continue
        # OpenAPI looks for parts elsewhere in its document.
        expected = json.loads(json.dumps(schema).replace("#/$defs/", "#/components/schemas/"))
        assert promised[name] == expected


def test_the_docs_name_every_field():
    text = (DOCS / "reading.md").read_text(encoding="utf-8")
    for name in public_reading.PublicReading.model_fields:
        assert f'"{name}"' in text, name
