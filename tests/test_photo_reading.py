from pathlib import Path

from PIL import Image

from asl_core.photo_reading import public_line, read_picture, read_pictures


def test_a_picture_is_read_and_its_time_told(colour_pipeline, tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGB", (80, 40), (200, 0, 0)).save(path)
    result = read_picture(colour_pipeline, path)
    assert result.reading.prediction.best.label == "J"
    assert result.decode_ms > 0
    assert public_line(result, colour_pipeline.recognizer).path == str(path)


def test_what_cannot_be_read_is_a_sentence_and_the_rest_goes_on(colour_pipeline, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_text("no picture")
    results = list(
        read_pictures(
            colour_pipeline, [(Path("gone.png"), "gone.png does not exist."), (bad, None)]
        )
    )
    assert results[0].error == "gone.png does not exist."
    assert results[1].error.startswith("bad.jpg is not a picture")
    assert public_line(results[1], colour_pipeline.recognizer).error == results[1].error
