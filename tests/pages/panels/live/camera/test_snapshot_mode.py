import base64
import io

import numpy as np
import pytest
from PIL import Image

from asl_core.errors import ImageError
from asl_core.frame_speller import StreamReader
from asl_core.letters.prediction import ScoredLabel
from asl_core.live.visit import LiveVisit
from pages.panels.live.camera.snapshot_mode import (
    Snapshot,
    read_picture,
    read_snapshot,
    write_letter,
)


def sent(red: int = 100, **others: object) -> dict[str, object]:
    encoded = io.BytesIO()
    Image.new("RGB", (80, 60), (red, 0, 0)).save(encoded, "JPEG")
    text = base64.b64encode(encoded.getvalue()).decode()
    return {"picture": f"data:image/jpeg;base64,{text}", "number": 1, "by_hand": True, **others}


@pytest.fixture
def visit(colour_pipeline) -> LiveVisit:
    visit = LiveVisit(lambda _: StreamReader(colour_pipeline), 0.7)
    visit.source = "pictures"
    return visit


def picture(red: int) -> np.ndarray:
    frame = np.zeros((60, 80, 3), np.uint8)
    frame[..., 0] = red
    return frame


def test_a_picture_from_the_browser_is_decoded():
    snapshot = read_snapshot(sent(200))
    assert snapshot.frame.shape == (60, 80, 3)
    assert abs(int(snapshot.frame[30, 40, 0]) - 200) < 4
    assert snapshot.by_hand


@pytest.mark.parametrize(
    "broken",
    [
        {},
        "text",
        {"picture": 5},
        {"picture": "data:text/html;base64,PGI+"},
        {"picture": "data:image/jpeg;base64,@@@"},
        {"picture": "data:image/jpeg;base64,PGI+"},
        {"picture": "data:image/jpeg;base64," + "A" * 27_000_000},
    ],
    ids=["empty", "text", "number", "other kind", "no base64", "no jpeg", "too long"],
)
def test_anything_else_is_refused_in_a_sentence(broken):
    with pytest.raises(ImageError):
        read_snapshot(broken)


def test_a_tap_writes_a_sure_letter(visit):
    sentence, marked = read_picture(visit, Snapshot(picture(100), by_hand=True))
    assert (sentence, visit.transcript.text) == ("Wrote A, 90% sure.", "A")
    assert marked[:2] == b"\xff\xd8", "the marked picture is a JPEG"


@pytest.mark.parametrize(
    ("red", "sentence"),
    [
        (150, "Not sure: A with 61%; nothing was written."),
        (200, "J is a movement; a picture cannot show it."),
        (0, "No hand found in this picture."),
    ],
    ids=["unsure", "motion", "no hand"],
)
def test_a_tap_writes_nothing_in_doubt(visit, red, sentence):
    assert read_picture(visit, Snapshot(picture(red), by_hand=True))[0] == sentence
    assert visit.transcript.text == ""


def test_a_picture_by_the_clock_writes_nothing_alone(visit):
    sentence, _ = read_picture(visit, Snapshot(picture(100), by_hand=False))
    assert (sentence, visit.transcript.text) == ("A, 90% sure", "")


def test_pictures_by_the_clock_that_agree_write_one_letter(visit, monkeypatch):
    now = iter(range(0, 100))
    monkeypatch.setattr(LiveVisit, "now_s", property(lambda _: float(next(now))))
    for _ in range(4):
        read_picture(visit, Snapshot(picture(100), by_hand=False))
    assert visit.transcript.text == "A"


def test_classes_that_are_commands_are_carried_out(visit):
    visit.type_letter("A")
    assert write_letter(visit, ScoredLabel("space", 0.9)) == "Done: space."
    assert visit.transcript.text == "A "
    write_letter(visit, ScoredLabel("del", 0.9))
    assert visit.transcript.text == "A"
    assert write_letter(visit, ScoredLabel("nothing", 0.9)) == "No hand found in this picture."
