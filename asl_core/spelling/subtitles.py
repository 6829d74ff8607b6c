"""What was spelled, as files with times: SubRip for players, CSV for tables."""

from asl_core.spelling.transcript import Transcript

SHORTEST_CUE_MS = 1000
"""A word stays on the screen for at least a second, unless the next one begins."""

CSV_HEADER = "letter,start_s,end_s,confidence"


def as_subrip(transcript: Transcript, origin_s: float = 0.0) -> str:
    """Return SubRip text, one numbered cue for each word, lines ending with a line feed.

    A cue is shown from the start of the word's first hold until its last letter was committed.
    Times are from `origin_s`, the stream's clock at the start of the video; earlier ones count as
    0. Empty where nothing was spelled.
    """
    words = transcript.words
    starts = [_milliseconds(word.start_s - origin_s) for word in words]
    cues = []
    for number, word in enumerate(words, 1):
        start = starts[number - 1]
        spoken = max(_milliseconds(word.end_s - origin_s), start + 1)
        end = max(spoken, start + SHORTEST_CUE_MS)
        if number < len(words) and starts[number] > start:
            end = min(end, max(spoken, starts[number]))
        cues.append(f"{number}\n{_clock(start)} --> {_clock(end)}\n{word.text}\n")
    return "\n".join(cues)


def as_csv(transcript: Transcript, origin_s: float = 0.0) -> str:
    """Return CSV text (RFC 4180) with one row for each letter and space, and a header.

    Times are seconds from `origin_s`, confidence is in 0-1, each with three decimals. The letter is
    quoted, so that a space is seen as one.
    """
    rows = [
        f'"{letter.letter}",{letter.start_s - origin_s:.3f},{letter.end_s - origin_s:.3f},'
        f"{letter.confidence:.3f}"
        for letter in transcript.letters
    ]
    return "".join(f"{row}\r\n" for row in (CSV_HEADER, *rows))


def _milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1000))


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02},{rest:03}"
