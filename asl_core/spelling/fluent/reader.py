"""Reads words that are spelled without holds, frame by frame."""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import LETTERS
from asl_core.letters.prediction import LetterPrediction
from asl_core.spelling.fluent.evidence import TickEvidence, tick_scores
from asl_core.spelling.fluent.features import SPEED_FEATURE, SPEED_UNIT, tick_features
from asl_core.spelling.fluent.model import FluentModel
from asl_core.spelling.fluent.network import DELAY_TICKS, StreamingNetworks
from asl_core.spelling.fluent.reading import NOTHING_READ, FluentLetter, FluentReading, FluentWord
from asl_core.spelling.fluent.search import LetterSearch, Run
from asl_core.spelling.fluent.settings import SHORT_WORD
from asl_core.spelling.fluent.shape_network import shape_log_probabilities
from asl_core.spelling.fluent.ticks import TICK_S, TICKS_PER_SECOND, TickClock, Ticks
from asl_core.spelling.fluent.word_choice import WordChoice

INTERRUPTION_S = 2.0
"""After a longer pause between two frames the stream begins anew."""

_LEAST_PROBABILITY = 1e-6

_LOOKED_AT_TICKS = 15
"""So much of a letter, half a second, tells how sure it is."""

_KEPT_TICKS = 60 * TICKS_PER_SECOND
"""Of a word that is still open; a letter that began before is judged by what is left of it."""


@dataclass
class _WaitingTick:
    """A tick whose answer of the streaming network is still to come."""

    time_s: float
    is_seen: bool
    speed: float
    shape: NDArray[np.float32] | None
    picture: NDArray[np.float32] | None


class FluentReader:
    """One visitor's way from hands to fluently spelled letters; not thread-safe.

    The model and the word choice may be shared. Without a word choice no word is suggested.
    """

    def __init__(self, model: FluentModel, words: WordChoice | None = None) -> None:
        self._model = model
        self._words = words
        self._settings = model.settings
        self._clock = TickClock()
        self._networks = StreamingNetworks(model.stream)
        ticks = TICKS_PER_SECOND
        self._search = LetterSearch(
            self._settings.letter_cost,
            max(1, round(self._settings.least_letter_s * ticks)),
            round(self._settings.longest_open_s * ticks),
            self._settings.order_weight * model.order,
        )
        self.reset()

    def reset(self) -> None:
        """Forget the stream and the word under way."""
        self._clock.reset()
        self._networks.reset()
        self._seen: Ticks | None = None
        self._answer = np.zeros(len(LETTERS), np.float32)
        self._last_s = -math.inf
        self._picture: NDArray[np.float32] | None = None
        self._waiting: deque[_WaitingTick] = deque()
        self._begin_word()

    def _begin_word(self) -> None:
        self._search.reset()
        self._settled: list[FluentLetter] = []
        self._told = 0
        # Of the ticks of the word, evenly after each other; the oldest of a long one are dropped.
        self._scores: deque[NDArray[np.float64]] = deque(maxlen=_KEPT_TICKS)
        self._begins_s, self._ticks, self._gone_ticks = 0.0, 0, 0

    @property
    def letters(self) -> tuple[FluentLetter, ...]:
        """The settled letters of the word under way."""
        return tuple(self._settled[: self._told])

    def update(
        self,
        time_s: float,
        points: NDArray[np.float32] | None,
        is_left: bool = False,
        prediction: LetterPrediction | None = None,
    ) -> FluentReading:
        """Take a frame and give what it changed.

        `points` is float32 `(21, 3)` in pixels of the frame (`HandLandmarks.pixels_3d`; z may be
        NaN), None without a hand. `prediction` is what the recognizer says of this frame's hand,
        where it was asked. Either hand reads the same: `is_left` is not used, as detectors are
        often wrong about it. A time that does not rise is passed over; after a pause of more than
        INTERRUPTION_S the word under way ends.
        """
        if time_s <= self._last_s:
            return FluentReading(unsettled=self._as_letters(self._search.tail()))
        earlier = NOTHING_READ
        if math.isfinite(self._last_s) and time_s - self._last_s > INTERRUPTION_S:
            earlier = self.finish()
        self._last_s = time_s
        before, self._picture = self._picture, _log_probabilities(prediction)
        ticks = self._clock.add(time_s, points)
        self._take(ticks, before, self._picture)
        return self._reading(earlier)

    def finish(self) -> FluentReading:
        """End the stream: everything is settled, and the word under way ends."""
        if math.isfinite(self._last_s):
            ends_s = self._last_s + (DELAY_TICKS + 1) * TICK_S
            self._take(self._clock.add(ends_s, None), None, None)
        reading = self._end_word(NOTHING_READ)
        self.reset()
        return reading

    def _take(
        self,
        ticks: Ticks,
        before: NDArray[np.float32] | None,
        picture: NDArray[np.float32] | None,
    ) -> None:
        """Let ticks in; those nearer to the frame before have its picture."""
        if not len(ticks):
            return
        answers = self._shape_answers(ticks)
        features = tick_features(ticks, answers, self._seen)
        speeds = features[:, SPEED_FEATURE] * SPEED_UNIT
        half = (len(ticks) - 1) / 2
        for number, row in enumerate(features):
            is_seen = bool(ticks.is_seen[number])
            shape = answers[number] if is_seen else None
            if is_seen:
                self._seen = ticks.at(number)
            own = (before if number < half else picture) if is_seen else None
            time_s = float(ticks.times_s[number])
            self._waiting.append(_WaitingTick(time_s, is_seen, float(speeds[number]), shape, own))
            answer = self._networks.push(row)
            if answer is not None:
                self._search_on(self._waiting.popleft(), answer)

    def _shape_answers(self, ticks: Ticks) -> NDArray[np.float32]:
        """Ask the landmark network about seen hands; its last answer stands where none is seen."""
        seen = np.flatnonzero(ticks.is_seen)
        answers = np.repeat(self._answer[None], len(ticks), axis=0)
        if len(seen):
            found = shape_log_probabilities(self._model.shape, ticks.points[seen])
            answers[seen[0] :] = found[
                np.searchsorted(seen, np.arange(seen[0], len(ticks)), side="right") - 1
            ]
            self._answer = found[-1]
        return answers

    def _search_on(self, tick: _WaitingTick, answer: NDArray[np.float32]) -> None:
        evidence = TickEvidence(tick.is_seen, tick.speed, answer, tick.shape, tick.picture)
        scores = tick_scores(evidence, self._settings)
        self._search.push(scores)
        self._scores.append(scores)
        if not self._ticks:
            self._begins_s = tick.time_s
        self._ticks += 1
        self._gone_ticks = 0 if tick.is_seen else self._gone_ticks + 1

    def _reading(self, earlier: FluentReading) -> FluentReading:
        self._settled += self._as_letters(self._search.settle())
        runs = self._search.tail()
        if self._is_over(runs):
            return self._end_word(earlier)
        tail = self._as_letters(runs)
        if not self._is_word((*self._settled, *tail)):
            return FluentReading(earlier.settled, (*self._settled, *tail), earlier.ended)
        settled = self._untold()
        return FluentReading((*earlier.settled, *settled), tail, earlier.ended)

    def _end_word(self, earlier: FluentReading) -> FluentReading:
        """Settle what is left; a word that is none is forgotten."""
        self._settled += self._as_letters(self._search.finish())
        settled: tuple[FluentLetter, ...] = ()
        word = None
        if self._is_word(tuple(self._settled)):
            settled, word = self._untold(), self._word()
        self._begin_word()
        return FluentReading((*earlier.settled, *settled), (), word or earlier.ended)

    def _is_word(self, letters: tuple[FluentLetter, ...]) -> bool:
        if not letters or len(letters) > SHORT_WORD:
            return bool(letters)
        if (
            len(letters) == 1
            and letters[0].end_s - letters[0].start_s < self._settings.least_lone_s
        ):
            return False
        sure = sum(letter.confidence for letter in letters) / len(letters)
        return sure >= self._settings.least_short_confidence

    def _untold(self) -> tuple[FluentLetter, ...]:
        """Return the settled letters that no reading told of."""
        untold = tuple(self._settled[self._told :])
        self._told = len(self._settled)
        return untold

    def _is_over(self, tail: list[Run]) -> bool:
        """Whether the word ends here: the hand is gone or does nothing."""
        if not self._ticks:
            return False
        if self._gone_ticks >= self._settings.gone_s * TICKS_PER_SECOND:
            return True
        now_s = self._time_of(self._ticks - 1)
        spelled_s = self._begins_s - TICK_S
        if tail:
            spelled_s = self._time_of(tail[-1].last)
        elif self._settled:
            spelled_s = self._settled[-1].end_s
        return now_s - spelled_s >= self._settings.idle_s

    def _time_of(self, tick: int) -> float:
        return self._begins_s + tick * TICK_S

    def _word(self) -> FluentWord:
        suggestion = None
        if self._words is not None:
            read = "".join(letter.letter for letter in self._settled)
            scores = np.array([letter.scores for letter in self._settled])
            suggestion = self._words.choose(read, scores)
        return FluentWord(tuple(self._settled), suggestion)

    def _as_letters(self, runs: list[Run]) -> tuple[FluentLetter, ...]:
        return tuple(self._as_letter(run) for run in runs)

    def _as_letter(self, run: Run) -> FluentLetter:
        """The confidence is the letter's share beside the other letters, by its mean score."""
        dropped = self._ticks - len(self._scores)
        first = min(max(run.first - dropped, 0), len(self._scores) - 1)
        last = max(min(run.last - dropped, first + _LOOKED_AT_TICKS - 1), first)
        mean = np.mean([self._scores[tick] for tick in range(first, last + 1)], axis=0)[1:]
        shares = np.exp(mean - mean.max())
        return FluentLetter(
            LETTERS[run.letter - 1],
            self._time_of(run.first),
            self._time_of(run.last),
            float(shares[run.letter - 1] / shares.sum()),
            tuple(mean.tolist()),
        )


def _log_probabilities(prediction: LetterPrediction | None) -> NDArray[np.float32] | None:
    """Return the logarithms of the 26 letters' probabilities, None without a prediction."""
    if prediction is None:
        return None
    if prediction.classes == LETTERS:
        shares = prediction.probabilities
    else:
        known = dict(zip(prediction.classes, prediction.probabilities.tolist(), strict=True))
        shares = np.array([known.get(letter, 0.0) for letter in LETTERS], np.float32)
    return np.log(np.maximum(shares, _LEAST_PROBABILITY))
