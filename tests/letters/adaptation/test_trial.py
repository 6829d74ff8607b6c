import dataclasses

import pytest

from asl_core.alphabet import LETTERS, STATIC_LETTERS
from asl_core.letters.adaptation.trial import HandTrial, trial_sentence, try_hand


def test_a_hand_that_is_misread_is_helped(made_hand):
    trial = try_hand(made_hand(misread={"M": "N", "E": "S"}), LETTERS)
    assert (trial.letters, trial.tested, trial.before, trial.after) == (24, 48, 4, 0)
    assert trial.loss_after < trial.loss_before
    assert trial.likeness > 0.9
    assert trial.helps
    assert "4 of 48 were read wrongly before and 0 after" in trial_sentence(trial)


def test_photos_of_many_hands_are_noticed_and_left_alone(made_hand):
    trial = try_hand(made_hand(people=(0, 1)), LETTERS)
    assert trial.likeness < 0.6
    assert trial.verdict == "several hands"
    assert "several hands" in trial_sentence(trial)


def test_few_letters_and_single_photos_are_not_enough(made_hand):
    few = try_hand(made_hand(letters=STATIC_LETTERS[:19]), LETTERS)
    assert few.verdict == "few letters"
    assert "19 letters" in trial_sentence(few)
    single = try_hand(made_hand(photos=1), LETTERS)
    assert (single.tested, single.verdict) == (0, "few photos")


GOOD = HandTrial(24, 48, 3, 1, 0.3, 0.1, 0.97)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "helps"),
        ({"before": 0, "after": 0}, "helps"),
        ({"after": 4}, "no help"),
        ({"loss_after": 0.31}, "no help"),
        ({"likeness": 0.85}, "several hands"),
        ({"likeness": 0.85, "before": 13, "after": 9}, "helps"),
        ({"letters": 19}, "few letters"),
        ({"tested": 11}, "few photos"),
    ],
)
def test_the_verdict(changes, verdict):
    trial = dataclasses.replace(GOOD, **changes)
    assert trial.verdict == verdict
    assert trial.helps == (verdict == "helps")
    assert ("off" in trial_sentence(trial)) != trial.helps
