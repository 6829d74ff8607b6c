"""Simulated hands: streams of observations made of phases, sampled at any frame rate."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from asl_core.alphabet import KAGGLE_CLASSES, LETTERS
from asl_core.letters.motion.letter import MotionLetter
from asl_core.letters.prediction import LetterPrediction
from asl_core.spelling.settings import STANDARD
from asl_core.spelling.signs import HandObservation
from asl_core.spelling.speller import Speller

THRESHOLD = 0.8


def prediction(shares, classes=LETTERS):
    """Return a prediction with these shares; what is missing to 1 is spread over the others."""
    probabilities = np.zeros(len(classes), np.float32)
    for label, share in shares.items():
        probabilities[classes.index(label)] = share
    others = [i for i, label in enumerate(classes) if label not in shares]
    probabilities[others] = (1 - sum(shares.values())) / len(others)
    return LetterPrediction(classes, probabilities)


@dataclass
class Phase:
    seconds: float
    label: str | None = None  # None: no hand
    share: float = 0.95
    speed: float = 0.1
    flicker: float = 0.0
    tracing: bool = False
    is_silent: bool = False


@dataclass
class Stream:
    """Phases of a hand; `observations` samples them."""

    fps: float = 30.0
    jitter: float = 0.0  # share of an interval by which a frame may come early or late
    dropped: float = 0.0  # share of frames that never arrive
    seed: int = 0
    start_s: float = 100.0
    offset: float = 0.0  # where within an interval the first frame lies
    classes: tuple[str, ...] = LETTERS
    phases: list[Phase] = field(default_factory=list)
    motions: list[tuple[float, MotionLetter]] = field(default_factory=list)

    @property
    def now_s(self):
        return self.start_s + sum(phase.seconds for phase in self.phases)

    def hold(self, label, seconds=1.0, share=0.95, flicker=0.0, speed=0.1):
        self.phases.append(Phase(seconds, label, share, speed, flicker))
        return self

    def word(self, text, seconds=1.0, transit=0.35):
        for letter in text:
            self.hold(letter, seconds).move(transit)
        return self

    def move(self, seconds=0.35, label="?", speed=4.0, tracing=False):
        self.phases.append(Phase(seconds, label, 0.95, speed, tracing=tracing))
        return self

    def gone(self, seconds):
        self.phases.append(Phase(seconds))
        return self

    def silent(self, seconds):
        self.phases.append(Phase(seconds, is_silent=True))
        return self

    def stroke(self, letter, seconds=0.8, delay=0.1, tracing=True):
        """A J or Z, reported `delay` after its end."""
        start = self.now_s
        self.move(seconds, "I" if letter == "J" else "D", 3.0, tracing=tracing)
        drawn = MotionLetter(letter, start, start + seconds, 0.9)
        self.motions.append((start + seconds + delay, drawn))
        return self

    def _shown(self, phase, random):
        if phase.label is None:
            return None
        label = phase.label
        if label == "?":
            return prediction({random.choice(list("ABCDE")): 0.4 + 0.59 * random.random()})
        if random.random() < phase.flicker:
            label = random.choice([c for c in "AEMNST" if c != label])
        return prediction({label: phase.share}, self.classes)

    def observations(self):
        random = np.random.default_rng(self.seed)
        ends = np.cumsum([phase.seconds for phase in self.phases])
        count = int(np.ceil(ends[-1] * self.fps - self.offset))
        waiting = list(self.motions)
        for index in range(count):
            passed = (index + self.offset) / self.fps
            phase = self.phases[min(int(np.searchsorted(ends, passed, "right")), len(ends) - 1)]
            shown = self._shown(phase, random)
            time_s = self.start_s + passed + self.jitter * random.uniform(-0.5, 0.5) / self.fps
            if phase.is_silent or random.random() < self.dropped:
                continue
            drawn = None
            if waiting and time_s >= waiting[0][0]:
                drawn = waiting.pop(0)[1]
            yield HandObservation(time_s, shown, phase.speed, drawn, phase.tracing)

    def speller(self, settings=STANDARD, threshold=THRESHOLD):
        speller = Speller(threshold, settings)
        for observation in self.observations():
            speller.observe(observation)
        return speller

    def text(self, settings=STANDARD):
        return self.speller(settings).transcript.text


@pytest.fixture
def make_stream():
    """Return the function that begins a Stream; keyword arguments are its fields."""
    return Stream


@pytest.fixture
def make_prediction():
    """Return the function that makes a prediction from shares."""
    return prediction


@pytest.fixture
def kaggle_classes():
    """Return the 29 classes, with "del", "nothing" and "space"."""
    return KAGGLE_CLASSES
