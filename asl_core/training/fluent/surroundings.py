"""What hands do before, between and after words, and when nobody spells."""

import numpy as np

from asl_core.alphabet import MOTION_LETTERS
from asl_core.moving_hand.hand_track import Hand, HandTrack, turned
from asl_core.moving_hand.spelled_hand import PART_BASES, PART_POINTS
from asl_core.training.fluent.signer import Signer

IDLE_KINDS = ("rest", "wave", "type", "scratch", "wander", "gesture")


class Surroundings:
    """Writes what is no letter onto a track."""

    def __init__(self, signer: Signer, random: np.random.Generator) -> None:
        self._signer, self._random = signer, random

    def arrive(self, track: HandTrack, letter: str) -> None:
        """Rise from below within a short time, loose or nearly in the first letter's shape."""
        random = self._random
        hand = self._signer.loose_hand()
        if random.random() < 0.35:
            shape = self._signer.hand("S" if letter in MOTION_LETTERS else letter)
            angles = random.normal(0, [25, 30, 40])
            hand = turned(np.nan_to_num(shape), *angles)
        start = track.now_s
        track.shape(hand, start, start + 0.03)
        below = (random.normal(0, 0.8), random.uniform(0.5, 4))
        track.go(start, below)
        track.go(start + 0.03, below)
        track.now_s += random.uniform(0.2, 0.7)
        track.go(track.now_s, (0.0, 0.0))

    def leave(self, track: HandTrack) -> None:
        """Sink, loosened or in the last shape, turning on the way."""
        random = self._random
        hand = self._signer.loose_hand()
        if random.random() < 0.3 and track.keys:
            bend = random.choice([-1, 1]) * random.uniform(20, 90)
            last = np.nan_to_num(track.keys[-1].points)
            hand = turned(last, random.normal(0, 25), random.normal(0, 30), bend)
        start, (x, y) = track.now_s, track.place
        ends = start + random.uniform(0.2, 0.6)
        track.go(start, (x, y))
        track.go(ends, (x + random.normal(0, 0.5), y + random.uniform(0.5, 4)))
        track.shape(hand, ends, ends + 0.03)
        track.now_s = ends + 0.03

    def pause(self, track: HandTrack) -> None:
        """Separate two words: wait or slide, go away and come back, or vanish."""
        random = self._random
        kind = random.random()
        if kind < 0.35:
            x, y = track.place
            track.now_s += random.uniform(0.05, 0.3)
            track.go(track.now_s, (x + random.normal(0, 0.6), y + random.normal(0, 0.3)))
        elif kind < 0.7:
            now = track.now_s
            track.shape(self._signer.loose_hand(), now + 0.25, now + 0.4)
            track.go(now + 0.3, (random.normal(0, 1), random.uniform(0.5, 3)))
            track.now_s += 0.6
            track.go(track.now_s, (0.0, 0.0))
        else:
            gone = track.now_s + random.uniform(0.03, 0.2)
            track.unseen.append((gone, track.now_s + 0.8))
            track.now_s += random.uniform(0.6, 1.2)
            track.go(track.now_s, track.place)

    def idle(self, track: HandTrack, seconds: float, kind: str | None = None) -> None:
        """Do something that is no letter, by default anything of IDLE_KINDS."""
        chosen = kind or IDLE_KINDS[int(self._random.integers(len(IDLE_KINDS)))]
        ends = track.now_s + seconds
        track.now_s += self._random.uniform(0.1, 0.4)
        if chosen == "rest":
            self._rest(track, ends)
        elif chosen == "wave":
            self._wave(track, ends)
        elif chosen in ("type", "scratch"):
            self._fidget(track, ends, chosen == "scratch")
        else:
            self._wander(track, ends, chosen == "gesture")
        track.now_s = max(track.now_s, ends)
        track.go(track.now_s, track.place)

    def _rest(self, track: HandTrack, ends_s: float) -> None:
        track.shape(self._signer.loose_hand(), track.now_s, max(ends_s, track.now_s))
        x, y = track.place
        for time_s in np.arange(track.now_s, ends_s, 0.3):
            track.go(time_s, (x + self._random.normal(0, 0.05), y + self._random.normal(0, 0.05)))

    def _wave(self, track: HandTrack, ends_s: float) -> None:
        random = self._random
        hand = self._signer.spread_hand()
        beat, wide, way = random.uniform(0.2, 0.6), random.uniform(10, 35), random.uniform(0, 1.2)
        roll, turn, bend = random.normal(0, [10, 15, 15])
        x, y = track.place
        side = 1
        while track.now_s < ends_s:
            side = -side
            shown = turned(hand, roll + side * wide, turn, bend)
            track.shape(shown, track.now_s, track.now_s + 0.02)
            track.go(track.now_s, (x + side * way, y))
            track.now_s += beat * np.exp(random.normal(0, 0.1))

    def _fidget(self, track: HandTrack, ends_s: float, is_scratching: bool) -> None:
        """Type or scratch: a bent hand whose fingers tap."""
        random = self._random
        hand = np.nan_to_num(self._signer.one_of("CEXONMS"))
        bend = random.choice([-1, 1]) * random.uniform(20, 110)
        hand = turned(hand, random.normal(0, 30), random.normal(0, 25), bend)
        stride = 0.24 if is_scratching else 0.12
        while track.now_s < ends_s:
            shown = self._tapped(hand, everywhere=is_scratching)
            track.shape(shown, track.now_s, track.now_s + 0.02)
            x, y = track.place
            track.go(track.now_s, (x + random.normal(0, stride), y + random.normal(0, stride)))
            track.now_s += random.uniform(0.06, 0.25)

    def _tapped(self, hand: Hand, everywhere: bool) -> Hand:
        random = self._random
        tapped = hand.copy()
        for part in range(1, 6):
            if everywhere or random.random() < 0.4:
                points, base = PART_POINTS[part], tapped[PART_BASES[part]]
                fingers = (tapped[points] - base) * random.uniform(0.6, 1.1)
                tapped[points] = base + fingers + random.normal(0, 0.05, 3)
        return tapped

    def _wander(self, track: HandTrack, ends_s: float, stops: bool) -> None:
        random = self._random
        while track.now_s < ends_s:
            rests = random.uniform(0, 0.5 if stops else 0.15)
            x, y = track.place
            place = (x + random.normal(0, 0.8), y + random.normal(0, 0.8))
            track.shape(self._signer.loose_hand(), track.now_s, track.now_s + rests)
            track.go(track.now_s, place)
            track.go(track.now_s + rests, place)
            track.now_s += rests + random.uniform(0.15, 0.6)
