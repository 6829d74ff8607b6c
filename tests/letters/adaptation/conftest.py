"""Hands made up of directions: each letter points its own way, each person leans aside a little."""

import numpy as np
import pytest

from asl_core.alphabet import LETTERS, STATIC_LETTERS
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.letters.prediction import HandEvidence, log_softmax, unit

DIGEST = "ab" * 32
WIDTH = 64


@pytest.fixture
def made_evidence():
    """Return a function that makes what is seen of a letter: (letter, read_as, seed, person)."""

    def make(letter="A", read_as=None, seed=0, person=0, sure=4.0):
        directions = np.random.default_rng(person).normal(0, 1, (26, WIDTH)).astype(np.float32)
        noise = np.random.default_rng(1000 + seed).normal(0, 0.15, WIDTH).astype(np.float32)
        features = unit(directions[LETTERS.index(letter)] + noise)
        logits = np.zeros(26, np.float32)
        logits[LETTERS.index(read_as or letter)] = sure
        return HandEvidence(
            log_softmax(logits), features, features[:48] / np.linalg.norm(features[:48])
        )

    return make


@pytest.fixture
def made_hand(made_evidence):
    """Return a function that teaches two photos of each letter; `misread` maps letters."""

    def make(letters=STATIC_LETTERS, misread=None, photos=2, people=(0,)):
        hand = TaughtHand("fake", DIGEST)
        for number in range(photos):
            for letter in letters:
                person = people[number % len(people)]
                read_as = (misread or {}).get(letter)
                seen = made_evidence(
                    letter, read_as, seed=number * 100 + ord(letter), person=person
                )
                hand = hand.with_photo(letter, seen)
        return hand

    return make
