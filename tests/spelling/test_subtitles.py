import csv
import io

import pytest

from asl_core.spelling.subtitles import as_csv, as_subrip
from asl_core.spelling.transcript import CommittedLetter, Transcript


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
