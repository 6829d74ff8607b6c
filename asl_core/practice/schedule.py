"""What to practise next, by spaced repetition, from the learner's own errors and times.

FSRS (Free Spaced Repetition Scheduler, Ye 2023) keeps for each letter how stable its memory is;
signing and reading a letter are two skills with a card each.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from fsrs import Card, Rating, Scheduler, State

from asl_core.practice.progress import LetterCard, LetterRecord, Progress, Skill

QUICK, SLOW = 0.6, 1.8
"""Shares of the learner's usual time below and above which a right answer was easy or hard."""

USUAL_SECONDS = 4.0
"""Of one letter, for a learner of whom nothing is known yet."""

_FEWEST_TIMED = 5
_NEW_AT_ONCE = 4
_WEAK = 0.15  # weight of a letter that is known, so that whole words stay possible

_SCHEDULER = Scheduler(
    learning_steps=(timedelta(seconds=30), timedelta(minutes=5)),
    relearning_steps=(timedelta(minutes=1),),
    enable_fuzzing=False,
)


def answered(
    progress: Progress, skill: Skill, letter: str, answer: str, seconds: float | None, now: datetime
) -> Progress:
    """Count the first answer to a letter and move its card.

    `answer` is the letter that was read or typed, empty where it was left out; `seconds` is what a
    right one took in a timed round. `now` has a time zone.
    """
    record = progress.record(skill, letter)
    is_right = answer == letter
    is_timed = is_right and seconds is not None
    rating = rating_of(is_right, seconds, usual_seconds(progress, skill))
    changed = LetterRecord(
        skill=skill,
        letter=letter,
        asked=record.asked + 1,
        right=record.right + is_right,
        streak=record.streak + 1 if is_right else 0,
        timed=record.timed + is_timed,
        right_seconds=record.right_seconds + (seconds if is_timed and seconds else 0.0),
        card=reviewed(record.card, rating, now),
    )
    return progress.with_record(changed).with_confusion(skill, letter, answer)


def usual_seconds(progress: Progress, skill: Skill) -> float:
    """Return the mean time of the learner's right answers, USUAL_SECONDS while there are few."""
    timed = [entry for entry in progress.letters if entry.skill == skill]
    count = sum(entry.timed for entry in timed)
    if count < _FEWEST_TIMED:
        return USUAL_SECONDS
    return sum(entry.right_seconds for entry in timed) / count


def rating_of(is_right: bool, seconds: float | None, usual_s: float) -> Rating:
    """Rate an answer: wrong ones come again; of right ones, by the time that they took."""
    if not is_right:
        return Rating.Again
    if seconds is None:
        return Rating.Good
    if seconds > SLOW * usual_s:
        return Rating.Hard
    return Rating.Easy if seconds < QUICK * usual_s else Rating.Good


def reviewed(card: LetterCard | None, rating: Rating, now: datetime) -> LetterCard:
    """Return the card after an answer; without a card, that of a letter that is new."""
    known = _as_fsrs(card) if card is not None else Card(card_id=0, due=now)
    after, _ = _SCHEDULER.review_card(known, rating, _not_before(known, now))
    return LetterCard(
        state=after.state.value,
        step=after.step,
        stability=after.stability,
        difficulty=after.difficulty,
        due=after.due.isoformat(),
        last_review=after.last_review.isoformat() if after.last_review else None,
    )


def recall(card: LetterCard | None, now: datetime) -> float:
    """Return the probability in 0-1 that the letter is known now; 0 for one that is new."""
    if card is None:
        return 0.0
    known = _as_fsrs(card)
    return float(_SCHEDULER.get_card_retrievability(known, _not_before(known, now)))


def next_letter(
    progress: Progress,
    skill: Skill,
    letters: Sequence[str],
    now: datetime,
    last: str | None = None,
) -> str:
    """Choose the letter to ask next among `letters`, never `last` unless it is the only one.

    First those that are due, the one due longest first; then new ones, unless four are being
    learned already; else the one that is most likely forgotten.
    """
    choice = [letter for letter in letters if letter != last] or list(letters)
    cards = {letter: progress.record(skill, letter).card for letter in choice}
    due = {name: _due(card) for name, card in cards.items() if card and _due(card) <= now}
    if due:
        return min(due, key=lambda letter: due[letter])
    new = [letter for letter, card in cards.items() if card is None]
    learning = sum(1 for card in cards.values() if card and card.state == State.Learning.value)
    if new and (learning < _NEW_AT_ONCE or len(new) == len(choice)):
        return new[0]
    known = [letter for letter, card in cards.items() if card]
    return min(known, key=lambda letter: recall(cards[letter], now))


def next_word(
    progress: Progress,
    skill: Skill,
    words: Sequence[str],
    now: datetime,
    random: np.random.Generator,
    recent: Collection[str] = (),
) -> str:
    """Draw a word, one with letters that are new, forgotten or often mistaken more likely.

    Words of `recent` are left out unless there are no others.
    """
    choice = [word for word in words if word not in recent] or list(words)
    letters = {letter for word in choice for letter in word}
    need = {letter: _need(progress, skill, letter, now) for letter in letters}
    weights = np.array([_WEAK + np.mean([need[letter] for letter in word]) for word in choice])
    weights = weights**3
    return choice[int(random.choice(len(choice), p=weights / weights.sum()))]


def _need(progress: Progress, skill: Skill, letter: str, now: datetime) -> float:
    """How much a letter needs practice, 0-1: forgotten, or mistaken as often as not."""
    record = progress.record(skill, letter)
    errors = 1 - record.right / record.asked if record.asked else 0.0
    return max(1 - recall(record.card, now), errors)


def _due(card: LetterCard) -> datetime:
    return datetime.fromisoformat(card.due)


def _as_fsrs(card: LetterCard) -> Card:
    return Card(
        card_id=0,
        state=State(card.state),
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        due=_due(card).astimezone(UTC),
        last_review=(
            datetime.fromisoformat(card.last_review).astimezone(UTC) if card.last_review else None
        ),
    )


def _not_before(card: Card, now: datetime) -> datetime:
    """A visitor's file may come from a clock that is ahead; time does not run backwards."""
    now = now.astimezone(UTC)
    return max(now, card.last_review) if card.last_review else now
