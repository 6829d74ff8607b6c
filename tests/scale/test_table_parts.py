import csv

import pyarrow.parquet as pq
import pytest

from asl_core.errors import RunError, SettingsError
from asl_core.scale.reading_rows import COLUMNS, ReadingRow
from asl_core.scale.table_parts import TableJob, TableParts, check_table_name

JOB = TableJob("colours", "c0" * 32)


def row(name="a.png", **values):
    return ReadingRow(name, **{"letter": "A", "confidence": 0.9, "certain": True} | values)


@pytest.fixture
def parts(tmp_path):
    return TableParts(tmp_path / "letters.parquet")


def test_parts_become_one_table_in_their_order(parts):
    assert parts.begin(JOB, resume=False) == frozenset()
    parts.add([row("b.png", left=-3), row("a.png")])
    parts.add([ReadingRow("c.png", error="c.png is no picture.")])
    assert parts.join() == 1
    table = pq.read_table(parts.out)
    assert tuple(table.column_names) == COLUMNS
    assert table["path"].to_pylist() == ["b.png", "a.png", "c.png"]
    assert table["left"].to_pylist() == [-3, None, None]
    assert table["error"].to_pylist() == [None, None, "c.png is no picture."]
    assert [path.name for path in parts.out.parent.iterdir()] == ["letters.parquet"]


def test_csv_has_a_header_and_no_formulas(tmp_path):
    parts = TableParts(tmp_path / "letters.csv")
    parts.begin(JOB, resume=False)
    parts.add([row("=cmd|' /C calc'!A0.png", note="two, three\nfour")])
    parts.join()
    with parts.out.open(encoding="utf-8", newline="") as file:
        header, first = csv.reader(file)
    assert tuple(header) == COLUMNS
    values = dict(zip(header, first, strict=True))
    assert values["path"] == "'=cmd|' /C calc'!A0.png"
    assert values["note"] == "two, three\nfour"
    assert (values["confidence"], values["certain"], values["error"]) == ("0.9", "True", "")


def test_what_was_begun_is_gone_on_with_only_when_asked(parts):
    parts.begin(JOB, resume=False)
    parts.add([row("a.png"), row("b.png")])
    with pytest.raises(SettingsError, match="holds pictures that are read already; go on with --"):
        TableParts(parts.out).begin(JOB, resume=False)
    assert TableParts(parts.out).begin(JOB, resume=True) == {"a.png", "b.png"}


def test_another_models_parts_are_not_gone_on_with(parts):
    parts.begin(JOB, resume=False)
    parts.add([row()])
    other = TableJob("colours", "ff" * 32)
    with pytest.raises(SettingsError, match="was read with colours, c0c0c0c0c0c0, and not with"):
        parts.begin(other, resume=True)


def test_half_a_part_does_not_count(parts):
    parts.begin(JOB, resume=False)
    parts.add([row("a.png")])
    (parts.folder / "00000002.partial").write_bytes(b"PAR1")
    assert parts.begin(JOB, resume=True) == {"a.png"}
    parts.add([row("b.png")])
    parts.join()
    assert pq.read_table(parts.out)["path"].to_pylist() == ["a.png", "b.png"]


def test_a_broken_part_is_named(parts):
    parts.begin(JOB, resume=False)
    parts.add([row()])
    broken = parts.parts()[0]
    broken.write_bytes(b"nonsense")
    with pytest.raises(RunError, match=f"{broken.name} is broken"):
        parts.begin(JOB, resume=True)


def test_a_folder_without_pictures_gives_an_empty_table(parts):
    parts.begin(JOB, resume=False)
    assert parts.join() == 0
    assert pq.read_table(parts.out).num_rows == 0


def test_a_table_of_another_form_is_refused(tmp_path):
    check_table_name(tmp_path / "a.CSV")
    with pytest.raises(SettingsError, match=r"letters\.xlsx ends in neither \.parquet nor \.csv\."):
        check_table_name(tmp_path / "letters.xlsx")
