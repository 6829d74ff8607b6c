"""How easily one word is read as another, from what the recognizer was measured to confuse."""

import math
from collections.abc import Mapping
from typing import Final

from asl_core.alphabet import LETTERS
from asl_core.records.evaluation_report import EvaluationReport

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
