"""What teaching a recognizer a person's own letters gives, signer by signer, as plain values."""

from dataclasses import dataclass

from asl_core.records.json_file import JsonRecord

SCHEMA_VERSION = 1
OWN_HAND_FILE = "own-hand.json"
"""Beside `report.json` in the folder of an evaluation."""


@dataclass(frozen=True)
class OwnHandSeed:
    """One draw of a signer's photos.

    `taught` photos of `letters` letters were taught. Leaving one out at a time, `left_out_before`
    and `left_out_after` of `left_out` were read wrongly, and `verdict` says what came of that.
    `after` are the errors on the signer's other photos as a person would meet them: with the taught
    hand where it helps, without it elsewhere. `after_if_on` are those with it in any case.
    `likeness` is the median likeness of the other photos to the taught ones of their letter, 1 for
    the same photo; `nearly_alike` the share of them above 0.98.
    """

    seed: int
    letters: int
    taught: int
    left_out: int
    left_out_before: int
    left_out_after: int
    verdict: str
    after: int
    after_if_on: int
    likeness: float
    nearly_alike: float

    @property
    def is_on(self) -> bool:
        """Whether the taught hand was used."""
        return self.verdict == "helps"


@dataclass(frozen=True)
class OwnHandSigner:
    """One signer: `photos` of the static letters were read, `before` of them wrongly.

    `no_hand` further photos showed no hand, with or without teaching. `strangers` are photos of all
    other signers read with this signer's hand, over all seeds in which it is on; of them
    `strangers_before` were read wrongly without it and `strangers_after` with it.
    """

    signer: str
    photos: int
    no_hand: int
    before: int
    seeds: tuple[OwnHandSeed, ...]
    strangers: int
    strangers_before: int
    strangers_after: int

    @property
    def after(self) -> float:
        """The errors after teaching, the mean over the seeds."""
        return sum(seed.after for seed in self.seeds) / len(self.seeds)

    @property
    def lost_points(self) -> float:
        """How many percentage points more are read wrongly after teaching; negative: fewer."""
        return 100 * (self.after - self.before) / self.photos


@dataclass(frozen=True)
class OwnHandReport(JsonRecord):
    """One run taught by each signer of one split, `photos_a_letter` of the first third of theirs.

    Read are the photos of the last third. `before_calibration` and `after_calibration` are the
    expected calibration errors on them, 0-1. `motion` photos of J and Z, which are never taught,
    were read too, `motion_before` and `motion_after` (mean over the seeds) of them wrongly.
    In `sittings` sequences of photos of one other signer, `strangers_told` were told to be
    another's hand; in `own_sittings` of the signer's own photos `owners_told` were, wrongly.
    `seconds` is what making the adaptation and its trial took, the longest of all.
    """

    run: str
    photo_set: str
    split: str
    command: str
    created: str
    photos_a_letter: int
    signers: tuple[OwnHandSigner, ...]
    before_calibration: float
    after_calibration: float
    motion: int
    motion_before: int
    motion_after: float
    sittings: int
    strangers_told: int
    own_sittings: int
    owners_told: int
    seconds: float
    largest_file: int
    unreadable: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        if not self.signers or not all(signer.seeds for signer in self.signers):
            raise ValueError("signers or the seeds of one are missing")
        for signer in self.signers:
            worst = max(signer.before, *(seed.after for seed in signer.seeds))
            if signer.photos < 1 or worst > signer.photos:
                raise ValueError(f"{signer.signer} has {worst} errors in {signer.photos} photos")

    @property
    def photos(self) -> int:
        """The photos that were read, of all signers."""
        return sum(signer.photos for signer in self.signers)

    @property
    def before(self) -> int:
        """Errors without teaching, of all signers."""
        return sum(signer.before for signer in self.signers)

    @property
    def after(self) -> float:
        """Errors after teaching, of all signers, the mean over the seeds."""
        return sum(signer.after for signer in self.signers)

    @property
    def fallen_share(self) -> float:
        """The share of the errors that teaching takes away, 0-1; negative where it adds some."""
        return 1 - self.after / self.before if self.before else 0.0

    @property
    def worst_loss(self) -> float:
        """The most percentage points that a signer loses; 0 where none does."""
        return max(0.0, *(signer.lost_points for signer in self.signers))

    @property
    def stranger_shares(self) -> tuple[float, float]:
        """Shares of other signers' photos read wrongly without and with a taught hand, 0-1."""
        total = max(sum(signer.strangers for signer in self.signers), 1)
        before = sum(signer.strangers_before for signer in self.signers)
        after = sum(signer.strangers_after for signer in self.signers)
        return before / total, after / total
