"""Sequences are read once, frame by frame, and what is wrong is counted."""

import pytest

from asl_core.errors import PhotoSetError
from asl_core.evaluation.fluent.measure import (
    Measurement,
    ShownWord,
    edit_distance,
    folder_sequences,
    measured,
)
from asl_core.spelling.fluent.reading import FluentLetter, FluentReading, FluentWord
from asl_core.spelling.fluent.sequence import SpelledFrame, SpelledSequence


class FakeReader:
    """Reads a letter a frame, ends a word with each frame without a hand, knows one word."""

    def __init__(self, letters):
        self._left = list(letters)
        self._word = []

    letters = ()

    def update(self, time_s, points, is_left, prediction):
        if points is not None:
            self._word.append(FluentLetter(self._left.pop(0), time_s, time_s, 1.0))
            return FluentReading()
        return FluentReading(ended=self._end())

    def finish(self):
        return FluentReading(ended=self._end())

    def _end(self):
        word, self._word = tuple(self._word), []
        known = {"BER": "BEAR"}
        text = "".join(letter.letter for letter in word)
        return FluentWord(word, known.get(text)) if word else None


def frames(pattern):
    return [SpelledFrame(0.1 * i, i if c == "x" else None) for i, c in enumerate(pattern)]


def report(*cases):
    readers = [FakeReader(letters) for _, _, letters in cases]
    sequences = [
        SpelledSequence(f"{i}.npz", kind, "anna", text, frames("x" * len(letters) + "-"))
        for i, (kind, text, letters) in enumerate(cases)
    ]
    return measured(sequences, lambda: readers.pop(0), Measurement("m", "folder", "command"))


def test_what_was_read_and_what_was_suggested_are_both_scored():
    found = report(("video", "BEAR", "BER"), ("video", "LION", "LION"))
    assert (found.cer, found.suggested_cer, found.right) == (1 / 8, 0.0, 1)
    assert found.as_answer() == {
        "cer": 0.125,
        "words_right": 1,
        "sequences": [
            {"file": "0.npz", "text": "BEAR", "read": "BER", "errors": 1, "letters": 4},
            {"file": "1.npz", "text": "LION", "read": "LION", "errors": 0, "letters": 4},
        ],
    }
    assert found.as_answer(with_words=True)["words_right"] == 2


def test_kinds_are_added_up_apart():
    found = report(("video", "BER", "BER"), ("rest", "", "MM"))
    rest, video = found.groups
    assert (rest.kind, rest.letters, rest.added) == ("rest", 0, 2)
    assert rest.added_per_minute == pytest.approx(2 / (0.2 / 60))
    assert (video.right, video.bent, video.signers) == (1, 1, 1)


def test_several_words_are_read_as_one_row_of_letters():
    reader = FakeReader("BERAB")
    sequence = SpelledSequence("a", "a", "", "BERAB", frames("xxx-xx-"))
    assert measured([sequence], lambda: reader, Measurement("m", "f", "c")).right == 1


@pytest.mark.parametrize(
    "shown, read, edits", [("", "", 0), ("ABC", "", 3), ("KITTEN", "SITTING", 3), ("AB", "BA", 2)]
)
def test_edit_distance(shown, read, edits):
    assert edit_distance(shown, read) == edits


def test_a_folder_without_sequences_is_refused(tmp_path):
    with pytest.raises(PhotoSetError, match="holds no landmark sequence"):
        list(folder_sequences(tmp_path, lambda: None))


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PhotoSetError, match="nowhere"):
        list(folder_sequences(tmp_path / "nowhere", lambda: None))


def test_a_video_without_a_text_is_refused(tmp_path):
    (tmp_path / "123.mp4").touch()
    with pytest.raises(PhotoSetError, match=r"123\.mp4"):
        list(folder_sequences(tmp_path, lambda: None))


def _signed(text, starts):
    return [FluentLetter(c, s, s + 0.1, 1.0) for c, s in zip(text, starts, strict=True)]


def test_the_lag_runs_until_a_letter_is_shown_for_good():
    shown = ShownWord()
    shown.show(_signed("B", [0.0]), 0.3)
    shown.show(_signed("BA", [0.0, 0.4]), 0.6)
    shown.show(_signed("BE", [0.0, 0.4]), 0.7)
    shown.show(_signed("BEA", [0.0, 0.4, 0.8]), 1.0)
    assert shown.lags_s(FluentWord(tuple(_signed("BEAR", [0.0, 0.4, 0.8, 1.2])))) == (0.3, 0.3, 0.2)


def test_a_letter_that_gives_way_to_another_has_only_the_later_ones_time():
    shown = ShownWord()
    shown.show(_signed("AB", [0.0, 0.3]), 0.5)
    shown.show(_signed("EB", [0.0, 0.3]), 0.9)
    assert shown.lags_s(FluentWord(tuple(_signed("EB", [0.0, 0.3])))) == (0.9, 0.6)


def test_the_next_word_has_lags_of_its_own():
    shown = ShownWord()
    shown.show(_signed("A", [0.0]), 0.4)
    shown.lags_s(FluentWord(tuple(_signed("A", [0.0]))))
    shown.show(_signed("A", [2.0]), 2.2)
    assert shown.lags_s(FluentWord(tuple(_signed("A", [2.0])))) == (0.2,)
