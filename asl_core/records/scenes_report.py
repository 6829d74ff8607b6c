"""What a run reads in scenes where nobody raises a hand, as plain values."""

from dataclasses import dataclass, field

from asl_core.records.definitions import defined_as
from asl_core.records.json_file import JsonRecord

SCHEMA_VERSION = 1
SCENES_FILE = "scenes.json"

MOST_LETTER_SHARE = 0.005
"""Share of empty scenes in which a letter may be read; the project's own aim."""


@dataclass(frozen=True)
class SceneCounts:
    """In how many of `scenes` what was read.

    `hands`: a hand was found. `letters`: a letter was named at all, however unsure, in a hand or in
    the whole picture. `whole_pictures`: a letter was named though no hand was found.
    """

    scenes: int
    hands: int
    letters: int
    sure: int = field(
        metadata=defined_as(
            "A letter counts as confident at or above the run's rejection threshold; pages then "
            "show it without calling it uncertain."
        )
    )
    whole_pictures: int

    @property
    def letter_share(self) -> float:
        """Share of the scenes in which a letter was named at all, in 0-1."""
        return self.letters / self.scenes

    @property
    def sure_share(self) -> float:
        """Share of the scenes in which a letter was named as sure, in 0-1."""
        return self.sure / self.scenes


@dataclass(frozen=True)
class SceneLetter:
    """A scene in which a letter was read: the most confident one; `mode` is "photo" or "live"."""

    scene_id: str
    source: str
    mode: str
    letter: str
    confidence: float
    hand_found: bool


@dataclass(frozen=True)
class ScenesReport(JsonRecord):
    """One run shown the scenes of one split.

    `photo`: each scene read as a person's photo. `live`: each scene shown to a fresh camera run
    for `live_seconds` at `live_rate` frames a second, a scene counting where any frame does;
    `written` counts the scenes in which the live page's rules wrote a letter. `letters` lists every
    scene in which one was named. `created` is an ISO 8601 time in UTC, `unreadable` holds one
    sentence for each scene that could not be decoded.
    """

    run: str
    scenes: str
    split: str
    command: str
    created: str
    rejection_threshold: float
    photo: SceneCounts
    live: SceneCounts
    live_seconds: float
    live_rate: float
    written: int
    letters: tuple[SceneLetter, ...] = ()
    unreadable: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        for name, counts in (("photo", self.photo), ("live", self.live)):
            parts = (counts.hands, counts.letters, counts.sure, counts.whole_pictures)
            if counts.scenes < 1 or max(parts) > counts.scenes or min(parts) < 0:
                raise ValueError(f"{name} counts {max(parts)} of {counts.scenes} scenes")


def scenes_table(report: ScenesReport) -> str:
    """Write the report as a Markdown table."""
    lines = [
        "| empty scenes | scenes | a hand found | a letter named | named as sure | written |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, counts, written in (
        ("as photos", report.photo, ""),
        ("before the camera", report.live, str(report.written)),
    ):
        lines.append(
            f"| {name} | {counts.scenes} | {counts.hands} | {counts.letters} "
            f"({counts.letter_share:.1%}) | {counts.sure} ({counts.sure_share:.1%}) | {written} |"
        )
    return "\n".join(lines) + "\n"
