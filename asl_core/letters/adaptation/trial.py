"""Whether a taught hand helps: each of its photos is read as if it had not been taught."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.adaptation.own_letters import HandAdaptation
from asl_core.letters.adaptation.taught_hand import TaughtHand

LEAST_LETTERS = 20
"""Of 24; with fewer a letter that was not taught would be read as its taught neighbor."""

LEAST_TESTED = 12
"""Photos that can be left out, because their letter has another."""

ONE_HAND = 0.9
"""The median likeness of photos of one letter: below it they seem to show several people's hands,
or very different pictures."""

CLEARLY_FEWER = 3
"""So many errors less are believed all the same."""

Verdict = Literal["helps", "few letters", "few photos", "several hands", "no help"]


@dataclass(frozen=True)
class HandTrial:
    """What leaving out one photo at a time says of a taught hand.

    `tested` photos were left out, one after the other; `before` and `after` of them were read
    wrongly without and with the others. `loss_before` and `loss_after` are the mean negative
    log-likelihoods of the letters signed. `likeness` is the median of how like each is to the other
    photos of its letter. All are 0 where nothing could be tested.
    """

    letters: int
    tested: int
    before: int
    after: int
    loss_before: float
    loss_after: float
    likeness: float

    @property
    def verdict(self) -> Verdict:
        """Whether adaptation is to be used, else the reason why not."""
        if self.letters < LEAST_LETTERS:
            return "few letters"
        if self.tested < LEAST_TESTED:
            return "few photos"
        if self.likeness < ONE_HAND and self.before - self.after < CLEARLY_FEWER:
            return "several hands"
        is_better = self.after <= self.before and self.loss_after < self.loss_before
        return "helps" if is_better else "no help"

    @property
    def helps(self) -> bool:
        """Whether reading with the taught hand is better than without."""
        return self.verdict == "helps"


def try_hand(hand: TaughtHand, classes: tuple[str, ...]) -> HandTrial:
    """Read each photo of a letter with several as if it had not been taught."""
    tested = [n for n, photo in enumerate(hand.photos) if hand.count(photo.label) > 1]
    if not tested:
        return HandTrial(len(hand.letters), 0, 0, 0, 0.0, 0.0, 0.0)
    adaptation = HandAdaptation(hand, classes)
    labels = np.array([photo.label for photo in hand.photos])
    before, after, likeness = [], [], []
    for number in tested:
        photo = hand.photos[number]
        before.append(photo.evidence.log_probabilities)
        after.append(adaptation.read(photo.evidence, left_out=number).log_shares)
        alike = adaptation.likeness(photo.evidence)
        alike[number] = -1.0
        likeness.append(alike[labels == photo.label].max())
    truth = np.array([classes.index(hand.photos[number].label) for number in tested])
    return HandTrial(
        letters=len(hand.letters),
        tested=len(tested),
        before=_errors(np.stack(before), truth),
        after=_errors(np.stack(after), truth),
        loss_before=_loss(np.stack(before), truth),
        loss_after=_loss(np.stack(after), truth),
        likeness=float(np.median(likeness)),
    )


def _errors(log_shares: NDArray[np.float32], truth: NDArray[np.int64]) -> int:
    return int((log_shares.argmax(axis=1) != truth).sum())


def _loss(log_shares: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    return float(-log_shares[np.arange(len(truth)), truth].mean())


def trial_sentence(trial: HandTrial) -> str:
    """Say plainly what leaving out one photo at a time showed, and what follows."""
    counted = (
        f"With each photo read as if it had not been taught, {trial.before} of {trial.tested} were "
        f"read wrongly before and {trial.after} after"
    )
    match trial.verdict:
        case "helps":
            return f"{counted}: it helps, and is on."
        case "few letters":
            return (
                f"It stays off: {trial.letters} letters were taught, and at least {LEAST_LETTERS} "
                "are needed."
            )
        case "few photos":
            return (
                f"It stays off: whether it helps can be told from {LEAST_TESTED} photos whose "
                f"letter has another, and there are {trial.tested}."
            )
        case "several hands":
            return (
                f"{counted}. It stays off: the photos of one letter are so unlike each other "
                f"({trial.likeness:.2f}, where one hand has {ONE_HAND:g} and more) that they seem "
                "to be of several hands."
            )
        case "no help":
            return f"{counted}. It does not help, and stays off."
