"""The letters and spaces that a signer has committed, and as files: SubRip and CSV."""

from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, Self

from asl_core.alphabet import LETTERS
from asl_core.errors import TranscriptError
from asl_core.records.json_file import build

SPACE = " "
"""The letter of a CommittedLetter that stands between two words."""


@dataclass(frozen=True, slots=True)
class CommittedLetter:
    """One letter A-Z, or a space, with when it was held and how sure the reading was.

    `start_s` and `end_s` are seconds of the stream's clock: when the hold began and when the letter
    was committed. `confidence` is in 0-1; what a person typed or chose has 1.
    """

    letter: str
    start_s: float
    end_s: float
    confidence: float

    def __post_init__(self) -> None:
        if self.letter != SPACE and self.letter not in LETTERS:
            raise ValueError(f"{self.letter!r} is no letter from A to Z and no space")
        if not self.start_s <= self.end_s:
            raise ValueError(f"{self.letter!r} ends at {self.end_s} s, before {self.start_s} s")
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence {self.confidence} of {self.letter!r} is not in 0-1")


@dataclass(frozen=True)
class Word:
    """The letters between two spaces; at least one."""

    letters: tuple[CommittedLetter, ...]

    @property
    def text(self) -> str:
        """The word in capitals."""
        return "".join(letter.letter for letter in self.letters)

    @property
    def start_s(self) -> float:
        """When the first letter began."""
        return self.letters[0].start_s

    @property
    def end_s(self) -> float:
        """When the last letter was committed."""
        return self.letters[-1].end_s


@dataclass(frozen=True)
class Transcript:
    """What was spelled so far; each change returns a new one."""

    letters: tuple[CommittedLetter, ...] = ()

    @classmethod
    def of_text(cls, text: str) -> "Transcript":
        """Return a transcript of letters A-Z and spaces whose times are not known, all at 0.

        Raises:
            TranscriptError: there is something else in `text`.
        """
        transcript = cls()
        for sign in text:
            try:
                transcript = transcript.with_letter(CommittedLetter(sign, 0.0, 0.0, 1.0))
            except ValueError:
                raise TranscriptError(f"{sign!r} is no letter from A to Z.") from None
        return transcript

    @cached_property
    def text(self) -> str:
        """All letters and spaces, in capitals."""
        return "".join(letter.letter for letter in self.letters)

    @property
    def word(self) -> str:
        """The unfinished last word; empty after a space."""
        return self.text.rpartition(SPACE)[2]

    @property
    def last_word(self) -> str:
        """The last word, whether a space follows it or not."""
        return self.text.rstrip(SPACE).rpartition(SPACE)[2]

    @property
    def words(self) -> tuple[Word, ...]:
        """The words in order, each with its letters."""
        words: list[Word] = []
        begun: list[CommittedLetter] = []
        for letter in (*self.letters, None):
            if letter is not None and letter.letter != SPACE:
                begun.append(letter)
            elif begun:
                words.append(Word(tuple(begun)))
                begun = []
        return tuple(words)

    @property
    def takes_space(self) -> bool:
        """Whether a space may follow: never at the start and never a second one."""
        return bool(self.letters) and self.letters[-1].letter != SPACE

    def with_letter(self, letter: CommittedLetter) -> "Transcript":
        """Return the transcript with one letter more; a leading or second space changes nothing."""
        if letter.letter == SPACE and not self.takes_space:
            return self
        return Transcript((*self.letters, letter))

    def without_last(self) -> "Transcript":
        """Return the transcript without its last letter or space; an empty one stays empty."""
        return Transcript(self.letters[:-1])

    def before(self, later: "Transcript", gap_s: float) -> "Transcript":
        """Return these letters and then those of `later`, which keep their times.

        These are moved so that the last one ends `gap_s` seconds before `later` begins.
        """
        if not (self.letters and later.letters):
            return Transcript(self.letters + later.letters)
        shift_s = later.letters[0].start_s - gap_s - self.letters[-1].end_s
        moved = (
            replace(letter, start_s=letter.start_s + shift_s, end_s=letter.end_s + shift_s)
            for letter in self.letters
        )
        return Transcript((*moved, *later.letters))

    def with_last_word(self, word: str, time_s: float) -> "Transcript":
        """Return the transcript with the last word written as `word`; a space after it stays.

        Letters that stay keep their times and confidence; the others take the times of the letter
        at their place, further ones the end of the old word. Where there is no word, the new one is
        added at `time_s`.

        Raises:
            TranscriptError: `word` is empty or holds something else than A to Z.
        """
        if not word or not set(word) <= set(LETTERS):
            raise TranscriptError(f"{word!r} is no word of the letters A to Z.")
        spoken = len(self.text.rstrip(SPACE))
        start = spoken - len(self.last_word)
        old, tail = self.letters[start:spoken], self.letters[spoken:]
        end_s = old[-1].end_s if old else time_s
        further = (CommittedLetter(letter, end_s, end_s, 1.0) for letter in word[len(old) :])
        kept = (
            was if was.letter == letter else CommittedLetter(letter, was.start_s, was.end_s, 1.0)
            for letter, was in zip(word, old, strict=False)
        )
        return Transcript((*self.letters[:start], *kept, *further, *tail))

    def as_json(self) -> dict[str, Any]:
        """Return `{"text", "letters": [{"letter", "start_s", "end_s", "confidence"}]}`."""
        return {"text": self.text, "letters": [asdict(letter) for letter in self.letters]}

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """Read back what `as_json` gave; the letters count, not the text.

        Raises:
            TranscriptError: the values are something else.
        """
        if not isinstance(values, dict):
            raise TranscriptError(f"A transcript is an object, not {type(values).__name__}.")
        if "letters" not in values:
            raise TranscriptError("The transcript is broken: letters is missing.")
        try:
            return build(cls, {key: value for key, value in values.items() if key != "text"})
        except ValueError as error:
            raise TranscriptError(f"The transcript is broken: {error}.") from None


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
