"""What is practised: letters in small groups, look-alikes, words by length, names, an own list."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from asl_core.alphabet import LETTERS
from asl_core.drawing.spelled_word import LONGEST
from asl_core.errors import SettingsError
from asl_core.spelling.word_list import frequent_words

Kind = Literal["letters", "words", "own"]

MOST_OWN_WORDS = 200
_WORDS_CONSIDERED = 1200

UNFIT_FILE = Path(__file__).with_name("unfit_words.txt")
"""Of the frequent words of the web: crude ones, abbreviations and brands."""


@dataclass(frozen=True)
class Lesson:
    """One thing to practise.

    `letters` are asked one by one; where there are `words`, these are asked as a whole. `kind` says
    which, or that the words are the learner's own.
    """

    name: str
    kind: Kind
    letters: tuple[str, ...] = LETTERS
    words: tuple[str, ...] = ()


_GROUPS = (
    ("Alphabet: A to E", "ABCDE"),
    ("Alphabet: F to K", "FGHIK"),
    ("Alphabet: L to P", "LMNOP"),
    ("Alphabet: Q to U", "QRSTU"),
    ("Alphabet: V to Y", "VWXY"),
    ("Drawn letters: J and Z", "JZ"),
    ("Alphabet: all letters", "".join(LETTERS)),
    ("Look-alikes: E and S", "ES"),
    ("Look-alikes: M, N, T and A", "MNTA"),
    ("Look-alikes: K, V and P", "KVP"),
    ("Look-alikes: G, Q and H", "GQH"),
    ("Look-alikes: U, R and V", "URV"),
    ("Look-alikes: D, I and X", "DIX"),
)
_LENGTHS = (
    ("Words of 3 letters", 3, 3),
    ("Words of 4 letters", 4, 4),
    ("Words of 5 letters", 5, 5),
    ("Words of 6 letters", 6, 6),
    ("Words of 7 to 10 letters", 7, 10),
)

NAMES_FILE = Path(__file__).with_name("names.txt")
"""Given names from many places: what is fingerspelled most in daily life."""

OWN_LIST = "Your own list"


@cache
def lessons() -> tuple[Lesson, ...]:
    """Return the lessons in the order of their difficulty, without the learner's own list."""
    letters = (Lesson(name, "letters", tuple(group)) for name, group in _GROUPS)
    unfit = set(UNFIT_FILE.read_text("utf-8").split())
    known = [word for word, _ in frequent_words(_WORDS_CONSIDERED) if word not in unfit]
    words = (
        Lesson(name, "words", words=tuple(w for w in known if least <= len(w) <= most))
        for name, least, most in _LENGTHS
    )
    return (
        *letters,
        *words,
        Lesson("Names", "words", words=tuple(NAMES_FILE.read_text("utf-8").split())),
    )


def own_lesson(text: str) -> Lesson:
    """Make a lesson of pasted words, which are separated by spaces, commas or lines.

    Accents are left out, as ASL has no letters for them.

    Raises:
        SettingsError: there is no word, there are more than MOST_OWN_WORDS, or one is too long or
            holds something else than letters.
    """
    entries = [entry for entry in text.replace(",", " ").replace(";", " ").split() if entry]
    words = tuple(dict.fromkeys(_plain(entry) for entry in entries))
    if not words:
        raise SettingsError("The list is empty: write words separated by spaces or commas.")
    if len(words) > MOST_OWN_WORDS:
        raise SettingsError(f"The list has {len(words)} words; {MOST_OWN_WORDS} are allowed.")
    return Lesson(OWN_LIST, "own", words=words)


def _plain(entry: str) -> str:
    parts = unicodedata.normalize("NFKD", entry)
    word = "".join(c for c in parts if not unicodedata.combining(c) and c not in "-'’.").upper()
    if not word or not set(word) <= set(LETTERS):
        raise SettingsError(f"{entry[:30]!r} cannot be fingerspelled: write letters A to Z alone.")
    if len(word) > LONGEST:
        raise SettingsError(f"{entry[:30]!r} has {len(word)} letters; {LONGEST} are allowed.")
    return word
