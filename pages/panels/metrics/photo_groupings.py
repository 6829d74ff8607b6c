"""The groupings of photos on the page "Who does it work for?", and their result in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from asl_core.records.evaluation_report import EvaluationReport, PhotoResult
from asl_core.records.photo_groups import (
    PhotoGroup,
    best_of,
    by_brightness,
    by_hand_pixels,
    by_hand_share,
    by_handedness,
    by_signer,
    static_photos,
    worst_of,
)
from pages.panels.charts.chart_style import percent

_NOTABLE = 0.03
"""A circumstance is mentioned if it lies this far below the accuracy over all photos."""


@dataclass(frozen=True)
class Grouping:
    """One grouping: its title, what it means, and how a group's name reads in a sentence."""

    title: str
    note: str
    phrase: str
    groups: tuple[PhotoGroup, ...]

    @property
    def is_measured(self) -> bool:
        """Whether the grouping tells any two photos apart."""
        return any(group.is_measured for group in self.groups)

    def named(self, groups: Sequence[PhotoGroup]) -> str:
        """Name some of the groups within a sentence, such as `tiny hands`."""
        names = [self.phrase.format(group.name) for group in groups]
        return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


_WAYS: tuple[tuple[str, str, str, Callable[[Sequence[PhotoResult]], tuple[PhotoGroup, ...]]], ...]
_WAYS = (
    ("Signer", "Each person who signed the photos.", "{}", by_signer),
    (
        "Light",
        "Mean brightness (luma, 0 to 255) of the whole photo, with or without a hand.",
        "{} photos",
        by_brightness,
    ),
    (
        "Share of the photo that the hand fills",
        "Longer side of the hand's 21 landmarks as a share of the photo's shorter side.",
        "{} hands",
        by_hand_share,
    ),
    (
        "Hand size in pixels",
        "The same side in pixels: how much detail is visible.",
        "hands of {}",
        by_hand_pixels,
    ),
    (
        "Left or right hand",
        "As the hand detector reports it; in a mirrored selfie a left hand looks like a right one.",
        "{}s",
        by_handedness,
    ),
)


def groupings_of(report: EvaluationReport) -> tuple[Grouping, ...]:
    """Group the report's photos of the 24 static letters in every way, signers first."""
    photos = static_photos(report)
    return tuple(Grouping(title, note, phrase, way(photos)) for title, note, phrase, way in _WAYS)


def best_and_worst(groupings: Sequence[Grouping], accuracy: float) -> str:
    """Say in Markdown for whom it works best and worst; `accuracy` (0-1) is over all photos."""
    signers, *circumstances = groupings
    best, worst = best_of(signers.groups), worst_of(signers.groups)
    if best:
        first = (
            f"It works best for **{signers.named(best)}** ({percent(best[0].accuracy)} read "
            f"correctly) and worst for **{signers.named(worst)}** ({percent(worst[0].accuracy)}); "
            f"over all photos, accuracy is {percent(accuracy)}."
        )
    elif len(signers.groups) == 1:
        first = f"It reads {percent(accuracy)} correctly; all photos are of one signer."
    else:
        first = f"It reads {percent(accuracy)} correctly, and every signer equally well."
    return f"{first} {_hardest_circumstances(circumstances, accuracy)}"


def _hardest_circumstances(groupings: Sequence[Grouping], accuracy: float) -> str:
    hard = [
        (
            worst[0].accuracy,
            f"**{grouping.named(worst)}** ({percent(worst[0].accuracy)}"
            + (", all of one signer)" if worst[0].signers == 1 else ")"),
        )
        for grouping in groupings
        if (worst := worst_of(grouping.groups)) and worst[0].accuracy < accuracy - _NOTABLE
    ]
    if not hard:
        return "Handedness, hand size and light make no great difference."
    return f"Hardest to read: {', '.join(words for _, words in sorted(hard))}."
