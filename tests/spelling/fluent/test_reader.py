"""The shipped reader on hands that are drawn by rule, at any frame rate, with gaps."""

import time

import numpy as np
import pytest

from asl_core.alphabet import LETTERS
from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.letters.motion.trace import resampled
from asl_core.letters.prediction import LetterPrediction
from asl_core.spelling.fluent.model import FluentModel
from asl_core.spelling.fluent.reader import INTERRUPTION_S, FluentReader
from asl_core.spelling.fluent.word_choice import WordChoice
from asl_core.spelling.word_list import known_words

LETTER_S, WAY_S, LAST_S = 0.24, 0.09, 0.7
"""As measured on videos of a skilled signer."""


@pytest.fixture(scope="module")
def model():
    return FluentModel.load()


def spelled(word, rate=30.0, pace=1.0, begins_s=0.0):
    """Times and hands of a word at three letters a second, of typical hands, trembling."""
    hands = [letter_landmarks(c, 640, 480).pixels_3d(640, 480) for c in word]
    knots, rows, now = [], [], begins_s
    for place, hand in enumerate(hands):
        lasts = LAST_S if place == len(hands) - 1 else LETTER_S
        knots += [now, now + lasts / pace]
        rows += [hand, hand]
        now += (lasts + WAY_S) / pace
    times = np.arange(begins_s, knots[-1], 1 / rate)
    points = resampled(np.array(knots), np.stack(rows).astype(np.float32), times)
    return times, points + np.random.default_rng(0).normal(0, 1, points.shape).astype(np.float32)


def read(reader, times, points):
    """Read and give all words, the last one ended by force."""
    words = []
    for time_s, hand in zip(times, points, strict=True):
        reading = reader.update(float(time_s), hand)
        words += [reading.ended] if reading.ended else []
    last = reader.finish().ended
    return [word.text for word in [*words, *([last] if last else [])]]


@pytest.mark.parametrize("word", ["WHALE", "HORSE", "BREAD"])
@pytest.mark.parametrize("rate", [pytest.param(12, marks=pytest.mark.slow), 30])
def test_a_drawn_hand_is_read(model, word, rate):
    assert read(FluentReader(model), *spelled(word, rate)) == [word]


def test_twice_as_fast_is_read_as_well(model):
    assert read(FluentReader(model), *spelled("WHALE", 30, pace=2.0)) == ["WHALE"]


@pytest.mark.slow
def test_a_hand_that_leaves_ends_the_word(model):
    reader = FluentReader(model)
    times, points = spelled("WHALE")
    more, _ = spelled("WHALE", begins_s=times[-1] + 1.2)
    empty = np.arange(times[-1] + 1 / 30, more[0], 1 / 30)
    whole = np.concatenate([times, empty, more])
    hands = [*points, *[None] * len(empty), *points[: len(more)]]
    assert read(reader, whole, hands) == ["WHALE", "WHALE"]


def test_letters_appear_soon_and_stay_once_settled(model):
    reader = FluentReader(model)
    times, points = spelled("WHALE")
    settled = ""
    shown_at: dict[str, float] = {}
    for time_s, hand in zip(times, points, strict=True):
        reading = reader.update(float(time_s), hand)
        settled += "".join(letter.letter for letter in reading.settled)
        word = settled + "".join(letter.letter for letter in reading.unsettled)
        shown_at.setdefault(word, float(time_s))
        assert "WHALE".startswith(settled)
    for place in range(5):
        begins = place * (LETTER_S + WAY_S)
        assert shown_at["WHALE"[: place + 1]] <= begins + 0.1 + 0.4


def test_confidence_and_times_are_told(model):
    reader = FluentReader(model)
    times, points = spelled("WHALE", begins_s=5.0)
    for time_s, hand in zip(times, points, strict=True):
        reader.update(float(time_s), hand)
    word = reader.finish().ended
    assert word is not None
    for letter in word.letters:
        assert 0.5 < letter.confidence <= 1
        assert (len(letter.scores), LETTERS[np.argmax(letter.scores)]) == (26, letter.letter)
        assert 5.0 <= letter.start_s < letter.end_s <= times[-1] + 0.3
    starts = [letter.start_s for letter in word.letters]
    assert starts == sorted(starts)


def test_a_long_pause_of_the_camera_ends_the_word(model):
    reader = FluentReader(model)
    times, points = spelled("WHALE")
    for time_s, hand in zip(times, points, strict=True):
        reader.update(float(time_s), hand)
    reading = reader.update(float(times[-1]) + INTERRUPTION_S + 1, None)
    assert reading.ended is not None and reading.ended.text == "WHALE"
    assert reader.finish().ended is None


@pytest.mark.slow
def test_an_empty_room_and_a_reset_read_nothing(model):
    reader = FluentReader(model)
    assert read(reader, np.arange(0, 20, 0.1), [None] * 200) == []
    times, points = spelled("WHALE")
    for time_s, hand in zip(times, points, strict=True):
        reader.update(float(time_s), hand)
    reader.reset()
    assert reader.finish().ended is None


def test_a_time_that_does_not_rise_changes_nothing(model):
    reader = FluentReader(model)
    times, points = spelled("WHALE")
    for time_s, hand in zip(times, points, strict=True):
        reader.update(float(time_s), hand)
        reader.update(float(time_s), None)
        reader.update(float(time_s) - 0.5, None)
    word = reader.finish().ended
    assert word is not None and word.text == "WHALE"


@pytest.mark.slow
def test_the_picture_recognizer_has_a_say(model):
    """A hand between U and R, of which the recognizer is sure, is first of all what it says."""
    hands = [letter_landmarks(c, 640, 480).pixels_3d(640, 480) for c in "UR"]
    between = ((hands[0] + hands[1]) / 2).astype(np.float32)

    def held(letter):
        shares = np.full(26, 0.001, np.float32)
        shares[ord(letter) - 65] = 0.975
        classes = tuple(chr(65 + i) for i in range(26))
        reader = FluentReader(model)
        for time_s in np.arange(0, 1.2, 1 / 24):
            reader.update(float(time_s), between, False, LetterPrediction(classes, shares))
        word = reader.finish().ended
        return word.text if word else ""

    assert (held("U")[0], held("R")[0]) == ("U", "R")


@pytest.mark.slow
def test_a_suggestion_is_given_at_the_words_end(model):
    reader = FluentReader(model, WordChoice(known_words()))
    times, points = spelled("WHALE")
    for time_s, hand in zip(times, points, strict=True):
        reader.update(float(time_s), hand)
    word = reader.finish().ended
    assert word is not None and (word.text, word.suggestion) == ("WHALE", "WHALE")


@pytest.mark.slow
def test_after_a_minute_of_a_resting_hand_a_frame_costs_what_it_did(model):
    """What is kept of a stream must not grow with it; old and young take turns on one machine."""
    old, young = FluentReader(model), FluentReader(model)
    hand = letter_landmarks("B", 640, 480).pixels_3d(640, 480)
    costs: dict[FluentReader, list[float]] = {old: [], young: []}
    for time_s in np.arange(0, 70, 1 / 15):
        for reader in (old, young) if time_s >= 60 else (old,):
            started = time.process_time()
            reader.update(float(time_s), hand)
            costs[reader].append(time.process_time() - started)
    assert np.median(costs[old][-100:]) < 2 * np.median(costs[young][-100:])
