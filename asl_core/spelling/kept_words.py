"""A transcript as the short text that a visitor's browser keeps: about 12 characters a letter."""

import json
from itertools import accumulate
from typing import Any

from asl_core.errors import TranscriptError
from asl_core.spelling.transcript import CommittedLetter, Transcript

_STEPS_A_SECOND = 100
_STEPS_OF_SURENESS = 100


def packed(transcript: Transcript) -> str:
    """Return `{"text", "ends", "lasts", "sure"}` as JSON, with one whole number for each letter.

    `ends` holds the hundredths of a second from one letter's end to the next one's, the first from
    the stream's beginning; `lasts` how long each was held, `sure` its confidence in percent.
    """
    ends = [round(letter.end_s * _STEPS_A_SECOND) for letter in transcript.letters]
    values = {
        "text": transcript.text,
        "ends": [now - before for before, now in zip([0, *ends], ends, strict=False)],
        "lasts": [round((x.end_s - x.start_s) * _STEPS_A_SECOND) for x in transcript.letters],
        "sure": [round(letter.confidence * _STEPS_OF_SURENESS) for letter in transcript.letters],
    }
    return json.dumps(values, separators=(",", ":"))


def unpacked(text: str) -> Transcript:
    """Read what `packed` wrote, or the JSON of `Transcript.as_json`, which browsers kept before.

    Raises:
        TranscriptError: it is something else.
    """
    try:
        values = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        raise TranscriptError("The kept words are no JSON.") from None
    if isinstance(values, dict) and "letters" in values:
        return Transcript.from_json(values)
    try:
        return Transcript(tuple(_letters(values)))
    except (LookupError, TypeError, ValueError, OverflowError) as error:
        raise TranscriptError(f"The kept words are broken: {error}.") from None


def _letters(values: Any) -> list[CommittedLetter]:
    numbers = [values[name] for name in ("ends", "lasts", "sure")]
    if not all(type(number) is int for column in numbers for number in column):
        raise ValueError("a number is not whole")
    ends, lasts, sure = numbers
    return [
        CommittedLetter(
            letter,
            (end - held) / _STEPS_A_SECOND,
            end / _STEPS_A_SECOND,
            share / _STEPS_OF_SURENESS,
        )
        for letter, end, held, share in zip(
            values["text"], accumulate(ends), lasts, sure, strict=True
        )
    ]
