"""Made-up sequences of signers who were left out of training, to measure a reader on."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.prediction import LetterPrediction
from asl_core.spelling.fluent.sequence import SpelledFrame, SpelledSequence
from asl_core.training.fluent.camera import SeenHand
from asl_core.training.fluent.stream_maker import SpelledStream, SpelledStreamMaker
from asl_core.training.fluent.surroundings import IDLE_KINDS
from asl_core.training.fluent.words import Texts

RATES = (2.0, 3.3, 5.0, 6.5)
"""Letters a second at which words are spelled."""

PASSING, COUNTING, EMPTY = "coming and going", "digits", "empty room"
NAMES = "names"

_HELD_S, _FRAMES_PER_SECOND = 1.2, 24.0
_TREMBLE = 0.012
"""Of the hand's longer side; about what MediaPipe's points tremble by on a still hand."""


@dataclass(frozen=True)
class HeldHand:
    """A photographed hand: points float32 `(21, 3)` in pixels, its letter, and what was read."""

    signer: str
    letter: str
    points: NDArray[np.float32]
    is_left: bool
    prediction: LetterPrediction


def spelled_words(maker: SpelledStreamMaker, texts: Texts, each: int) -> Iterator[SpelledSequence]:
    """Spell `each` words at each of RATES, and as many names at 3.3 letters a second."""
    for rate in RATES:
        for number in range(each):
            stream = maker.spelled(texts.word(), rate, is_alone=True)
            kind = f"words, {rate:g} a second"
            yield _sequence(f"{kind}, {number}", kind, stream.text, stream.hand)
    for number in range(each):
        stream = maker.spelled(texts.name(), RATES[1], is_alone=True)
        yield _sequence(f"{NAMES}, {number}", NAMES, stream.text, stream.hand)


def idle_hands(maker: SpelledStreamMaker, minutes: float) -> Iterator[SpelledSequence]:
    """Let hands do for `minutes` what is no spelling, each kind as long as another."""
    kinds = (*IDLE_KINDS, PASSING, COUNTING)
    for kind in kinds:
        seconds, number = 0.0, 0
        while seconds < minutes * 60 / len(kinds):
            stream = _idle(maker, kind)
            seconds += float(np.ptp(stream.hand.times_s))
            yield _sequence(f"{kind}, {number}", kind, "", stream.hand)
            number += 1
    times = np.arange(0, 60, 1 / _FRAMES_PER_SECOND)
    yield SpelledSequence(EMPTY, EMPTY, "", "", [SpelledFrame(float(t), None) for t in times])


def _idle(maker: SpelledStreamMaker, kind: str) -> SpelledStream:
    if kind == PASSING:
        return maker.passing()
    return maker.counting(RATES[0]) if kind == COUNTING else maker.idle(kind)


def held_letters(
    hands: tuple[HeldHand, ...], random: np.random.Generator
) -> Iterator[SpelledSequence]:
    """Hold each hand for 1.2 s before it is lowered, its points trembling."""
    for number, hand in enumerate(hands):
        frames = list(_held(hand, random))
        yield SpelledSequence(f"held, {number}", "held letters", hand.signer, hand.letter, frames)


def _held(hand: HeldHand, random: np.random.Generator) -> Iterator[SpelledFrame]:
    size = float(np.ptp(hand.points[:, :2], axis=0).max())
    for time_s in np.arange(0, _HELD_S, 1 / _FRAMES_PER_SECOND):
        trembling = random.normal(0, _TREMBLE * size, hand.points.shape).astype(np.float32)
        yield SpelledFrame(float(time_s), hand.points + trembling, hand.is_left, hand.prediction)
    for time_s in np.arange(_HELD_S, _HELD_S + 0.8, 1 / _FRAMES_PER_SECOND):
        yield SpelledFrame(float(time_s), None)


def _sequence(file: str, kind: str, text: str, hand: SeenHand) -> SpelledSequence:
    frames = [
        SpelledFrame(float(time_s), points if is_present else None)
        for time_s, points, is_present in zip(
            hand.times_s, hand.points, hand.is_present, strict=True
        )
    ]
    return SpelledSequence(file, kind, "", text, frames)
