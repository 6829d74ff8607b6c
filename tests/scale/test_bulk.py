"""Bulk reading with the colour pipeline, in this process: Ray only spreads it."""

import os
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from PIL import Image

from asl_core.evaluation.measurement import in_processes
from asl_core.photo_reading import PictureResult
from asl_core.scale import bulk
from asl_core.scale.bulk import BulkPicture, BulkWork, read_to_table
from asl_core.scale.reading_rows import ReadingRow, path_text, row_of
from asl_core.scale.table_parts import TableJob, TableParts

JOB = TableJob("colours", "c0" * 32)


@pytest.fixture
def pictures(tmp_path):
    made = []
    for number, red in enumerate((100, 150, 0, 200, 100)):
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (80, 40), (red, 0, 0)).save(path)
        made.append(BulkPicture.of(path, None))
    return made


@pytest.fixture
def work(colour_pipeline):
    return BulkWork(lambda: colour_pipeline, in_processes, 1)


@pytest.fixture
def parts(tmp_path):
    return TableParts(tmp_path / "letters.parquet")


def test_every_picture_has_a_row(pictures, work, parts, tmp_path, monkeypatch):
    monkeypatch.setattr(bulk, "PART_ROWS", 2)
    (tmp_path / "bad.jpg").write_text("no picture")
    pictures += [
        BulkPicture.of(tmp_path / "bad.jpg", None),
        BulkPicture.of(tmp_path / "gone.png", "gone.png does not exist."),
    ]
    seen = []
    outcome = read_to_table(
        pictures, work, parts, JOB, progress=lambda done, total: seen.append((done, total))
    )
    assert (outcome.read, outcome.before, outcome.errors) == (7, 0, 2)
    assert seen == [(done, 7) for done in range(8)]
    table = pq.read_table(parts.out)
    assert table["path"].to_pylist() == [str(picture.path) for picture in pictures]
    assert table["letter"].to_pylist() == ["A", "A", "nothing", "J", "A", None, None]
    assert table["error"].to_pylist()[5:] == [
        "bad.jpg is not a picture that can be read (JPEG, PNG, WebP, HEIC).",
        "gone.png does not exist.",
    ]


def test_after_a_break_only_the_rest_is_read(pictures, work, parts, monkeypatch):
    monkeypatch.setattr(bulk, "PART_ROWS", 2)

    def breaks(load, read, entries, workers):
        for number, entry in enumerate(entries):
            if number == 3:
                raise KeyboardInterrupt
            yield read(load(), entry)

    with pytest.raises(KeyboardInterrupt):
        read_to_table(pictures, replace(work, spread=breaks), parts, JOB)
    read = []

    def counts(load, read_one, entries, workers):
        for entry in entries:
            read.append(entry.path.name)
            yield read_one(load(), entry)

    outcome = read_to_table(pictures, replace(work, spread=counts), parts, JOB, resume=True)
    assert read == ["3.png", "4.png"]
    assert (outcome.read, outcome.before) == (2, 3)
    assert pq.read_table(parts.out)["path"].to_pylist() == [str(p.path) for p in pictures]


def test_no_more_than_a_part_of_rows_is_held(work, parts, monkeypatch, tmp_path):
    monkeypatch.setattr(bulk, "PART_ROWS", 10)
    taken = []

    def spread(load, read, entries, workers):
        for number, _ in enumerate(entries, 1):
            taken.append(number - 10 * len(parts.parts()))
            yield ReadingRow(f"{number}")

    many = [BulkPicture.of(tmp_path / f"{number}.png", None) for number in range(95)]
    read_to_table(many, replace(work, spread=spread), parts, JOB)
    assert max(taken) == 10
    assert len(set(pq.read_table(parts.out)["path"].to_pylist())) == 95


def test_a_row_has_what_json_has(pictures, colour_pipeline):
    row = bulk.read_row(colour_pipeline, pictures[1])
    assert (row.letter, row.confidence, row.certain) == ("A", 0.61, False)
    assert (row.second, row.second_confidence, row.third) == ("B", 0.3, "J")
    assert (row.hand, row.hands_seen) == ("Left", 1)
    assert (row.left, row.top, row.right, row.bottom) == (10, -5, 60, 45)
    assert (row.width, row.height) == (80, 40)
    assert (row.model, row.model_version, row.model_digest) == ("colours", "1.2.3", "c0" * 32)
    assert row.decode_ms and row.decode_ms > 0
    assert row.error is None


def test_names_that_are_not_utf8_stay_different(colour_pipeline):
    names = [Path(os.fsdecode(name)) for name in (b"caf\xe9.png", b"caf\xe8.png")]
    rows = [row_of(PictureResult(n, None, "?"), colour_pipeline.recognizer) for n in names]
    assert [row.path for row in rows] == ["caf\\xe9.png", "caf\\xe8.png"]
    assert path_text(Path("é.png")) == "é.png"
