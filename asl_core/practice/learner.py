"""One learner's practice: the rounds that are under way, and the progress that they make."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from asl_core.practice.coached_reader import SignedLetter
from asl_core.practice.lessons import Lesson
from asl_core.practice.progress import Progress, Skill
from asl_core.practice.rounds import Judgement, ReadAnswer, SigningRound, judged_answer
from asl_core.practice.schedule import answered, next_letter, next_word
from asl_core.practice.text_measures import TextSums

LETTERS_A_ROUND = 10
"""Of a lesson of letters; a round of a lesson of words is a word."""

SHOWN_LETTERS = 4
"""A hand that is read shows so many letters of a lesson of letters."""

_RECENT_WORDS = 12


@dataclass(frozen=True)
class RoundResult:
    """A finished round: what was asked, the places that were given up, and its sums."""

    text: str
    skipped: frozenset[int]
    sums: TextSums


class Learner:
    """Asks, judges and keeps count. Not thread-safe.

    `now` is the learner's own time with its zone, `clock_s` seconds of a clock that only rises.
    """

    def __init__(self, progress: Progress | None = None, seed: int | None = None) -> None:
        self.progress = progress or Progress()
        self.signing: SigningRound | None = None
        self.last_judgement: Judgement | None = None
        self.last_round: RoundResult | None = None
        self.word: str | None = None
        self.answer: ReadAnswer | None = None
        self.rounds_read = 0
        self._lesson: Lesson | None = None
        self._is_timed = False
        self._shown_s = 0.0
        self._reading: tuple[Lesson, bool] | None = None
        self._recent: deque[str] = deque(maxlen=_RECENT_WORDS)
        self._random = np.random.default_rng(seed)

    def sign(self, lesson: Lesson, is_timed: bool, now: datetime, clock_s: float) -> SigningRound:
        """Return the round of a lesson that is under way; another lesson ends the one before."""
        if self.signing is None or (lesson, is_timed) != (self._lesson, self._is_timed):
            self._close_signing(now)
            self._lesson, self._is_timed = lesson, is_timed
            self.last_round = self.last_judgement = None
            self.signing = self._new_round(lesson, now, clock_s)
        return self.signing

    def judge(self, signed: SignedLetter, now: datetime, clock_s: float) -> Judgement | None:
        """Judge a letter that counted, and go on to the next; None where none is asked for."""
        current = self.signing
        if current is None:
            return None
        seconds = clock_s - current.started_s if self._is_timed else None
        judgement = current.take(signed, clock_s)
        if judgement is None:
            return None
        self.last_judgement = judgement
        self._count("sign", judgement.target, signed.letter, judgement.is_first, seconds, now)
        self._go_on(now, clock_s)
        return judgement

    def skip(self, now: datetime, clock_s: float) -> None:
        """Give up the letter that is asked for."""
        current = self.signing
        if current is None or current.target is None:
            return
        self._count("sign", current.target, "", current.is_first_try, None, now)
        current.skip(clock_s)
        self.last_judgement = None
        self._go_on(now, clock_s)

    def read(self, lesson: Lesson, is_timed: bool, now: datetime, clock_s: float) -> str:
        """Return the word that a hand shows now; another lesson draws another word."""
        if self.word is None or self._reading != (lesson, is_timed):
            self._reading = (lesson, is_timed)
            self.show_next(now, clock_s)
        assert self.word is not None
        return self.word

    def show_next(self, now: datetime, clock_s: float) -> None:
        """Draw the next word to be read."""
        if self._reading is None:
            return
        self.word = self._drawn_text("read", self._reading[0], now)
        self.answer = None
        self._shown_s = clock_s
        self.rounds_read += 1

    def type(self, typed: str, now: datetime, clock_s: float) -> ReadAnswer:
        """Score what was typed for the word that is shown; the second time it changes nothing."""
        if self.answer is not None or self.word is None or self._reading is None:
            return self.answer or judged_answer("", "")
        seconds = clock_s - self._shown_s if self._reading[1] else None
        answer = judged_answer(self.word, typed, seconds)
        each = seconds / len(self.word) if seconds is not None else None
        for letter, given in answer.pairs:
            if letter:
                self._count("read", letter, given, True, each, now)
        self.progress = self.progress.with_round("read", now.date(), answer.sums)
        self.answer = answer
        return answer

    def _new_round(self, lesson: Lesson, now: datetime, clock_s: float) -> SigningRound:
        if lesson.words:
            return SigningRound(self._drawn_text("sign", lesson, now), clock_s)
        before = self.signing
        last = before.text[before.place - 1] if before and before.place else None
        first = next_letter(self.progress, "sign", lesson.letters, now, last)
        return SigningRound(first, clock_s)

    def _go_on(self, now: datetime, clock_s: float) -> None:
        current, lesson = self.signing, self._lesson
        if current is None or lesson is None or not current.is_over:
            return
        if not lesson.words and len(current.text) < LETTERS_A_ROUND:
            last = current.text[-1]
            current.extend(next_letter(self.progress, "sign", lesson.letters, now, last))
            return
        self._close_signing(now)
        self.signing = self._new_round(lesson, now, clock_s)

    def _close_signing(self, now: datetime) -> None:
        """Keep what a round has come to; the letter that is asked for is not counted."""
        current = self.signing
        if current is None or current.place == 0:
            return
        sums = current.sums(self._is_timed)
        self.progress = self.progress.with_round("sign", now.date(), sums)
        text = current.text[: current.place]
        self.last_round = RoundResult(text, frozenset(current.skipped), sums)

    def _count(
        self,
        skill: Skill,
        letter: str,
        answer: str,
        is_first: bool,
        seconds: float | None,
        now: datetime,
    ) -> None:
        if is_first:
            self.progress = answered(self.progress, skill, letter, answer, seconds, now)
        elif answer != letter:
            self.progress = self.progress.with_confusion(skill, letter, answer)

    def _drawn_text(self, skill: Skill, lesson: Lesson, now: datetime) -> str:
        if lesson.words:
            word = next_word(
                self.progress, skill, lesson.words, now, self._random, tuple(self._recent)
            )
            self._recent.append(word)
            return word
        return self._letters_in_a_row(skill, lesson.letters, now)

    def _letters_in_a_row(self, skill: Skill, letters: Sequence[str], now: datetime) -> str:
        """Letters of a lesson in any order: the one that is to come next, and others by chance."""
        row = [next_letter(self.progress, skill, letters, now)]
        while len(row) < SHOWN_LETTERS:
            others = [letter for letter in letters if letter != row[-1]] or list(letters)
            row.append(others[int(self._random.integers(len(others)))])
        self._random.shuffle(row)
        return "".join(row)
