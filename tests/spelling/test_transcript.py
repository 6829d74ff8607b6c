import csv
import io
import json

import pytest

from asl_core.errors import TranscriptError
from asl_core.spelling.transcript import CommittedLetter, Transcript, as_csv, as_subrip


def spelled(text):
    """Letter i is held from i to i + 0.5 s with confidence 0.9."""
    return Transcript(tuple(CommittedLetter(c, i, i + 0.5, 0.9) for i, c in enumerate(text)))


@pytest.mark.parametrize(
    ("text", "word", "last_word", "words"),
    [
        ("", "", "", []),
        ("HI", "HI", "HI", ["HI"]),
        ("HI ", "", "HI", ["HI"]),
        ("HI YOU", "YOU", "YOU", ["HI", "YOU"]),
        ("A B C ", "", "C", ["A", "B", "C"]),
    ],
)
def test_text_and_words(text, word, last_word, words):
    transcript = spelled(text)
    assert (transcript.text, transcript.word, transcript.last_word) == (text, word, last_word)
    assert [w.text for w in transcript.words] == words


def test_a_word_knows_its_times():
    word = spelled("HI YOU").words[1]
    assert (word.start_s, word.end_s) == (3, 5.5)


def test_earlier_letters_are_dated_before_the_later_ones():
    earlier = Transcript((CommittedLetter("H", 70, 71, 0.9), CommittedLetter("I", 72, 73, 0.8)))
    later = Transcript((CommittedLetter("S", 5, 6, 0.7),))
    joined = earlier.before(later, gap_s=1)
    times = [(letter.letter, letter.start_s, letter.end_s) for letter in joined.letters]
    assert times == [("H", 1, 2), ("I", 3, 4), ("S", 5, 6)]
    assert earlier.before(Transcript(), gap_s=1) == earlier
    assert Transcript().before(later, gap_s=1) == later


@pytest.mark.parametrize(("text", "after"), [("", ""), ("A", "A "), ("A ", "A ")])
def test_a_space_never_leads_and_never_doubles(text, after):
    assert spelled(text).with_letter(CommittedLetter(" ", 9, 9, 1.0)).text == after


def test_json_is_exact_and_reads_back():
    transcript = spelled("A ")
    values = transcript.as_json()
    assert values == {
        "text": "A ",
        "letters": [
            {"letter": "A", "start_s": 0, "end_s": 0.5, "confidence": 0.9},
            {"letter": " ", "start_s": 1, "end_s": 1.5, "confidence": 0.9},
        ],
    }
    assert Transcript.from_json(json.loads(json.dumps(values))) == transcript


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ([], "list"),
        (None, "NoneType"),
        ({"text": "A"}, "letters is missing"),
        ({"letters": [{"letter": "A"}]}, r"letters\[0\].*is missing"),
        ({"letters": [{"letter": "é", "start_s": 0, "end_s": 1, "confidence": 1}]}, "é"),
        ({"letters": [{"letter": "A", "start_s": 2, "end_s": 1, "confidence": 1}]}, "ends at 1"),
        ({"letters": [{"letter": "A", "start_s": 0, "end_s": 1, "confidence": 7}]}, "7"),
        ({"letters": [], "more": 1}, "more"),
    ],
)
def test_broken_json_is_refused_with_its_value(values, named):
    with pytest.raises(TranscriptError, match=named):
        Transcript.from_json(values)


class TestReplacingTheLastWord:
    def test_keeps_what_stays(self):
        before = spelled("A HELO")
        after = before.with_last_word("HELLO", 99.0)
        assert after.text == "A HELLO"
        assert after.letters[:5] == before.letters[:5]
        assert after.letters[5] == CommittedLetter("L", 5, 5.5, 1.0)
        assert after.letters[6] == CommittedLetter("O", 5.5, 5.5, 1.0)

    def test_may_shorten(self):
        assert spelled("HELLP").with_last_word("HELP", 0).text == "HELP"

    def test_leaves_a_space_after_it(self):
        assert spelled("A TEH ").with_last_word("THE", 0).text == "A THE "

    def test_adds_a_word_to_nothing(self):
        (letter,) = Transcript().with_last_word("I", 4.0).letters
        assert letter == CommittedLetter("I", 4.0, 4.0, 1.0)

    @pytest.mark.parametrize("word", ["", "A B", "it", "É", "A1"])
    def test_takes_only_letters(self, word):
        with pytest.raises(TranscriptError, match="no word"):
            spelled("A").with_last_word(word, 0)


def test_deleting_from_nothing_changes_nothing():
    assert Transcript().without_last() == Transcript()


def transcript(*letters):
    return Transcript(tuple(CommittedLetter(*letter) for letter in letters))


HI_YOU = transcript(
    ("H", 1.25, 2.05, 0.9),
    ("I", 2.5, 3.3004, 0.91234),
    (" ", 3.5, 4.5, 1.0),
    ("Y", 3661.0, 3661.8, 0.8),
    ("O", 3662.0, 3662.8, 1.0),
    ("U", 3663.0, 3663.8, 0.875),
)


def test_subrip_is_exact():
    assert as_subrip(HI_YOU) == (
        "1\n00:00:01,250 --> 00:00:03,300\nHI\n\n2\n01:01:01,000 --> 01:01:03,800\nYOU\n"
    )


def test_csv_is_exact():
    assert as_csv(transcript(("H", 1.25, 2.0, 0.9), (" ", 3.5, 4.5, 1.0))) == (
        'letter,start_s,end_s,confidence\r\n"H",1.250,2.000,0.900\r\n" ",3.500,4.500,1.000\r\n'
    )


def test_csv_reads_back():
    rows = list(csv.DictReader(io.StringIO(as_csv(HI_YOU), newline="")))
    assert "".join(row["letter"] for row in rows) == "HI YOU"
    assert float(rows[1]["confidence"]) == 0.912


def test_times_are_from_the_origin():
    shifted = transcript(("A", 1000.5, 1002.0, 0.9))
    assert as_subrip(shifted, origin_s=1000.0).splitlines()[1] == "00:00:00,500 --> 00:00:02,000"
    assert as_csv(shifted, origin_s=1000.0).splitlines()[1] == '"A",0.500,2.000,0.900'
    assert as_subrip(shifted, origin_s=1001.0).splitlines()[1] == "00:00:00,000 --> 00:00:01,000"


@pytest.mark.parametrize(
    ("following_s", "end"),
    [(9.0, "00:00:02,000"), (1.7, "00:00:01,700"), (1.3, "00:00:01,500"), (0.5, "00:00:02,000")],
    ids=["alone", "cut by the next", "never cut itself", "clock started anew"],
)
def test_a_short_word_stays_a_second_or_until_the_next(following_s, end):
    words = transcript(
        ("I", 1.0, 1.5, 0.9), (" ", 1.5, 1.5, 1.0), ("A", following_s, following_s + 1, 0.9)
    )
    assert as_subrip(words).splitlines()[1] == f"00:00:01,000 --> {end}"


def test_nothing_spelled():
    assert as_subrip(Transcript()) == ""
    assert as_csv(Transcript()) == "letter,start_s,end_s,confidence\r\n"


def test_a_trailing_space_is_no_cue():
    assert as_subrip(transcript(("A", 0, 1, 1.0), (" ", 1, 2, 1.0))).count("-->") == 1


def test_rounding_carries_over():
    assert (
        as_subrip(transcript(("A", 59.9996, 61.0, 1.0))).splitlines()[1].startswith("00:01:00,000")
    )
