from dataclasses import replace

import numpy as np
import pytest

from asl_core.drawing.overlay import BOX_COLOUR, DOUBT_COLOUR, HELD_COLOUR, ShownLetter
from asl_core.frame_pipeline import FrameReading, StageTimes
from asl_core.hands.crop import CropBox
from asl_core.hands.landmarks import HandDetection, HandLandmarks
from asl_core.letters.prediction import LetterPrediction
from asl_core.live.live_overlay import LetterLabel, draw_live, fitting_end, strip_height
from asl_core.live.snapshot import Spelled
from asl_core.spelling.signs import SpellingState
from asl_core.spelling.transcript import SPACE, CommittedLetter, Transcript

SIZES = pytest.mark.parametrize("size", [(640, 480), (1280, 720)], ids=["480p", "720p"])


def reading_of(width, height, box=None):
    points = np.full((21, 3), 0.2, np.float32)
    points[::2, :2] = 0.3
    detection = HandDetection(HandLandmarks(points), "Right", 0.9)
    box = box or CropBox(width // 8, height // 4, height // 3)
    return FrameReading(width, height, detection, box, None, None, StageTimes(1, 1, 2))


def grey(width, height):
    return np.full((height, width, 3), 150, np.uint8)


def count(picture, colour):
    return int((picture == np.array(colour, np.uint8)).all(axis=2).sum())


def strip_of(picture):
    return picture[-strip_height(picture.shape[0]) :]


@SIZES
def test_words_stand_white_on_their_own_dark_strip(size):
    width, height = size
    bright = np.full((height, width, 3), 255, np.uint8)
    picture = draw_live(bright, reading_of(width, height), None, "HELLO", True)
    strip = strip_of(picture)
    assert np.median(strip) < 100
    written = (strip == 255).all(axis=2)
    assert written.any()
    rows = np.flatnonzero(written.any(axis=1))
    assert len(rows) >= 0.4 * len(strip)
    assert (picture[: height - len(strip), -50:] == 255).all()


@SIZES
def test_long_words_show_their_end(size):
    width, height = size
    reading = reading_of(width, height)
    text = "ABCDEFGHIJ " * 12
    picture = draw_live(grey(width, height), reading, None, text + "END", False)
    other = draw_live(grey(width, height), reading, None, "X" + text[1:] + "END", False)
    assert (strip_of(picture) == strip_of(other)).all()
    last = draw_live(grey(width, height), reading, None, text + "ENT", False)
    assert (strip_of(picture) != strip_of(last)).any()
    pad = 3
    edge = strip_of(picture)[:, -pad:].reshape(-1, 3)
    assert (edge == edge[0]).all(), "the words run over the edge"


def test_what_fits_is_not_cut():
    assert fitting_end("HELLO", 1.0, 2, 500) == "HELLO"
    cut = fitting_end("HELLO WORLD", 1.0, 2, 120)
    assert cut.startswith("...")
    assert "HELLO WORLD".endswith(cut[3:])
    assert 0 < len(cut[3:]) < 8


def test_words_are_not_mirrored_but_the_picture_is():
    frame = grey(640, 480)
    frame[:, :320] = 90
    reading = reading_of(640, 480)
    plain = draw_live(frame, reading, None, "FRL", False)
    mirrored = draw_live(frame, reading, None, "FRL", True)
    assert (plain[0, 0] == 90).all()
    assert (mirrored[0, 0] == 150).all()
    letters_plain = (strip_of(plain) == 255).all(axis=2)
    letters_mirrored = (strip_of(mirrored) == 255).all(axis=2)
    assert letters_plain.any()
    assert (letters_plain == letters_mirrored).all()


def test_without_words_there_is_no_strip():
    picture = draw_live(grey(640, 480), reading_of(640, 480), None, "", False)
    assert (strip_of(picture) == 150).all()


def test_the_frame_itself_is_not_changed():
    frame = grey(640, 480)
    draw_live(frame, reading_of(640, 480), ShownLetter("A", 0.9), "WORD", False)
    assert (frame == 150).all()


@SIZES
def test_the_label_fills_with_the_hold(size):
    width, height = size
    reading = reading_of(width, height)

    def filled(held):
        shown = ShownLetter("A", 0.9, held=held)
        return count(draw_live(grey(width, height), reading, shown, "", True), HELD_COLOUR)

    green = [filled(held) for held in (0.0, 0.25, 0.5, 0.75)]
    assert green[0] == 0
    assert green == sorted(green)
    assert len(set(green)) == 4
    assert filled(1.0) > 1.2 * green[3], "the square turns green too"


def test_an_uncertain_letter_is_grey_and_asks():
    reading = reading_of(640, 480)
    sure = draw_live(grey(640, 480), reading, ShownLetter("A", 0.4), "", False)
    unsure = draw_live(grey(640, 480), reading, ShownLetter("A", 0.4, False), "", False)
    assert count(unsure, DOUBT_COLOUR) > 1000
    assert count(sure, DOUBT_COLOUR) == 0
    assert count(sure, BOX_COLOUR) - count(unsure, BOX_COLOUR) > 1000
    plate_sure = np.flatnonzero((sure[100] != unsure[100]).any(axis=1))
    assert len(plate_sure) > 60, "the question mark widens the label"


def test_the_label_keeps_off_the_words():
    box = CropBox(100, -10, 440)
    reading = reading_of(640, 480, box)
    picture = draw_live(grey(640, 480), reading, ShownLetter("A", 0.9, held=0.99), "WORD", False)
    assert count(strip_of(picture), HELD_COLOUR) == 0
    assert count(picture, HELD_COLOUR) > 1000


def test_without_a_hand_only_words_are_shown():
    reading = FrameReading(640, 480, None, None, None, None, StageTimes(1, 0, 1))
    picture = draw_live(grey(640, 480), reading, None, "WORD", False)
    assert (picture[: -strip_height(480)] == 150).all()
    assert (strip_of(picture) != 150).any()


def test_another_size_is_refused():
    with pytest.raises(ValueError, match="640x480"):
        draw_live(grey(640, 480), reading_of(320, 240), None, "", False)


def named(label):
    """Return a reading of a hand in which `label` has 0.9."""
    classes = ("A", "B", "nothing")
    shares = np.array([0.9 if other == label else 0.05 for other in classes], np.float32)
    return replace(reading_of(640, 480), prediction=LetterPrediction(classes, shares))


def spelled(letter=None, waits_for="hold", committed=()):
    letters = tuple(CommittedLetter(given, 0.0, 0.5, 0.8) for given in committed)
    return Spelled(letters, SpellingState(letter, 0.5, letter, 0.7, waits_for), Transcript())


def test_the_label_is_the_smoothed_letter_with_its_hold():
    shown = LetterLabel().choose(named("A"), spelled("B"), 1.0)
    assert shown == ShownLetter("B", 0.7, True, 0.5)
    assert not LetterLabel().choose(named("A"), spelled("B", "certainty"), 1.0).is_certain


def test_a_letter_that_was_just_written_stays_for_a_moment():
    label = LetterLabel()
    assert label.choose(named("A"), spelled("A", committed="A"), 1.0).held == 1.0
    assert label.choose(named("B"), spelled("B"), 1.3) == ShownLetter("A", 0.8, held=1.0)
    assert label.choose(named("B"), spelled("B"), 1.4).letter == "B"


def test_a_space_is_no_label():
    label = LetterLabel()
    assert label.choose(named("B"), spelled("B", committed=SPACE), 1.0).letter == "B"


def test_without_a_smoothed_letter_the_best_one_is_doubtful():
    shown = LetterLabel().choose(named("A"), spelled(None), 1.0)
    assert (shown.letter, shown.is_certain) == ("A", False)


def test_no_hand_and_the_class_without_a_hand_have_no_label():
    label = LetterLabel()
    assert label.choose(reading_of(640, 480), spelled("A"), 1.0) is None
    assert label.choose(named("nothing"), spelled(None), 1.0) is None
    assert label.choose(named("A"), spelled("nothing"), 1.0) is None


def test_unsettled_letters_follow_the_words_in_grey():
    reading = reading_of(640, 480)
    alone = strip_of(draw_live(grey(640, 480), reading, None, "WHA", True))
    both = strip_of(draw_live(grey(640, 480), reading, None, "WHA", True, "LE"))
    assert count(both, (255, 255, 255)) == count(alone, (255, 255, 255)) > 0
    assert count(alone, (160, 170, 186)) == 0 < count(both, (160, 170, 186))
    assert strip_of(draw_live(grey(640, 480), reading, None, "", True, "LE")).any()


def test_in_natural_spelling_the_current_letter_is_shown_and_a_late_one_does_not_flash():
    shown = named("A")
    late = (CommittedLetter("W", 0.0, 0.2, 0.9),)
    between = Spelled(late, SpellingState(is_natural=True), Transcript(late))
    current = replace(between, state=SpellingState(letter="H", confidence=0.7, is_natural=True))
    assert LetterLabel().choose(shown, between, 1.0) is None
    assert LetterLabel().choose(shown, current, 1.0) == ShownLetter("H", 0.7)
