"""Every time and speed that decides when a held letter counts, and the named sets of them."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from asl_core.errors import SettingsError

LIMITS: dict[str, tuple[float, float]] = {
    "hold_seconds": (0.2, 5.0),
    "release_seconds": (0.1, 3.0),
    "slide_seconds": (0.05, 1.0),
    "space_seconds": (0.3, 10.0),
    "flicker_seconds": (0.0, 0.5),
    "smoothing_seconds": (0.01, 1.0),
    "still_speed": (0.1, 10.0),
    "slide_speed": (0.1, 20.0),
}
"""The smallest and the largest value of each setting."""


@dataclass(frozen=True)
class SpellingSettings:
    """When a sign becomes a letter. Times in seconds, speeds in palm lengths per second.

    - hold_seconds: a letter held this long is committed.
    - release_seconds: the same letter counts again after the hand was gone, moved or showed
      something else for this long.
    - slide_seconds, slide_speed: or after it slid aside faster than this for this long.
    - space_seconds: a hand lowered for this long types a space.
    - flicker_seconds: other readings shorter than this do not end a hold.
    - smoothing_seconds: time constant of the exponential average over predictions.
    - still_speed: a faster hand is in transit.

    Raises:
        SettingsError: a value is out of its range, or does not fit another one.
    """

    hold_seconds: float = 0.8
    release_seconds: float = 0.3
    slide_seconds: float = 0.12
    space_seconds: float = 1.0
    flicker_seconds: float = 0.15
    smoothing_seconds: float = 0.12
    still_speed: float = 1.0
    slide_speed: float = 1.5

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if not (math.isfinite(value) and low <= value <= high):
                raise SettingsError(f"{name} is {value}; it must be from {low} to {high}.")
        if self.flicker_seconds >= self.hold_seconds:
            raise SettingsError(
                f"flicker_seconds is {self.flicker_seconds}; "
                f"it must be below hold_seconds, {self.hold_seconds}."
            )
        if self.slide_speed < self.still_speed:
            raise SettingsError(
                f"slide_speed is {self.slide_speed}; "
                f"it must not be below still_speed, {self.still_speed}."
            )

    def as_json(self) -> dict[str, Any]:
        """Return the settings as plain JSON values."""
        return asdict(self)


BEGINNER = SpellingSettings(
    hold_seconds=1.2, release_seconds=0.4, space_seconds=1.6, flicker_seconds=0.2
)
"""Time to look up a hand shape; small slips do not end a hold."""

STANDARD = SpellingSettings()
"""A letter held for 0.8 s counts."""

FLUENT = SpellingSettings(
    hold_seconds=0.5, release_seconds=0.2, space_seconds=0.7, flicker_seconds=0.1
)
"""For a practised hand that does not rest on wrong shapes."""

FAST = SpellingSettings(
    hold_seconds=0.3,
    release_seconds=0.15,
    slide_seconds=0.1,
    space_seconds=0.5,
    flicker_seconds=0.07,
    smoothing_seconds=0.08,
)
"""About two letters a second; needs good light and a steady 20 pictures a second or more."""

SPELLING_PRESETS: dict[str, SpellingSettings] = {
    "beginner": BEGINNER,
    "standard": STANDARD,
    "fluent": FLUENT,
    "fast": FAST,
}

NATURAL = "natural"
"""Name of the speed beside the presets at which nothing is held; see docs/fluent.md."""


def settings_of(preset: str) -> SpellingSettings:
    """Return a preset by its name.

    Raises:
        SettingsError: no preset has that name.
    """
    if preset not in SPELLING_PRESETS:
        raise SettingsError(f"{preset!r} is no speed; known are {', '.join(SPELLING_PRESETS)}.")
    return SPELLING_PRESETS[preset]
