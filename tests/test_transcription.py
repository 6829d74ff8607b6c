"""Videos of plain greys that stand for letters; one of real photos where they are at hand."""

import csv
import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from asl_core import images
from asl_core.benchmark.frames import fit_frame
from asl_core.errors import ModelFileError, VideoError
from asl_core.letters.motion.letter import MotionLetter
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.records.training_run import SHIPPED_RUN, named_run
from asl_core.spelling.settings import FLUENT, SpellingSettings
from asl_core.transcription import (
    NO_MOTION,
    Progress,
    shipped_motion_model,
    transcribe,
    video_speller,
)
from asl_core.video_file import open_video

GREY_STEP = 9  # as in tests/conftest.py
TEST_PHOTOS = Path(__file__).parents[2] / "shared" / "photos" / "test"


class FakeMotion:
    """Reads one Z at a time of the stream."""

    is_tracing = False

    def __init__(self, z_at_s=np.inf):
        self.z_at_s, self.seen = z_at_s, 0

    def update(self, time_s, points, is_left):
        self.seen += 1
        if time_s < self.z_at_s:
            return None
        self.z_at_s = np.inf
        return MotionLetter("Z", time_s - 0.6, time_s, 0.97)

    def reset(self):
        pass


@pytest.fixture
def read(grey_speller):
    def read_it(path, motion=None, on_progress=lambda progress: None, **settings):
        speller = grey_speller(motion=motion or FakeMotion(), **settings)
        with open_video(path) as video:
            return transcribe(video, speller, on_progress)

    return read_it


def test_words_with_a_double_letter_and_a_space(grey_video, read):
    result = read(grey_video("-BO-OK CAB"))
    assert result.text == "BOOK CAB"
    assert [letter.letter for letter in result.letters] == list("BOOK CAB")
    assert result.notes == ()


def test_times_are_those_of_the_video(grey_video, read):
    result = read(grey_video("-AB"))
    first, second = result.letters
    assert first.start_s == pytest.approx(0.4, abs=0.1)
    assert first.end_s == pytest.approx(1.2, abs=0.15)
    assert second.start_s == pytest.approx(1.6, abs=0.15)
    assert second.end_s == pytest.approx(2.4, abs=0.2)
    assert result.video_s == pytest.approx(2.75, abs=0.01)
    assert (result.frames, result.hand_frames) == (56, 48)


def test_a_hand_lowered_at_the_end_adds_no_space(grey_video, read):
    assert read(grey_video("AB ")).text == "AB"


def test_the_speed_decides_how_long_a_letter_is_held(grey_video, read):
    slow = read(grey_video("A"))
    fast = read(grey_video("A"), settings=FLUENT)
    assert slow.letters[0].end_s - fast.letters[0].end_s == pytest.approx(0.3, abs=0.06)


def write_greys(path, signs):
    """Write one frame for each (grey place, milliseconds) and let it stand so long."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4" if path.suffix == ".mp4" else "libvpx", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        time_ms = 0
        for place, lasts_ms in [*signs, (0, 40)]:
            picture = np.full((48, 64, 3), place * GREY_STEP, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = time_ms, Fraction(1, 1000)
            container.mux(stream.encode(frame))
            time_ms += lasts_ms
        container.mux(stream.encode())
    return path


STANDING = {
    "three frames of 1.5 s": ([(1, 1500), (2, 1500), (3, 1500)], "ABC"),
    "just long enough": ([(1, 850), (2, 850)], "AB"),
    "too short to be held": ([(1, 700), (2, 700)], ""),
    "a letter in two frames": ([(1, 500), (1, 500), (2, 900)], "AB"),
    "no hand for long": ([(1, 1500), (0, 1500), (2, 1500)], "A B"),
    "longer than a gap": ([(1, 6000), (2, 9000)], "AB"),
}


@pytest.mark.parametrize("ending", ["mp4", "webm"])
@pytest.mark.parametrize(("signs", "text"), STANDING.values(), ids=STANDING)
def test_a_frame_that_stands_is_held_as_long(tmp_path, read, ending, signs, text):
    result = read(write_greys(tmp_path / f"a.{ending}", signs))
    assert result.text == text
    if not text:
        assert result.notes == (
            "A hand was seen in a." + ending + ", but no letter was held for 0.8 s.",
        )


CASES = Path(__file__).parents[2] / "shared" / "cases"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hflip_matrix_L.mp4", "L"),
        ("joined_LB.ts", "LB"),
        ("vfr_LBW_3frames.mp4", "LBW"),
        ("two_streams.mkv", "L"),
    ],
)
def test_odd_files_that_people_have(name, text):
    if not CASES.is_dir():
        pytest.skip("../shared/cases is not here")
    speller = video_speller(LetterRecognizer.load(named_run(SHIPPED_RUN).folder, "cpu"), None)
    with open_video(CASES / name) as video:
        result = transcribe(video, speller)
    speller.close()
    assert result.text == text
    assert result.notes == (NO_MOTION,)


def test_json_has_text_and_letters(grey_video, read):
    values = read(grey_video("A B")).as_json()
    assert list(values) == ["text", "letters"]
    assert values["text"] == "A B"
    assert [list(letter) for letter in values["letters"]] == [
        ["letter", "start_s", "end_s", "confidence"]
    ] * 3
    first = values["letters"][0]
    assert first["letter"] == "A"
    assert 0 <= first["start_s"] < first["end_s"] == round(first["end_s"], 3)
    assert 0.5 < first["confidence"] <= 1


def test_csv_has_a_row_for_each_letter(grey_video, read):
    rows = list(csv.DictReader(io.StringIO(read(grey_video("A B")).as_csv())))
    assert [row["letter"] for row in rows] == ["A", " ", "B"]
    assert float(rows[0]["end_s"]) < float(rows[2]["start_s"])


def test_subrip_has_a_cue_for_each_word(grey_video, read):
    lines = read(grey_video("-AB C")).as_srt().splitlines()
    assert [lines[i] for i in (0, 2, 4, 6)] == ["1", "AB", "2", "C"]
    assert lines[1].startswith("00:00:00,")
    assert " --> 00:00:0" in lines[1]


def test_progress_rises_to_the_end_and_shows_the_text(grey_video, read):
    seen: list[Progress] = []
    result = read(grey_video("AB"), on_progress=seen.append)
    assert len(seen) == result.frames == seen[-1].frames
    shares = [progress.share for progress in seen if progress.share is not None]
    assert len(shares) == len(seen)
    assert shares == sorted(shares)
    assert shares[-1] > 0.95
    assert [seen[0].text, seen[-1].text] == ["", "AB"]


class StopError(Exception):
    pass


def test_what_progress_raises_ends_the_reading(grey_video, read):
    seen = []

    def stop(progress):
        seen.append(progress)
        if len(seen) == 5:
            raise StopError

    with pytest.raises(StopError):
        read(grey_video("ABC"), on_progress=stop)
    assert len(seen) == 5


def test_a_motion_letter_is_spelled(grey_video, read):
    motion = FakeMotion(z_at_s=1.5)
    result = read(grey_video("-A-D"), motion)
    assert result.text.startswith("AZ")
    assert motion.seen == result.frames


def test_without_a_motion_model_it_says_so(grey_video, grey_speller):
    with open_video(grey_video("A")) as video:
        result = transcribe(video, grey_speller())
    assert (result.text, result.notes) == ("A", (NO_MOTION,))


def test_a_missing_motion_model_is_none_and_a_broken_one_an_error(tmp_path):
    assert shipped_motion_model(tmp_path / "nothing") is None
    with pytest.raises(ModelFileError):
        shipped_motion_model(tmp_path)


NOTES = {
    "no hand": ("- -", "No hand was found in spelling.mp4."),
    "no letter": ("A-B", "A hand was seen in spelling.mp4, but no letter was held for 2 s."),
}


@pytest.mark.parametrize(("word", "sentence"), NOTES.values(), ids=NOTES)
def test_an_empty_result_is_explained(grey_video, read, word, sentence):
    result = read(grey_video(word), settings=SpellingSettings(hold_seconds=2.0))
    assert (result.text, result.notes) == ("", (sentence,))


def test_a_video_cut_short_keeps_what_was_read(grey_video, read):
    path = grey_video("ABCD", "spelling.webm")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    result = read(path)
    assert result.text == "AB"
    assert result.notes[0].startswith("spelling.webm is cut short: ")


def test_a_foreign_file_is_one_sentence(tmp_path, read):
    path = tmp_path / "notes.mp4"
    path.write_text("hello")
    with pytest.raises(VideoError, match=r"^notes.mp4 is not a video"):
        read(path)


def photo_video(path, signer, word, fps=10):
    """Hold a photo of each letter for 1.2 s; at the start and the end is an empty scene."""
    empty = np.full((480, 640, 3), 205, np.uint8)
    noise = np.random.default_rng(0)
    photos = [sorted((TEST_PHOTOS / signer / letter).glob("*.webp"))[0] for letter in word]
    shown = [empty] * 4
    for photo in photos:
        shown += [fit_frame(images.read(photo))] * round(1.2 * fps)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", fps)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for picture in [*shown, *[empty] * 3]:
            grainy = picture.astype(int) + noise.integers(-3, 4, picture.shape)
            grainy = grainy.clip(0, 255).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grainy, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.mark.slow
@pytest.mark.shared
def test_a_word_of_an_unseen_signer_is_read_exactly(tmp_path):
    from asl_core.letters.recognizer import LetterRecognizer
    from asl_core.records.training_run import named_run
    from asl_core.transcription import video_speller

    if not TEST_PHOTOS.is_dir():
        pytest.skip("needs ../shared/photos")
    recognizer = LetterRecognizer.load(named_run("stranger-resnet18").folder)
    speller = video_speller(recognizer, shipped_motion_model())
    path = photo_video(tmp_path / "word.mp4", "evriel_1", "BLACK")
    with open_video(path) as video:
        result = transcribe(video, speller)
    speller.close()
    assert result.text == "BLACK"
    starts = [letter.start_s for letter in result.letters]
    assert starts == pytest.approx([0.4, 1.6, 2.8, 4.0, 5.2], abs=0.5)
