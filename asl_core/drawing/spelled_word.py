"""A drawn hand that spells a word: the hand's points at 30 frames a second."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import LETTERS, MOTION_LETTERS
from asl_core.drawing.drawn_hand import keep_fingers_apart, palm_length
from asl_core.drawing.drawn_letters import typical_points
from asl_core.errors import SettingsError
from asl_core.moving_hand.habits import (
    AFTER,
    BEFORE,
    LARGEST_WAY_SHARE,
    LETTER_TIME,
    SPREADING,
    finger_difference,
    haste,
    transition_s,
)
from asl_core.moving_hand.hand_track import Hand, HandTrack, ShownLetter
from asl_core.moving_hand.spelled_hand import PART_POINTS, turned_hands
from asl_core.moving_hand.strokes import JMotion, j_hands, z_hands, z_way

FRAMES_PER_SECOND = 30
SLOWEST, FASTEST = 1.0, 8.0
"""Letters a second."""
LONGEST = 20
"""Letters of a word that is drawn."""

_FINGER_LAGS = (0.0, 0.06, -0.1, -0.04, 0.02, 0.1)  # the index finger leads, the little one trails
_SPREAD = (
    0.2  # of what neighbouring letters may do to a finger; made-up streams draw 0.29 on average
)
_FOLLOWED = 0.5  # how far the wrist goes to keep a hand that points aside before the eye
_REST_S = 0.5
_STROKE_STEPS = 25
_STROKE_S = {"J": 0.75, "Z": 0.9}
_BARE = {"J": "I", "Z": "Z"}  # the hand that draws a letter
_Z_SIZE, _Z_ARM = (1.25, 1.0), 0.7
_SLIDE, _BOUNCE = 0.55, 0.3
_FISTS = frozenset("AEMNST")


@dataclass(frozen=True)
class SpelledWord:
    """A right hand that spells `text`, as the person facing the signer sees it.

    `points` is float32 `(N, 21, 3)` at FRAMES_PER_SECOND: x right, y down, z away from the eye, in
    palm lengths. `letters` tells from when to when each is seen, in seconds.
    """

    text: str
    points: NDArray[np.float32]
    letters: tuple[ShownLetter, ...]

    @property
    def seconds(self) -> float:
        """How long the word takes."""
        return len(self.points) / FRAMES_PER_SECOND


@lru_cache(maxsize=256)
def spelled_word(text: str, rate: float = 3.0) -> SpelledWord:
    """Let a hand spell `text`, A to Z, at `rate` letters a second; always the same.

    The hand goes from letter to letter as the made-up signers do that the reader of natural
    spelling is trained with: fingers lead or trail, quick letters take after their neighbours, a
    double letter slides aside or, as a fist, bounces, and J and Z are drawn.

    Raises:
        SettingsError: `text` is empty, too long or holds something else than A to Z, or `rate` is
            not 1 to 8.
    """
    if not text or not set(text) <= set(LETTERS) or len(text) > LONGEST:
        raise SettingsError(f"{text!r} is no word of 1 to {LONGEST} letters from A to Z.")
    if not SLOWEST <= rate <= FASTEST:
        raise SettingsError(f"The speed is {rate}; allowed are {SLOWEST:g} to {FASTEST:g}.")
    track = HandTrack()
    _WordWriter(text, rate, track).write()
    times = np.arange(0, track.now_s, 1 / FRAMES_PER_SECOND)
    lags = np.tile(np.array(_FINGER_LAGS), (len(track.keys), 1))
    points = turned_hands(track.keys, times, lags)
    points[..., :2] += track.places_at(times)[:, None].astype(np.float32)
    points.flags.writeable = False
    return SpelledWord(text, points, tuple(track.letters))


@lru_cache(maxsize=32)
def upon_wrist(letter: str) -> Hand:
    """Return the typical hand of a letter in palm lengths, the wrist at 0, fingers kept apart."""
    points = typical_points(letter)
    points = (points - points[0]) / palm_length(points)
    return np.asarray(keep_fingers_apart(points.astype(np.float32), 1.0), np.float32)


class _WordWriter:
    """Writes one word onto a track."""

    def __init__(self, text: str, rate: float, track: HandTrack) -> None:
        self._text, self._rate, self._track = text, rate, track
        self._hands = [upon_wrist(_BARE.get(letter, letter)) for letter in text]

    def write(self) -> None:
        track = self._track
        for place, letter in enumerate(self._text):
            whole = LETTER_TIME.get(letter, 1.0) / self._rate
            way = 0.0 if place == 0 else min(transition_s(self._rate), LARGEST_WAY_SHARE * whole)
            if place and self._text[place - 1] == letter:
                way = self._repeated(letter, place, max(way, min(0.2, LARGEST_WAY_SHARE * whole)))
            if letter in MOTION_LETTERS:
                self._stroke(letter, place, way)
            else:
                self._still(letter, place, way, whole)
        last = track.keys[-1]
        track.shape(last.points, last.end_s + 1e-3, last.end_s + _REST_S)
        track.now_s = last.end_s + _REST_S

    def _still(self, letter: str, place: int, way_s: float, whole_s: float) -> None:
        track = self._track
        start, end = track.now_s + way_s, track.now_s + whole_s
        hand = self._shaped(place)
        is_double = place and self._text[place - 1] == letter
        where = track.place if is_double else _before_the_eye(hand)
        track.go(start, where)
        track.go(end, where)
        track.shape(hand, start, end)
        track.show(letter, start, end)
        track.now_s = end

    def _shaped(self, place: int) -> Hand:
        """Let the fingers take after the neighbouring letters, the more the faster."""
        hand = self._hands[place]
        spread = hand.copy()
        strength = _SPREAD * haste(self._rate) if self._rate > SLOWEST else 0.0
        for part, most in SPREADING.items():
            for neighbour, share in ((place - 1, BEFORE), (place + 1, AFTER)):
                if 0 <= neighbour < len(self._hands):
                    way = finger_difference(hand, self._hands[neighbour], part)
                    spread[PART_POINTS[part]] += strength * most * share * way
        return spread

    def _repeated(self, letter: str, place: int, way_s: float) -> float:
        """Bounce a fist, slide any other hand aside; return the time that it takes."""
        track = self._track
        x, y = track.place
        if letter in _FISTS:
            track.go(track.now_s + way_s / 2, (x, y - _BOUNCE))
            track.go(track.now_s + way_s, (x, y))
        else:
            # Away from the body's middle: to the signer's right, the picture's left.
            track.go(track.now_s + way_s, (x - _SLIDE, y))
        return way_s

    def _stroke(self, letter: str, place: int, way_s: float) -> None:
        track, hand = self._track, self._hands[place]
        lasts = _STROKE_S[letter] * min(1.0, 0.5 + 1.5 / self._rate)
        share = np.linspace(0, 1, _STROKE_STEPS)
        if letter == "J":
            hands = j_hands(hand, JMotion(), share)
        else:
            hands = z_hands(hand, z_way(share, *_Z_SIZE), _Z_ARM, np.zeros_like(share))
        x, y = _before_the_eye(hand)
        if letter == "Z":
            x, y = x + _Z_SIZE[0] / 2, y - _Z_SIZE[1] / 4
        start = track.now_s + way_s
        for step, drawn in enumerate(hands.astype(np.float32)):
            time_s = start + lasts * share[step]
            track.go(time_s, (x + float(drawn[0, 0]), y + float(drawn[0, 1])))
            track.shape(drawn - drawn[:1], time_s, time_s, is_stroke=step < _STROKE_STEPS - 1)
        track.show(letter, start, start + lasts)
        track.now_s = start + lasts


def _before_the_eye(hand: Hand) -> tuple[float, float]:
    """Place the wrist so that hands that point aside or down stay near the middle."""
    low, high = hand[:, :2].min(axis=0), hand[:, :2].max(axis=0)
    middle = (low + high) / 2
    return -_FOLLOWED * float(middle[0]), -_FOLLOWED * float(middle[1] + 0.9)
