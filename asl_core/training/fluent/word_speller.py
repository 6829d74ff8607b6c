"""Spells words with a made-up hand, as fast as a signer likes and without holds."""

import numpy as np

from asl_core.alphabet import MOTION_LETTERS
from asl_core.moving_hand.habits import (
    AFTER,
    BEFORE,
    EXTENDED,
    LARGEST_WAY_SHARE,
    LETTER_TIME,
    SPREADING,
    finger_difference,
    haste,
    transition_s,
)
from asl_core.moving_hand.hand_track import Hand, HandTrack, turned
from asl_core.moving_hand.spelled_hand import PART_POINTS
from asl_core.training.fluent.parts import Parts
from asl_core.training.fluent.signer import Signer
from asl_core.training.fluent.strokes import STEPS, StrokeBank

_NO_TRANSITION_SHARE = 0.15
_LEAST_SHOWN_S = 0.07

_STAYS_SHARE = 0.3
"""How often a thumb or little finger that is stretched out stays so through the next letter."""


class WordSpeller:
    """Writes words onto a track; one for each stream."""

    def __init__(
        self,
        signer: Signer,
        strokes: StrokeBank,
        rate: float,
        parts: Parts,
        random: np.random.Generator,
    ) -> None:
        """`rate` is in letters a second."""
        self._signer, self._strokes, self._parts = signer, strokes, parts
        self._rate, self._random = rate, random
        self._drift = random.normal(0.1, 0.3) if random.random() < 0.5 else 0.0
        self._bounce = random.choice([0.0, 0.0, 0.08, 0.2])
        self._wobble = random.uniform(2, 9)

    def spell(self, text: str, track: HandTrack) -> None:
        """Spell `text`, A to Z, from the track's now on."""
        hands = [None if c in MOTION_LETTERS else self._signer.hand(c) for c in text]
        for place, letter in enumerate(text):
            way_s, lasts_s = self._times(letter, place, place == len(text) - 1)
            if letter in MOTION_LETTERS:
                self._stroke(letter, track, way_s, lasts_s if place == len(text) - 1 else 0.0)
                continue
            if place and text[place - 1] == letter and self._parts.doubles:
                way_s = self._repeated(hands, place, track, way_s)
            self._still(letter, self._shaped(text, hands, place), track, way_s, lasts_s, place)

    def count(self, digits: str, track: HandTrack) -> None:
        """Sign digits, some of DIGITS, from the track's now on; they are no letters."""
        for place, digit in enumerate(digits):
            way_s, lasts_s = self._times(digit, place, is_last=False)
            self._still(None, self._signer.digit(digit), track, way_s, lasts_s, place)

    def _times(self, letter: str, place: int, is_last: bool) -> tuple[float, float]:
        """Return how long the way to a letter and the letter take."""
        random = self._random
        usual = 1 / self._rate
        factor = LETTER_TIME.get(letter, 1.0) if self._parts.letter_times else 1.0
        whole = usual * factor * np.exp(random.normal(0, 0.22))
        way = transition_s(self._rate) * np.exp(random.normal(0, 0.45))
        if random.random() < _NO_TRANSITION_SHARE:
            way = 0.02
        way = float(np.clip(way, 0.02, LARGEST_WAY_SHARE * whole))
        lasts = whole - way
        if is_last and self._parts.letter_times and random.random() < 0.85:
            lasts = max(lasts, random.uniform(0.25, 0.95))
        elif place == 0 and random.random() < 0.4:
            lasts += random.uniform(0, 0.3)
        return way, lasts

    def _still(
        self,
        letter: str | None,
        hand: Hand,
        track: HandTrack,
        way_s: float,
        lasts_s: float,
        place: int,
    ) -> None:
        random = self._random
        start, end = track.now_s + way_s, track.now_s + way_s + lasts_s
        x, y = track.place
        x += self._drift * (end - track.now_s) / 2 + random.normal(0, 0.06)
        y += random.normal(0, 0.06) + self._bounce * (1 if place % 2 else -1)
        track.go(start, (x, y))
        track.go(end, (x, y))
        track.shape(turned(hand, random.normal(0, self._wobble)), start, end)
        middle, half = (start + end) / 2, max(lasts_s, _LEAST_SHOWN_S) / 2
        if letter is not None:
            track.show(letter, middle - half, middle + half)
        track.now_s = end

    def _shaped(self, text: str, hands: list[Hand | None], place: int) -> Hand:
        """Let the fingers take after the neighbouring letters."""
        hand = hands[place]
        assert hand is not None
        if not self._parts.coarticulation:
            return hand
        spread = hand.copy()
        strength = haste(self._rate)
        for part, most in SPREADING.items():
            if self._random.random() > 0.75:
                continue
            points = PART_POINTS[part]
            for neighbour, share in ((place - 1, BEFORE), (place + 1, AFTER)):
                other = hands[neighbour] if 0 <= neighbour < len(hands) else None
                if other is not None:
                    way = finger_difference(hand, other, part)
                    spread[points] += strength * most * share * self._random.beta(1, 2.5) * way
        before = hands[place - 1] if place else None
        for part, letters in EXTENDED.items():
            if before is None or text[place - 1] not in letters:
                continue
            if self._random.random() < _STAYS_SHARE:
                points, way = PART_POINTS[part], finger_difference(spread, before, part)
                spread[points] += self._random.uniform(0.6, 1) * way
        return spread

    def _repeated(
        self, hands: list[Hand | None], place: int, track: HandTrack, way_s: float
    ) -> float:
        """Slide, bounce or open between two equal letters; give the time that it takes."""
        random = self._random
        way_s = max(way_s, random.uniform(0.1, 0.25))
        before = hands[place - 1]
        assert before is not None
        if random.random() < 0.6:
            hands[place] = before
        x, y = track.place
        kind = random.random()
        if kind < 0.55:
            x += random.choice([1, 1, -1]) * random.uniform(0.25, 0.9)
            track.go(track.now_s + way_s, (x, y + random.normal(0, 0.08)))
        elif kind < 0.8:
            up = random.uniform(0.12, 0.45)
            track.go(track.now_s + way_s / 2, (x + random.normal(0, 0.1), y - up))
            track.go(track.now_s + way_s, (x, y))
        else:
            loose = self._signer.loose_hand()
            other = loose if random.random() < 0.3 else self._signer.one_of("BC")
            between = before + random.uniform(0.25, 0.7) * (other - before)
            track.shape(between, track.now_s + 0.45 * way_s, track.now_s + 0.5 * way_s)
        return way_s

    def _stroke(self, letter: str, track: HandTrack, way_s: float, rests_s: float) -> None:
        """Draw J or Z."""
        random = self._random
        number = int(random.integers(len(self._strokes.seconds[letter])))
        hands = turned(self._strokes.hands[letter][number], random.normal(0, self._wobble))
        pace = np.exp(random.normal(-0.15, 0.2)) * min(1.0, 0.5 + 1.5 / self._rate)
        lasts = float(np.clip(self._strokes.seconds[letter][number] * pace, 0.22, 1.0))
        waits = 0.0 if random.random() < 0.6 else random.uniform(0, 0.15)
        start = track.now_s + max(way_s, 0.06)
        x, y = track.place
        track.go(start, (x, y))
        wrists = hands[:, 0, :2]
        for step, hand in enumerate(hands):
            time_s = start + waits + lasts * step / (STEPS - 1)
            track.go(time_s + 1e-4 * step, (x + wrists[step, 0], y + wrists[step, 1]))
            is_last = step == STEPS - 1
            begins = start if step == 0 else time_s
            ends = time_s + (rests_s if is_last else 0.0)
            track.shape(hand - hand[:1], begins, ends, is_stroke=not is_last)
        done = start + waits + lasts
        track.show(letter, start + waits + 0.3 * lasts, done + 0.03)
        track.now_s = done + (rests_s or random.choice([0.0, 0.05, 0.1]))
        if random.random() < 0.7:
            back = random.uniform(0, 0.4)
            track.go(track.now_s + 0.1, (x + back * wrists[-1, 0], y + back * wrists[-1, 1]))
