"""The speed at which a visit spells, by its name: how long a letter is held, or without holds."""

from collections.abc import Callable
from typing import Literal

from asl_core.live.visit import LiveVisit
from asl_core.spelling.letter_stabilizer import LetterStabilizer
from asl_core.spelling.settings import NATURAL, SPELLING_PRESETS, settings_of
from asl_core.spelling.signs import SignReader

Speed = Literal["beginner", "standard", "fluent", "fast", "natural"]
"""The names of SPELLING_PRESETS, and NATURAL."""

NaturalSource = Callable[[], SignReader]
"""Makes one visitor's reader of natural spelling; may raise ModelFileError."""

SPEEDS: tuple[str, ...] = (*SPELLING_PRESETS, NATURAL)


def spell_at(visit: LiveVisit, speed: str, natural: NaturalSource) -> None:
    """Let a visit spell at a speed from now on; at the one it has nothing changes.

    Raises:
        ModelFileError: natural spelling cannot be read; the visit goes on as it did.
        SettingsError: no speed has that name.
    """
    if speed == NATURAL:
        if not visit.spelling.is_natural:
            visit.read_with(natural())
        return
    settings = settings_of(speed)
    if visit.spelling.is_natural:
        visit.read_with(LetterStabilizer(visit.rejection_threshold, settings))
    elif visit.settings != settings:
        visit.settings = settings
