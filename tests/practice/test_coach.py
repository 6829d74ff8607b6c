from pathlib import Path

import numpy as np
import pytest

from asl_core.alphabet import STATIC_LETTERS
from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.errors import SettingsError
from asl_core.letter_tips import SHAPES, pair_tip
from asl_core.practice.coach import advise

LETTERS_FILE = Path(__file__).parents[3] / "shared/landmarks/letters.npz"


def hand(letter, is_left=False):
    points = letter_landmarks(letter, 640, 480).pixels_3d(640, 480)
    return points * np.array([-1 if is_left else 1, 1, 1], np.float32)


NAMED = [
    ("B", "F", "index finger", "Stretch your index finger more."),
    ("F", "B", "index finger", "Fold your index finger down."),
    ("U", "V", "index finger", "Bring your index finger and your middle finger together."),
    ("V", "U", "index finger", "Spread your index finger and your middle finger apart."),
    ("W", "V", "ring finger", "Stretch your ring finger more."),
    ("A", "Y", "little finger", "Fold your little finger down."),
    ("I", "A", "little finger", "Stretch your little finger more."),
    ("S", "A", "thumb", "Bend your thumb more."),
    ("D", "L", "thumb", "Move your thumb across the fingers, towards the little finger."),
    ("K", "V", "thumb", "Raise the tip of your thumb."),
    ("R", "U", "index finger", "Cross your middle finger over your index finger."),
    ("U", "H", "whole hand", "Turn your wrist so that the hand points up."),
]


@pytest.mark.parametrize(("target", "shown", "part", "sentence"), NAMED)
@pytest.mark.parametrize("is_left", [False, True])
def test_the_finger_that_differs_is_named(target, shown, part, sentence, is_left):
    advice = advise(target, shown, hand(shown, is_left), is_left)
    assert advice.part == part
    assert advice.changes[0].sentence == sentence
    assert advice.tip == pair_tip(target, shown)


@pytest.mark.parametrize("letter", STATIC_LETTERS)
def test_a_hand_that_is_as_it_should_be_needs_no_change(letter):
    advice = advise(letter, letter, hand(letter))
    assert advice.changes == ()
    assert SHAPES[letter] in advice.tip


def test_at_most_two_changes_are_told_the_larger_first():
    for target in STATIC_LETTERS:
        for shown in STATIC_LETTERS:
            changes = advise(target, shown, hand(shown)).changes
            sizes = [change.size for change in changes]
            assert len(changes) <= 2
            assert sizes == sorted(sizes, reverse=True)
            assert len({change.part for change in changes}) == len(changes)


def test_without_a_hand_the_tip_remains():
    advice = advise("K", "V", None)
    assert advice.part is None
    assert advice.tip == pair_tip("K", "V")


def test_a_stroke_is_not_compared_with_a_still_hand():
    assert advise("J", "I", hand("I")).changes == ()


def test_there_must_be_a_letter_to_compare_with():
    with pytest.raises(SettingsError):
        advise("?", "A", hand("A"))


@pytest.mark.shared
@pytest.mark.skipif(not LETTERS_FILE.is_file(), reason="../shared/landmarks is not here")
@pytest.mark.parametrize(
    ("target", "shown", "parts"),
    [
        ("U", "V", {"index finger"}),
        ("W", "V", {"ring finger"}),
        ("I", "Y", {"thumb"}),
        ("F", "B", {"index finger", "thumb"}),
        ("K", "V", {"thumb"}),
        ("A", "Y", {"little finger"}),
    ],
)
def test_on_hands_of_many_people_the_same_finger_is_named(target, shown, parts):
    with np.load(LETTERS_FILE) as file:
        chosen = (file["label"] == shown) & (file["note"] == "ok")
        hands, signers = file["landmarks"][chosen].astype(np.float32), file["signer"][chosen]
    known = ~np.isnan(hands).any(axis=(1, 2))
    hands, signers = hands[known], signers[known]
    firsts = np.unique(signers, return_index=True)[1]
    named = [advise(target, shown, hands[first]).part for first in firsts]
    assert len(named) > 30
    assert np.mean([part in parts for part in named]) > 0.85
