"""Videos on the photo screen; greys stand for letters, so that no model is needed."""

import json
import tempfile
from pathlib import Path

import pytest

from asl_core.errors import ModelFileError
from asl_core.file_kinds import is_video
from pages.panels.photo import video_reader
from pages.panels.photo.video_transcript import letter_table


@pytest.fixture
def screen(made_up, open_screen, monkeypatch, grey_speller, tmp_path):
    """The photo screen with a fake in place of detector and network, and a folder for files."""
    from asl_core.spelling.settings import settings_of

    kept = tmp_path / "kept"
    kept.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(kept))
    wishes = []

    def open_fake(wish):
        wishes.append(wish)
        return grey_speller(settings_of(wish.speed))

    monkeypatch.setattr(video_reader, "open_speller", open_fake)
    screen = open_screen("read/photo.py")
    screen.kept, screen.wishes = kept, wishes
    return screen


def give(screen, *paths: Path):
    files = [(path.name, path.read_bytes(), "video/mp4") for path in paths]
    screen.file_uploader[0].set_value(files)
    screen.run()
    assert not screen.exception
    return screen


def texts(screen):
    return [html.body for html in screen.get("html")]


def downloads(screen):
    return {button.label: button for button in screen.download_button}


def test_a_video_shows_text_letters_and_downloads(screen, grey_video):
    give(screen, grey_video("-CAB"))
    assert not screen.error
    assert any(">CAB</div>" in text for text in texts(screen))
    table = screen.dataframe[0].value
    assert table["letter"].tolist() == ["C", "A", "B"]
    assert table["from_s"].tolist() == sorted(table["from_s"])
    assert table["confidence"].between(0.5, 1).all()
    assert list(downloads(screen)) == ["JSON", "CSV", "Subtitles (SubRip)"]
    assert any("hand in 72" in caption.value for caption in screen.caption)
    assert len(screen.get("video")) == 1


def test_the_temporary_file_is_gone(screen, grey_video):
    give(screen, grey_video("A"))
    assert list(screen.kept.iterdir()) == []


def test_it_is_read_once_and_again_for_another_speed(screen, grey_video):
    give(screen, grey_video("A"))
    screen.run()
    assert [wish.speed for wish in screen.wishes] == ["standard"]
    speeds = screen.segmented_control(key="video_speed")
    assert speeds.options == ["Beginner", "Standard", "Fluent", "Fast", "Natural"]
    speeds.set_value("Fluent").run()
    assert [wish.speed for wish in screen.wishes] == ["standard", "fluent"]


def test_two_videos_of_one_name_are_both_read(screen, grey_video, tmp_path):
    first, second = grey_video("A", "first.mp4"), grey_video("B", "second.mp4")
    files = [("IMG_0001.MOV", path.read_bytes(), "video/quicktime") for path in (first, second)]
    screen.file_uploader[0].set_value(files).run()
    assert not screen.exception
    assert [text for text in texts(screen) if ">A</div>" in text or ">B</div>" in text]
    assert len(screen.dataframe) == 2


def test_more_than_eight_videos_are_read_once(screen, grey_video):
    give(screen, *(grey_video("-", f"{n}.mp4") for n in range(10)))
    screen.run()
    assert len(screen.wishes) == 10


def test_a_bad_video_is_tried_once(screen, tmp_path, monkeypatch):
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"no video")
    give(screen, bad)
    screen.run()
    assert [error.value for error in screen.error] == [
        "bad.mp4 is not a video that can be read (MP4, MOV, WebM, MKV, AVI), or it is damaged."
    ]
    assert len(screen.session_state["video_results"]) == 1


BAD = {
    "foreign": (b"hello, I am text", "is not a video that can be read"),
    "empty": (b"", "is empty (0 bytes)"),
}


@pytest.mark.parametrize(("data", "words"), BAD.values(), ids=BAD)
def test_a_bad_video_is_one_sentence_and_the_others_go_on(
    screen, grey_video, tmp_path, data, words
):
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(data)
    give(screen, bad, grey_video("AB", "good.mp4"))
    assert len(screen.error) == 1
    assert screen.error[0].value.startswith("bad.mp4 ")
    assert words in screen.error[0].value
    assert any(">AB</div>" in text for text in texts(screen))
    assert list(screen.kept.iterdir()) == []


def test_a_cut_short_video_says_so_beside_its_letters(screen, grey_video):
    path = grey_video("ABCD", "spelling.webm")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    give(screen, path)
    assert any(">AB</div>" in text for text in texts(screen))
    assert any("spelling.webm is cut short" in info.value for info in screen.info)


def test_a_video_without_a_hand_says_so(screen, grey_video):
    give(screen, grey_video("--"))
    assert any("No hand was found in spelling.mp4." in info.value for info in screen.info)
    assert not screen.dataframe
    assert not screen.download_button


def test_a_broken_model_is_a_sentence(screen, grey_video, monkeypatch):
    def fail(wish):
        raise ModelFileError("weights.safetensors is missing.")

    monkeypatch.setattr(video_reader, "open_speller", fail)
    give(screen, grey_video("A"))
    assert screen.error[0].value == "weights.safetensors is missing."


def test_a_video_that_was_stopped_can_be_read_again(screen, grey_video):
    path = grey_video("A")
    give(screen, path)
    (key,) = screen.session_state["video_results"]
    screen.session_state["video_results"] = {}
    screen.session_state["video_stopped"] = {key}
    screen.run()
    assert "stopped" in screen.info[0].value
    screen.button(key=f"again_{key}").click().run()
    assert any(">A</div>" in text for text in texts(screen))


def test_what_progress_raises_frees_the_place_the_file_and_the_detector(
    grey_video, grey_speller, monkeypatch, tmp_path
):
    import io

    kept = tmp_path / "kept"
    kept.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(kept))
    speller = grey_speller()
    monkeypatch.setattr(video_reader, "open_speller", lambda wish: speller)
    monkeypatch.setattr(video_reader, "_SHOW_EVERY_S", 0.0)
    upload = io.BytesIO(grey_video("AB").read_bytes())
    upload.name = "spelling.mp4"
    told = []

    def stop(share, text):
        told.append((share, text))
        if len(told) == 30:
            raise KeyboardInterrupt

    places = video_reader._places()
    before = places._value
    with pytest.raises(KeyboardInterrupt):
        video_reader.read_video(video_reader.VideoWish(upload, tmp_path, "standard"), stop)
    assert places._value == before
    assert list(kept.iterdir()) == []
    with pytest.raises(ValueError, match="closed"):
        speller.read(None, 9.0)
    assert told[-1][1] == "Read 0:01 of 0:02 · **A**"
    assert told[-1][0] == pytest.approx(0.6, abs=0.05)


def test_endings_tell_videos_from_photos():
    assert [is_video(name) for name in ("a.MP4", "b.mov", "c.gif", "d.jpg", "mp4")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_the_table_names_spaces(grey_video, grey_speller):
    from asl_core.transcription import transcribe
    from asl_core.video_file import open_video

    with open_video(grey_video("A B")) as video:
        result = transcribe(video, grey_speller())
    table = letter_table(result)
    assert table["letter"].tolist() == ["A", "space", "B"]
    assert json.loads(table.to_json(orient="records"))[2]["letter"] == "B"


def test_a_video_that_is_spelled_naturally_has_a_reader_without_holds(monkeypatch):
    given: dict[str, object] = {}
    monkeypatch.setattr(video_reader, "shared_recognizer", lambda folder: "recognizer")
    monkeypatch.setattr(video_reader, "natural_reader", lambda: "reader")
    monkeypatch.setattr(video_reader, "video_speller", lambda *a, **b: given.update(b, by=a[0]))
    video_reader.open_speller(video_reader.VideoWish(None, Path("run"), "natural"))
    assert given == {"by": "recognizer", "motion": None, "reader": "reader"}
