"""A run's robustness: the same photos read as they are and distorted, as plain values."""

from dataclasses import dataclass, field

from asl_core.records.definitions import defined_as
from asl_core.records.json_file import JsonRecord

SCHEMA_VERSION = 1
ROBUSTNESS_FILE = "robustness.json"

MOST_COST_POINTS = 3.0
"""What a distortion may cost in points of accuracy; the project's own aim."""


@dataclass(frozen=True)
class RobustnessRow:
    """The photos read under one distortion.

    `lost` counts photos that were right before and are wrong now, `gained` the other way round.
    `cost_low` and `cost_high` are the 95 % interval of `cost_points` over photos (Agresti and Min
    2005, adjusted Wald for matched pairs). Photos of a burst are alike, so the true interval is
    wider. `no_hand_rate` is the share in which no hand was found.
    """

    name: str
    description: str
    changed: int = field(
        metadata=defined_as(
            "Photos that the distortion altered. One of the hand skips photos in which no hand is "
            "found, and “hand at 40 px” those whose hand is smaller already."
        )
    )
    accuracy: float
    no_hand_rate: float
    lost: int
    gained: int
    cost_points: float = field(
        metadata=defined_as(
            "Percentage points of accuracy lost: (photos lost - photos gained) / photos, times 100."
        )
    )
    cost_low: float
    cost_high: float

    @property
    def is_costly(self) -> bool:
        """Whether it costs more than MOST_COST_POINTS."""
        return self.cost_points > MOST_COST_POINTS


@dataclass(frozen=True)
class RobustnessReport(JsonRecord):
    """One run measured on the static letters of one split, as they are and distorted.

    Every photo goes the whole way, from the search for the hand on; one in which no letter was
    named counts as wrong. `photos` of the `available` ones were read: where they are fewer, the
    same number of each signer and letter, evenly spaced in the order of their names. `accuracy`
    and `no_hand_rate` are those of the photos as they are. `created` is an ISO 8601 time in UTC,
    `unreadable` holds one sentence for each photo that could not be decoded.
    """

    run: str
    photo_set: str
    split: str
    command: str
    created: str
    photos: int
    available: int
    accuracy: float
    no_hand_rate: float
    rows: tuple[RobustnessRow, ...]
    unreadable: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        if not 1 <= self.photos <= self.available:
            raise ValueError(f"photos is {self.photos}, of {self.available} available")
        for row in self.rows:
            if max(row.changed, row.lost, row.gained) > self.photos:
                raise ValueError(f"{row.name} counts more than the {self.photos} photos")

    @property
    def costly(self) -> tuple[RobustnessRow, ...]:
        """The distortions that cost too much, in their order."""
        return tuple(row for row in self.rows if row.is_costly)


def robustness_table(report: RobustnessReport) -> str:
    """Write the report as a Markdown table; what costs too much is in bold."""
    lines = [
        "| the photos are | right | no hand found | cost in points (95 % interval) |",
        "|---|---:|---:|---:|",
        f"| as they are | {report.accuracy:.1%} | {report.no_hand_rate:.1%} | |",
    ]
    for row in report.rows:
        cost = f"{row.cost_points:.1f} ({row.cost_low:.1f} to {row.cost_high:.1f})"
        lines.append(
            f"| {row.name} | {row.accuracy:.1%} | {row.no_hand_rate:.1%} "
            f"| {f'**{cost}**' if row.is_costly else cost} |"
        )
    return "\n".join(lines) + "\n"
