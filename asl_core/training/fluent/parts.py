"""Which habits of real signers and cameras the made-up streams show."""

from dataclasses import dataclass, fields, replace
from typing import Self

from asl_core.errors import SettingsError


@dataclass(frozen=True)
class Parts:
    """Parts of the stream maker; an ablation takes them away one by one.

    - names: texts that are no words, beside words.
    - finger_timing: fingers come too early or too late.
    - coarticulation: little finger and thumb take after the neighbouring letters, or stay as in
      the letter before.
    - letter_times: some letters last longer than others.
    - doubles: a repeated letter slides, bounces or opens.
    - arrivals: hands rise before a word and sink after it.
    - idle: hands that rest, wave, type, scratch and gesture.
    - numbers: digits beside words, which are no letters.
    - signed_strokes: J and Z as signed, beside those drawn by rule.
    - tilt: hands seen from aside, from above and near.
    - lost_frames: the detector loses the hand.
    """

    names: bool = True
    finger_timing: bool = True
    coarticulation: bool = True
    letter_times: bool = True
    doubles: bool = True
    arrivals: bool = True
    idle: bool = True
    numbers: bool = True
    signed_strokes: bool = True
    tilt: bool = True
    lost_frames: bool = True

    def without(self, name: str) -> Self:
        """Take one part away.

        Raises:
            SettingsError: there is no such part.
        """
        if name not in PART_NAMES:
            raise SettingsError(f"{name!r} is no part of the maker; {', '.join(PART_NAMES)} are.")
        return replace(self, **{name: False})


PART_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Parts))
