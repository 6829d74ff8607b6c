from types import SimpleNamespace

import numpy as np
import pytest

from asl_core.letters.prediction import LetterPrediction
from asl_core.live.camera_hints import Light
from asl_core.live.device_frame import DeviceFrame
from asl_core.live.picture_need import LONGEST_WITHOUT_S, PictureNeed
from asl_core.spelling.signs import SpellingState

CLASSES = ("A", "B")
STEP_S = LONGEST_WITHOUT_S / 3.6


def marks(letter="A", waits_for="hold", suffices=True, natural=False):
    """Make what LiveMarks tell of a hand that shows `letter`; of no hand where it is None."""
    prediction = None
    if letter is not None:
        shares = np.where(np.array(CLASSES) == letter, 0.97, 0.03).astype(np.float32)
        prediction = LetterPrediction(CLASSES, shares, landmarks_suffice=suffices)
    state = SpellingState(waits_for=waits_for, is_natural=natural)
    return SimpleNamespace(
        reading=SimpleNamespace(prediction=prediction), spelled=SimpleNamespace(state=state)
    )


class Stream:
    """A browser that obeys: it reads the picture where it was told to."""

    def __init__(self):
        self.need, self.wants, self.number = PictureNeed(), True, 0

    def see(self, shown, with_picture=None):
        self.number += 1
        has_picture = self.wants if with_picture is None else with_picture
        answers = np.zeros(2, np.float32) if has_picture else None
        seen = DeviceFrame(
            self.number,
            self.number * STEP_S,
            *(640, 480, Light(120.0, 120.0)),
            log_probabilities=answers,
        )
        self.wants = self.need.after(seen, shown)
        return self.wants


@pytest.fixture
def stream():
    return Stream()


@pytest.mark.parametrize("waits_for", ["hold", "release"])
def test_a_letter_that_is_held_goes_without_its_picture(stream, waits_for):
    assert not stream.see(marks(waits_for=waits_for))
    assert not stream.see(marks(waits_for=waits_for))


def test_a_held_letter_is_looked_at_again_and_again(stream):
    wanted = [stream.see(marks()) for _ in range(11)]
    assert wanted == [False] * 4 + [True] + [False] * 4 + [True, False]


DOUBTS = {
    "landmarks that are not sure": marks(suffices=False),
    "a reading that is not sure": marks(waits_for="certainty"),
    "a hand that moves": marks(waits_for="stillness"),
    "a stroke": marks(waits_for="stroke"),
    "natural spelling": marks(natural=True),
    "another letter": marks("B"),
    "no hand": marks(None, waits_for="hand"),
    "a frame that was not read": None,
}


@pytest.mark.parametrize("shown", DOUBTS.values(), ids=DOUBTS.keys())
def test_any_doubt_wants_the_next_picture(stream, shown):
    assert not stream.see(marks())
    assert stream.see(shown, with_picture=False)


@pytest.mark.parametrize("shown", DOUBTS.values(), ids=DOUBTS.keys())
def test_after_a_doubt_a_picture_has_to_confirm_the_letter(stream, shown):
    stream.see(marks())
    stream.see(shown, with_picture=False)
    assert stream.see(marks(), with_picture=False)
    assert not stream.see(marks(), with_picture=True)


def test_another_letter_that_a_picture_confirms_goes_without_the_next(stream):
    stream.see(marks("A"))
    assert not stream.see(marks("B"), with_picture=True)
    assert not stream.see(marks("B"))
