"""Decides whether a browser reads its next frame with the picture network."""

from asl_core.live.camera import LiveMarks
from asl_core.live.device_frame import DeviceFrame

LONGEST_WITHOUT_S = 0.4
"""So long one look at the picture counts. A letter held for 0.8 s, the standard, is looked at three
times; a hand that changes so little that its landmarks stay sure is found out before it counts."""


class PictureNeed:
    """Remembers which letter of one stream was last confirmed by a picture; not thread-safe.

    The picture network takes a browser nearly half of a frame's time, and of a hand whose landmarks
    are clear it says nothing new. It is left out while a letter is held, or stays after it counted,
    that a picture has confirmed and of which the landmark network alone is sure
    (`LetterPrediction.landmarks_suffice`), for LONGEST_WITHOUT_S at most. Each doubt, each other
    letter, a hand that moves, a stroke of J or Z and natural spelling want the picture: there
    letters are short, and the search counts a picture for five times as much as landmarks.
    """

    def __init__(self) -> None:
        self._letter: str | None = None
        self._confirmed_s = 0.0

    def after(self, seen: DeviceFrame, marks: LiveMarks | None) -> bool:
        """Return whether the frame after `seen`, of which `marks` tell, needs its picture."""
        letter = _sure_letter(marks)
        if letter is not None and seen.log_probabilities is not None:
            self._letter, self._confirmed_s = letter, seen.time_s
            return False
        is_fresh = seen.time_s - self._confirmed_s < LONGEST_WITHOUT_S
        if letter is None or letter != self._letter or not is_fresh:
            self._letter = None
            return True
        return False


def _sure_letter(marks: LiveMarks | None) -> str | None:
    """Return the letter that is held or stays, if the landmark network alone is sure of it."""
    if marks is None or marks.reading.prediction is None:
        return None
    prediction, state = marks.reading.prediction, marks.spelled.state
    is_held = not state.is_natural and state.waits_for in ("hold", "release")
    return prediction.best.label if is_held and prediction.landmarks_suffice else None
