"""What a learner has done, as a strict JSON text that lives with the learner alone."""

import json
import math
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from asl_core.alphabet import LETTERS
from asl_core.errors import ProgressError
from asl_core.practice.text_measures import TextSums
from asl_core.records.json_file import build

Skill = Literal["sign", "read"]

SKILLS: tuple[Skill, ...] = ("sign", "read")

SCHEMA_VERSION = 1
MOST_CHARACTERS = 200_000
"""Of the JSON text; one with every confusion there can be and a full list of days is shorter."""

MASTERED_STREAK = 4
"""A letter is mastered when it was right so many times in a row."""

_MOST_DAYS = 600
_LARGEST_COUNT = 10_000_000
_LEFT_OUT = ""
"""The answer of a learner who left a letter out."""


@dataclass(frozen=True)
class LetterCard:
    """When a letter is due again: the state of its FSRS card, times in ISO 8601 with UTC offset."""

    state: int
    step: int | None
    stability: float | None
    difficulty: float | None
    due: str
    last_review: str | None

    def __post_init__(self) -> None:
        for name in ("due", "last_review"):
            value = getattr(self, name)
            if value is not None and _moment(value) is None:
                raise ValueError(f"{name} is {value[:40]!r}, no time with UTC offset")
        if self.state not in (1, 2, 3):
            raise ValueError(f"state is {self.state}; known are 1 to 3")
        if self.step is not None and not 0 <= self.step <= 20:
            raise ValueError(f"step is {self.step}; allowed are 0 to 20")
        for name, most in (("stability", 1e6), ("difficulty", 10.0)):
            number = getattr(self, name)
            if number is not None and not 0 < number <= most:
                raise ValueError(f"{name} is {number}; allowed is up to {most:g}")


@dataclass(frozen=True)
class LetterRecord:
    """How often a letter was asked and right at the first try, and how many times in a row.

    `right_seconds` is the sum over the `timed` right ones.
    """

    skill: Skill
    letter: str
    asked: int = 0
    right: int = 0
    streak: int = 0
    timed: int = 0
    right_seconds: float = 0.0
    card: LetterCard | None = None

    def __post_init__(self) -> None:
        if self.letter not in LETTERS:
            raise ValueError(f"letter is {self.letter[:20]!r}, none from A to Z")
        if not 0 <= self.timed <= self.right <= self.asked <= _LARGEST_COUNT:
            raise ValueError(f"the counts of {self.letter} do not fit each other")
        if not 0 <= self.streak <= self.right:
            raise ValueError(f"streak of {self.letter} is {self.streak}, right {self.right}")
        if not 0 <= self.right_seconds <= 1e9:
            raise ValueError(f"right_seconds of {self.letter} is {self.right_seconds}")

    @property
    def is_mastered(self) -> bool:
        """Whether it was right MASTERED_STREAK times in a row."""
        return self.streak >= MASTERED_STREAK

    @property
    def mean_seconds(self) -> float | None:
        """Seconds of a right answer in a timed round, None without one."""
        return self.right_seconds / self.timed if self.timed else None


@dataclass(frozen=True)
class Confusion:
    """How often `letter` was answered with `answer`, which is the same letter where it was right.

    An empty answer is a letter that was left out.
    """

    skill: Skill
    letter: str
    answer: str
    count: int

    def __post_init__(self) -> None:
        if self.letter not in LETTERS or self.answer not in (*LETTERS, _LEFT_OUT):
            raise ValueError(f"{self.letter[:20]!r} read as {self.answer[:20]!r} are no letters")
        if not 0 < self.count <= _LARGEST_COUNT:
            raise ValueError(f"count of {self.letter} as {self.answer} is {self.count}")


@dataclass(frozen=True)
class PracticeDay:
    """The rounds of one day, ISO date, in one skill."""

    day: str
    skill: Skill
    sums: TextSums

    def __post_init__(self) -> None:
        try:
            date.fromisoformat(self.day)
        except ValueError:
            raise ValueError(f"day is {self.day[:40]!r}, no date") from None
        counts = [value for name, value in asdict(self.sums).items() if name != "seconds"]
        if not all(0 <= count <= _LARGEST_COUNT for count in counts):
            raise ValueError(f"the sums of {self.day} are out of range")
        if not (math.isfinite(self.sums.seconds) and 0 <= self.sums.seconds <= 1e9):
            raise ValueError(f"seconds of {self.day} is {self.sums.seconds}")


@dataclass(frozen=True)
class Progress:
    """All that is kept of a learner; each change returns a new one."""

    letters: tuple[LetterRecord, ...] = ()
    confusions: tuple[Confusion, ...] = ()
    days: tuple[PracticeDay, ...] = ()
    schema_version: int = field(default=SCHEMA_VERSION)

    def __post_init__(self) -> None:
        for name, keys in (
            ("letters", [(entry.skill, entry.letter) for entry in self.letters]),
            ("confusions", [(c.skill, c.letter, c.answer) for c in self.confusions]),
            ("days", [(entry.day, entry.skill) for entry in self.days]),
        ):
            if len(set(keys)) != len(keys):
                raise ValueError(f"{name} has an entry twice")

    @property
    def is_empty(self) -> bool:
        """Whether nothing was practised yet."""
        return not (self.letters or self.days)

    def record(self, skill: Skill, letter: str) -> LetterRecord:
        """Return what is known of a letter, an empty record where it was never asked."""
        for entry in self.letters:
            if (entry.skill, entry.letter) == (skill, letter):
                return entry
        return LetterRecord(skill, letter)

    def mastered(self, skill: Skill) -> tuple[str, ...]:
        """Return the letters that are mastered, in the order of the alphabet."""
        found = {e.letter for e in self.letters if e.skill == skill and e.is_mastered}
        return tuple(letter for letter in LETTERS if letter in found)

    def sums(self, skill: Skill) -> TextSums:
        """Add up all days of a skill."""
        return sum((d.sums for d in self.days if d.skill == skill), TextSums())

    def with_record(self, record: LetterRecord) -> "Progress":
        """Put a letter's record in the place of the old one."""
        key = (record.skill, record.letter)
        others = [entry for entry in self.letters if (entry.skill, entry.letter) != key]
        return replace(self, letters=(*others, record))

    def with_confusion(self, skill: Skill, letter: str, answer: str) -> "Progress":
        """Count one answer."""
        key = (skill, letter, answer)
        count, others = 1, []
        for entry in self.confusions:
            if (entry.skill, entry.letter, entry.answer) == key:
                count += entry.count
            else:
                others.append(entry)
        return replace(self, confusions=(*others, Confusion(*key, count)))

    def with_round(self, skill: Skill, day: date, sums: TextSums) -> "Progress":
        """Add a round to a day; the oldest days are forgotten in the end."""
        name, others = day.isoformat(), []
        for entry in self.days:
            if (entry.day, entry.skill) == (name, skill):
                sums = entry.sums + sums
            else:
                others.append(entry)
        days = sorted([*others, PracticeDay(name, skill, sums)], key=lambda e: (e.day, e.skill))
        return replace(self, days=tuple(days[-_MOST_DAYS:]))

    def as_text(self) -> str:
        """Return the JSON text, without line breaks."""
        return json.dumps(asdict(self), allow_nan=False, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> "Progress":
        """Read back what `as_text` gave.

        Raises:
            ProgressError: it is too long, of another version, or no progress at all.
        """
        if len(text) > MOST_CHARACTERS:
            raise ProgressError(
                f"The progress has {len(text):,} characters; {MOST_CHARACTERS:,} are allowed."
            )
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            raise ProgressError("This is no progress of practice: it is not JSON.") from None
        if not isinstance(values, dict) or "schema_version" not in values:
            raise ProgressError("This is no progress of practice: schema_version is missing.")
        version = values["schema_version"]
        if version != SCHEMA_VERSION:
            raise ProgressError(
                f"The progress has schema {str(version)[:20]}; {SCHEMA_VERSION} is known."
            )
        try:
            return build(cls, values)
        except ValueError as error:
            raise ProgressError(f"The progress is broken: {error}.") from None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
