"""How the natural mode weighs what it sees; kept beside the weights in `fluent.json`."""

import math
from dataclasses import dataclass

from asl_core.errors import SettingsError

LIMITS: dict[str, tuple[float, float]] = {
    "stream_weight": (0.0, 10.0),
    "stream_floor": (-50.0, 0.0),
    "shape_weight": (0.0, 10.0),
    "picture_weight": (0.0, 10.0),
    "stillness_gain": (0.0, 20.0),
    "still_speed": (0.01, 10.0),
    "letter_floor": (-50.0, 0.0),
    "blank_level": (-20.0, 0.0),
    "blank_per_speed": (0.0, 20.0),
    "blank_bonus": (-10.0, 10.0),
    "letter_cost": (0.0, 20.0),
    "order_weight": (0.0, 10.0),
    "least_letter_s": (0.0, 0.5),
    "least_lone_s": (0.0, 2.0),
    "least_short_confidence": (0.0, 1.0),
    "longest_open_s": (0.5, 10.0),
    "gone_s": (0.2, 5.0),
    "idle_s": (0.2, 10.0),
}
"""The smallest and the largest value of each setting."""


SHORT_WORD = 3
"""Letters of a word that must be sure to count as one."""


@dataclass(frozen=True)
class FluentSettings:
    """Weights of the networks, and times in seconds; scores are in nats.

    - stream_weight, shape_weight, picture_weight: of the streaming network, of the landmark
      network on a still hand, and of the picture recognizer in its place where a frame has it.
    - stream_floor: no class is less likely than this to the streaming network, which may be sure
      of what is wrong.
    - stillness_gain, still_speed: a hand at rest counts 1 + gain times as much as one in motion;
      the gain falls by e for each `still_speed` (hand sizes a second).
    - letter_floor: no letter is less likely than this in a still hand.
    - blank_level, blank_per_speed: blank beside the still hand's letters, more for a fast hand.
    - blank_bonus: speaks for blank at any time; below 0, as made-up streams hold more of it than
      real ones.
    - letter_cost: each letter costs this much.
    - order_weight: of how likely a letter is after the one before it.
    - least_letter_s: a letter lasts at least so long.
    - least_lone_s: a letter that is alone in its word lasts at least so long; hands that pass by
      show something for less.
    - least_short_confidence: the letters of a word of at most SHORT_WORD letters are at least so
      sure on the mean; a hand that types or scratches shows few and unsure ones.
    - longest_open_s: after so long a letter is settled in any case.
    - gone_s: a word ends when no hand was seen for so long.
    - idle_s: or when a hand that is seen spelled nothing for so long.

    The values were chosen on made-up sequences of validation signers and a few real ones.

    Raises:
        SettingsError: a value is out of its range.
    """

    stream_weight: float = 1.0
    stream_floor: float = -6.0
    shape_weight: float = 0.3
    picture_weight: float = 1.6
    stillness_gain: float = 3.0
    still_speed: float = 0.5
    letter_floor: float = -6.0
    blank_level: float = -2.0
    blank_per_speed: float = 0.1
    blank_bonus: float = -3.0
    letter_cost: float = 3.0
    order_weight: float = 1.0
    least_letter_s: float = 0.1
    least_lone_s: float = 0.8
    least_short_confidence: float = 0.88
    longest_open_s: float = 3.0
    gone_s: float = 0.7
    idle_s: float = 1.5

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if not (math.isfinite(value) and low <= value <= high):
                raise SettingsError(f"{name} is {value}; it must be from {low} to {high}.")
