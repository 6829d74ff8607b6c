"""The photo screen with fakes: a photo's red value says what is read in it."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from asl_core.letters.prediction import LetterPrediction, ScoredLabel


def png(red: int, size=(80, 60)) -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", size, (red, 0, 0)).save(encoded, "PNG")
    return encoded.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def bomb() -> bytes:
    """Return a PNG of a few bytes that says it is 20,000 x 20,000 pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 20000, 20000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.fixture
def reader(colour_pipeline, made_up, monkeypatch):
    """Return the screen a reader with the colour pipeline in place of MediaPipe and network."""
    import pages.panels.photo.photo_reader as home
    from asl_core.letters.model_file import Calibration
    from pages.panels.photo import sample_hands

    class FakeReader(home.PhotoReader):
        def __init__(self, pipeline):
            self._pipeline, self.recognizer = pipeline, pipeline.recognizer
            self._lock = home.threading.Lock()

    colour_pipeline.recognizer.calibration = Calibration(rejection_threshold=0.7)
    fake = FakeReader(colour_pipeline)
    monkeypatch.setattr(home, "shared_reader", lambda folder: fake)
    # The fake reads plain colours only, so the drawn hands are plain colours too.
    monkeypatch.setattr(sample_hands, "sample_picture", lambda letter: png(100))
    return fake


@pytest.fixture
def screen(reader, open_screen):
    return open_screen("read/photo.py")


def upload(screen, *files: tuple[str, bytes]):
    screen.file_uploader[0].set_value([(name, data, "image/png") for name, data in files])
    screen.run()
    assert not screen.exception
    return screen


def test_without_a_model_it_says_which_command_trains_one(runs_folder, open_screen):
    screen = open_screen("read/photo.py")
    assert screen.code[0].value == "python -m asl_core train --photos DIR --name my-run"
    assert not screen.file_uploader


def test_a_run_without_model_file_is_named(made_up, open_screen):
    (made_up / "stranger-resnet18/model.json").unlink()
    screen = open_screen("read/photo.py")
    assert any("stranger-resnet18 has no model.json" in m.value for m in screen.markdown)


def test_one_photo_shows_letter_and_the_first_three(screen):
    upload(screen, ("hand.png", png(100)))
    letter = next(m for m in screen.metric if m.label == "Letter")
    assert (letter.value, letter.delta) == ("A", "90.0% sure")
    assert [p.text for p in screen.get("progress")] == [
        "**A** · 90.0%",
        "**B** · 6.0%",
        "**J** · 4.0%",
    ]
    assert not screen.dataframe
    assert any("finding the hand" in c.value for c in screen.caption)
    assert any("left hand, 90%" in m.value for m in screen.markdown)


def test_an_unsure_letter_is_called_uncertain(screen):
    upload(screen, ("hand.png", png(150)))
    assert "Uncertain: 61% is below the 70%" in screen.warning[0].value


def test_a_sure_letter_has_no_warning(screen):
    assert not upload(screen, ("hand.png", png(100))).warning


def test_a_motion_letter_is_explained(screen):
    upload(screen, ("hand.png", png(200)))
    assert screen.warning[0].value.startswith("J is drawn in the air")


def test_without_a_hand_it_says_so_and_names_no_letter(screen):
    upload(screen, ("wall.png", png(0)))
    assert "No hand found" in screen.info[0].value
    assert not [m for m in screen.metric if m.label == "Letter"]
    assert any("Hold still" in m.value for m in screen.markdown)


def test_disagreeing_views_and_several_hands_are_told(screen, reader, monkeypatch):
    import dataclasses

    detect = reader._pipeline.detector.detect
    monkeypatch.setattr(
        reader._pipeline.detector,
        "detect",
        lambda frame, at=0: dataclasses.replace(detect(frame), hands_seen=2),
    )
    answer = LetterPrediction(
        ("A", "B", "J"),
        np.array([0.9, 0.06, 0.04], np.float32),
        ScoredLabel("A", 0.8),
        ScoredLabel("B", 0.7),
    )
    monkeypatch.setattr(reader._pipeline.recognizer, "recognize", lambda hands: [answer])
    warnings = [w.value for w in upload(screen, ("hand.png", png(100))).warning]
    assert "the picture alone says A (80%), the hand's 21 points alone say B (70%)" in warnings[0]
    assert warnings[1] == "2 hands are in the picture; the largest one was read."


BAD_FILES = {
    "not an image": (b"hello, I am text", "is not a picture"),
    "zero bytes": (b"", "is empty (0 bytes)"),
    "truncated": (png(100, (400, 300))[:300], "damaged or cut short"),
    "bomb": (bomb(), "at most 64 megapixels are read"),
}


@pytest.mark.parametrize(("data", "words"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_gives_one_sentence_and_the_others_go_on(screen, data, words):
    upload(screen, ("bad.png", data), ("good.png", png(100)))
    assert len(screen.error) == 1
    assert words in screen.error[0].value
    assert "bad.png" in screen.error[0].value
    table = screen.dataframe[0].value
    assert table["photo"].tolist() == ["good.png", "bad.png"]
    assert table["letter"].tolist()[0] == "A"


def test_many_photos_give_a_table_and_pages_of_cards(screen):
    upload(screen, *((f"{n}.png", png(100, (80 + n, 60))) for n in range(7)))
    assert len(screen.dataframe[0].value) == 7
    assert len(screen.download_button) == 1
    assert len([m for m in screen.metric if m.label == "Letter"]) == 5
    screen.pagination[0].set_value(2).run()
    assert len([m for m in screen.metric if m.label == "Letter"]) == 2


def test_two_files_of_one_name_are_both_listed(screen):
    upload(screen, ("a.png", b""), ("a.png", b"text"), ("a.png", png(100)))
    assert len(screen.error) == 2
    assert len(screen.dataframe[0].value) == 3


def test_good_photos_of_one_name_are_both_shown(screen):
    upload(screen, ("IMG_0001.JPG", png(100)), ("IMG_0001.JPG", png(200)))
    letters = [m.value for m in screen.metric if m.label == "Letter"]
    assert sorted(letters) == ["A", "J"]


def test_what_is_still_given_is_read_once_however_many_there_are(screen, reader, monkeypatch):
    names = []
    read = reader.read

    def counted(name, frame, note=None):
        names.append(name)
        return read(name, frame, note)

    monkeypatch.setattr(reader, "read", counted)
    upload(screen, *((f"{n}.png", png(100, (80 + n, 60))) for n in range(120)))
    assert len(names) == 120
    screen.pagination[0].set_value(2).run()
    screen.pagination[0].set_value(24).run()
    assert len(names) == 120


def test_photos_that_are_taken_away_are_forgotten(screen):
    upload(screen, *((f"{n}.png", png(100)) for n in range(3)))
    upload(screen, ("other.png", png(100)))
    assert len(screen.session_state["kept_readings"]._outcomes) == 1


def test_of_an_animated_picture_the_page_says_that_the_first_was_read(screen):
    encoded = io.BytesIO()
    more = [Image.new("RGB", (80, 60), (200, 0, 0))]
    Image.new("RGB", (80, 60), (100, 0, 0)).save(encoded, "WEBP", save_all=True, append_images=more)
    upload(screen, ("wave.webp", encoded.getvalue()))
    assert [i.value for i in screen.info] == [
        "wave.webp holds 2 pictures; only the first was read."
    ]


def test_each_ending_that_is_read_is_taken(screen):
    types = screen.file_uploader[0].proto.type
    assert {".jfif", ".gif", ".tif", ".jpg", ".mp4", ".ts"} <= set(types)


def test_a_broken_model_gives_a_sentence(made_up, open_screen):
    screen = open_screen("read/photo.py")
    upload(screen, ("hand.png", png(100)))
    assert "stranger-resnet18/model.json has schema None" in screen.error[0].value


def test_a_sample_is_read_with_one_click_and_uploads_take_its_place(screen):
    screen.button(key="sample_V").click().run()
    assert not screen.exception
    assert any("Drawn hand V" in m.value for m in screen.markdown)
    upload(screen, ("hand.png", png(100)))
    assert not any("Drawn hand V" in m.value for m in screen.markdown)


def test_the_camera_is_asked_for_only_on_demand(screen):
    assert not screen.camera_input
    screen.segmented_control(key="photo_way").set_value("Take a photo").run()
    screen.camera_input[0].set_value(("camera.jpg", png(200), "image/jpeg")).run()
    assert next(m for m in screen.metric if m.label == "Letter").value == "J"
