import numpy as np
import pytest

from asl_core.alphabet import LETTERS, STATIC_LETTERS
from asl_core.drawing.drawn_hand import draw_hand
from asl_core.drawing.spelled_word import FRAMES_PER_SECOND, spelled_word, upon_wrist
from asl_core.errors import SettingsError
from asl_core.hands.landmarks import HandLandmarks


def frame_of(word, place):
    """Return the number of the frame in the middle of a letter."""
    shown = word.letters[place]
    return round((shown.start_s + shown.end_s) / 2 * FRAMES_PER_SECOND)


@pytest.mark.parametrize("rate", [1.0, 3.0, 8.0])
def test_letters_come_in_order_as_fast_as_asked(rate):
    word = spelled_word("BANGKOK", rate)
    assert "".join(shown.letter for shown in word.letters) == "BANGKOK"
    starts = np.array([shown.start_s for shown in word.letters])
    assert np.diff(starts).mean() == pytest.approx(1 / rate, rel=0.15)
    assert all(shown.end_s > shown.start_s for shown in word.letters)
    assert word.letters[-1].end_s < word.seconds


def test_at_ease_each_letter_is_the_typical_hand():
    word = spelled_word("BAG", 1.0)
    for place, letter in enumerate("BAG"):
        hand = word.points[frame_of(word, place)]
        np.testing.assert_allclose(hand - hand[0], upon_wrist(letter), atol=1e-4)


def test_in_a_hurry_fingers_take_after_their_neighbours():
    slow, fast = (spelled_word("AYA", rate) for rate in (1.0, 6.0))
    tips = []
    for word in (slow, fast):
        hand = word.points[frame_of(word, 0)]
        tips.append(hand[20, 1] - hand[17, 1])
    assert tips[1] < tips[0] - 0.05, "the little finger of A is on its way up to Y"


def test_no_frame_jumps():
    word = spelled_word("QUIZ", 2.0)
    steps = np.abs(np.diff(word.points, axis=0)).max(axis=(1, 2))
    assert steps.max() < 1.2, "in palm lengths, within a thirtieth of a second"
    assert (steps > 0.01).sum() > 20, "and it moves"


@pytest.mark.parametrize(("text", "axis"), [("BEEF", 1), ("ROOM", 0)])
def test_a_double_letter_bounces_as_a_fist_and_slides_otherwise(text, axis):
    word = spelled_word(text, 2.0)
    first, second = (frame_of(word, place) for place in (1, 2))
    wrists = word.points[first : second + 1, 0]
    assert np.ptp(wrists[:, axis]) > 0.2
    if axis:
        assert wrists[-1, 1] == pytest.approx(wrists[0, 1], abs=0.02), "it comes back"
    else:
        assert wrists[-1, 0] < wrists[0, 0] - 0.4, "to the signer's right"


@pytest.mark.parametrize(("letter", "tip"), [("J", 20), ("Z", 8)])
def test_a_drawn_letter_moves_its_fingertip_far(letter, tip):
    word = spelled_word(letter, 1.0)
    assert np.ptp(word.points[:, tip, :2], axis=0).max() > 0.8


def test_the_same_word_is_the_same_hand():
    assert spelled_word("CAT", 2.5) is spelled_word("CAT", 2.5)
    with pytest.raises(ValueError, match="read-only"):
        spelled_word("CAT", 2.5).points[0] = 0


@pytest.mark.parametrize(
    ("text", "rate", "complaint"),
    [
        ("", 3.0, "'' is no word"),
        ("cat", 3.0, "'cat' is no word"),
        ("A" * 21, 3.0, "is no word of 1 to 20 letters"),
        ("CAT", 0.5, "The speed is 0.5; allowed are 1 to 8."),
        ("CAT", float("nan"), "The speed is nan"),
    ],
)
def test_what_cannot_be_spelled_is_refused(text, rate, complaint):
    with pytest.raises(SettingsError, match=complaint):
        spelled_word(text, rate)


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_can_stand_alone(letter):
    word = spelled_word(letter, 1.0)
    assert np.isfinite(word.points).all()
    assert 0.5 < word.seconds < 3


@pytest.mark.slow
def test_the_detector_finds_the_hand_on_its_way(photo_detector):
    word = spelled_word("BOY", 2.0)
    low, high = word.points[..., :2].min(axis=(0, 1)), word.points[..., :2].max(axis=(0, 1))
    found = 0
    numbers = range(0, len(word.points), 8)
    for number in numbers:
        points = word.points[number].copy()
        points[:, :2] -= (low + high) / 2
        points = points * 0.3 + [0.5, 0.5, 0]
        picture = draw_hand(HandLandmarks(points.astype(np.float32)), 320, 320)
        found += photo_detector.detect(picture) is not None
    assert found >= 0.8 * len(numbers)


def test_still_letters_stay_still():
    for letter in STATIC_LETTERS[:5]:
        points = spelled_word(letter, 1.0).points
        np.testing.assert_allclose(points, points[:1].repeat(len(points), 0), atol=1e-5)
