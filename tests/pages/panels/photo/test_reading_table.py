import csv
import io

import numpy as np

from pages.panels.frame.page_parts import as_safe_csv
from pages.panels.photo.photo_reader import ReadPhoto
from pages.panels.photo.reading_table import UnreadFile, reading_table


def frame(red: int) -> np.ndarray:
    picture = np.zeros((60, 80, 3), np.uint8)
    picture[..., 0] = red
    return picture


def read(pipeline, name: str, red: int) -> ReadPhoto:
    return ReadPhoto(name, pipeline.read(frame(red)), b"")


def test_a_row_holds_the_answer_box_and_times(colour_pipeline):
    table = reading_table([read(colour_pipeline, "a.png", 150)], [], 0.5)
    row = table.iloc[0]
    assert (row["letter"], row["confidence"]) == ("A", 0.61)
    assert (row["second"], row["second_confidence"]) == ("B", 0.3)
    assert (row["third"], row["third_confidence"]) == ("J", 0.09)
    assert row["hand"] == "Left"
    assert row["right"] - row["left"] == row["bottom"] - row["top"] == 50
    assert row["total_ms"] >= row["detect_ms"] >= 0


def test_no_hand_and_bad_files_are_rows_too(colour_pipeline):
    photos = [read(colour_pipeline, "wall.png", 0)]
    table = reading_table(photos, [UnreadFile("bad.txt", "bad.txt is empty (0 bytes).")], 0.5)
    assert table["note"].tolist() == ["no hand found", "bad.txt is empty (0 bytes)."]
    assert table["letter"].isna().all()


def test_the_csv_reads_back(colour_pipeline):
    photos = [read(colour_pipeline, "a, b.png", 100)]
    rows = list(csv.DictReader(io.StringIO(as_safe_csv(reading_table(photos, [], 0.5)).decode())))
    assert rows[0]["photo"] == "a, b.png"
    assert float(rows[0]["confidence"]) == 0.9


def test_a_file_name_is_no_formula(colour_pipeline):
    photos = [read(colour_pipeline, "=SUM(A1).png", 100)]
    assert b"'=SUM(A1).png" in as_safe_csv(reading_table(photos, [], 0.5))
