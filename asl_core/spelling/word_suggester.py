"""Words that a signer may have meant; nothing is changed without being asked."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from asl_core.alphabet import LETTERS
from asl_core.records.evaluation_report import EvaluationReport
from asl_core.spelling.word_list import known_words

Confusions = Mapping[str, Mapping[str, int]]
"""Shown letter -> read letter -> number of photos."""

_PRIOR_COUNT = 0.5
_LOST_LETTER: Final = 4.0
_LOST_REPEAT: Final = 1.0
_EXTRA_LETTER: Final = 4.0
_EXTRA_REPEAT: Final = 1.5
_SWAP: Final = 4.0


def confusions_of(report: EvaluationReport) -> dict[str, dict[str, int]]:
    """Return the confusion counts of a report by letter, without photos without a found hand."""
    rows = zip(report.classes, report.confusion, strict=True)
    return {shown: dict(zip(report.classes, counts, strict=False)) for shown, counts in rows}


class ConfusionCosts:
    """Costs in nats of reading a shown word as other letters; 0 for reading it right.

    A shown letter s read as r costs -ln P(r | s), with P(r | s) = (n_sr + 0.5) / (n_s + 13) over
    the 26 letters (additive smoothing), n_sr being the photos of s read as r and n_s their sum.
    Fixed, not measured: a letter that was lost or added costs 4, as do two letters swapped; a
    repeated letter of which one was lost costs 1, one added to a repeat 1.5, since a release is
    easily missed.
    """

    def __init__(self, confusions: Confusions) -> None:
        """`confusions` may lack letters, which are then confused with all others alike."""
        self._costs: dict[str, dict[str, float]] = {}
        for shown in LETTERS:
            counts = [confusions.get(shown, {}).get(read, 0) for read in LETTERS]
            total = sum(counts) + _PRIOR_COUNT * len(LETTERS)
            costs = (-math.log((count + _PRIOR_COUNT) / total) for count in counts)
            self._costs[shown] = dict(zip(LETTERS, costs, strict=True)) | {shown: 0.0}

    def of_letter(self, shown: str, read: str) -> float:
        """Return the cost of reading the letter `shown` as `read`."""
        return self._costs[shown][read]

    def likely_shown(self, read: str, limit: float) -> tuple[str, ...]:
        """Return the other letters that are read as `read` for less than `limit`."""
        return tuple(s for s in LETTERS if s != read and self._costs[s][read] < limit)

    def of_word(self, shown: str, read: str) -> float:
        """Return the least cost of reading the word `shown` as `read`.

        An edit distance with these costs, with swaps of neighbours (optimal string alignment).
        """
        before: list[float] = []
        row = [0.0]
        for j in range(len(read)):
            row.append(row[-1] + _extra(read, j))
        for i, letter in enumerate(shown):
            lost = _LOST_REPEAT if i and shown[i - 1] == letter else _LOST_LETTER
            costs = self._costs[letter]
            following = [row[0] + lost]
            for j, seen in enumerate(read):
                cost = min(row[j] + costs[seen], row[j + 1] + lost, following[j] + _extra(read, j))
                if i and j and letter == read[j - 1] != seen == shown[i - 1]:
                    cost = min(cost, before[j - 1] + _SWAP)
                following.append(cost)
            before, row = row, following
        return row[-1]


def _extra(read: str, place: int) -> float:
    return _EXTRA_REPEAT if place and read[place - 1] == read[place] else _EXTRA_LETTER


RARITY_WEIGHT = 0.3
"""How much a word's rarity counts beside the cost of its misreading, both in nats."""

_UNFINISHED = 1.0
_LETTER_TO_COME = 0.3
_LIKELY_MISREADING = 3.2  # below ln 26, so that a letter without measurements has none
_LONGEST_WORD = 40


@dataclass(frozen=True)
class Suggestion:
    """A word to offer.

    A "correction" has other letters than what was read, a "completion" goes on after it, possibly
    with one letter corrected. `cost` is in nats; the least comes first.
    """

    word: str
    kind: Literal["correction", "completion"]
    cost: float


class WordSuggester:
    """Suggests words of A-Z for an unfinished or misread word.

    The cost of a word is that of its misreading (ConfusionCosts), plus 0.3 of -ln of its share of
    written English; for a completion 1, and 0.3 for each letter to come. A word that is known as it
    stands is only corrected where a likely misreading gives another. The word list is loaded with
    the first suggestion, once for the process; `load` does so beforehand, best in a thread.
    Thread-safe.
    """

    def __init__(self, confusions: Confusions) -> None:
        """`confusions` counts shown letter -> read letter; see `confusions_of`."""
        self._costs = ConfusionCosts(confusions)

    def load(self) -> float:
        """Load the word list, unless it is; return the seconds that loading it took."""
        return known_words().loading_s

    def suggest(self, word: str, count: int = 5) -> tuple[Suggestion, ...]:
        """Return up to `count` other words for `word`, the likeliest first.

        Nothing is suggested for an empty word, and for one that holds more than letters A to Z.
        """
        if not (word.isascii() and word.isalpha() and len(word) <= _LONGEST_WORD):
            return ()
        read = word.upper()
        best: dict[str, Suggestion] = {}
        for suggestion in (*self._completions(read, count), *self._corrections(read)):
            other = best.get(suggestion.word)
            if other is None or suggestion.cost < other.cost:
                best[suggestion.word] = suggestion
        ranked = sorted(best.values(), key=lambda suggestion: (suggestion.cost, suggestion.word))
        return tuple(ranked[:count])

    def _corrections(self, read: str) -> list[Suggestion]:
        words = known_words()
        near = (word for word in words.near(read, edits_allowed(read)) if word != read)
        costs = ((word, self._costs.of_word(word, read)) for word in near)
        is_known = read in words
        return [
            Suggestion(word, "correction", cost + _prior(word))
            for word, cost in costs
            if cost < _LIKELY_MISREADING or not is_known
        ]

    def _completions(self, read: str, count: int) -> list[Suggestion]:
        words = known_words()
        return [
            Suggestion(word, "completion", cost + _to_come(word, read) + _prior(word))
            for prefix, cost in self._likely_shown(read)
            for word in words.beginning_with(prefix, count)
        ]

    def _likely_shown(self, read: str) -> list[tuple[str, float]]:
        """Return the beginning as it was read, and with one likely misreading put right."""
        shown = [(read, 0.0)]
        if len(read) < 3:
            return shown
        for place, letter in enumerate(read):
            for other in self._costs.likely_shown(letter, _LIKELY_MISREADING):
                cost = self._costs.of_letter(other, letter)
                shown.append((f"{read[:place]}{other}{read[place + 1 :]}", cost))
        return shown


def edits_allowed(word: str) -> int:
    """Return the edit distance to search: more would make most short words alike."""
    return 0 if len(word) < 2 else 1 if len(word) < 6 else 2


def _prior(word: str) -> float:
    return RARITY_WEIGHT * known_words().rarity(word)


def _to_come(word: str, read: str) -> float:
    return _UNFINISHED + _LETTER_TO_COME * (len(word) - len(read))
