"""Made-up streams show what they say, and only the parts that are asked for."""

import numpy as np
import pytest

from asl_core.alphabet import STATIC_LETTERS
from asl_core.drawing.drawn_letters import typical_points
from asl_core.errors import SettingsError
from asl_core.letters.motion.features import palm_lengths
from asl_core.training.fluent.parts import PART_NAMES, Parts
from asl_core.training.fluent.poses import PoseBook, in_palm_lengths, pose_book
from asl_core.training.fluent.signer import DIGITS, Signer
from asl_core.training.fluent.stream_maker import SpelledStreamMaker
from asl_core.training.fluent.strokes import STEPS, stroke_bank
from asl_core.training.fluent.surroundings import IDLE_KINDS
from asl_core.training.fluent.word_speller import WordSpeller
from asl_core.training.fluent.words import Texts

WORDS = ("HELLO", "WORLD", "JAZZ", "QUIZ", "ROOM")


@pytest.fixture(scope="module")
def book():
    """Two signers, the second of whom lacks X."""
    points = np.stack([typical_points(letter) for letter in STATIC_LETTERS]).astype(np.float32)
    letters = np.array(STATIC_LETTERS)
    both = np.concatenate([points, 1.1 * points])
    signers = np.repeat(["anna", "ben"], len(letters))
    keep = ~((signers == "ben") & (np.tile(letters, 2) == "X"))
    return pose_book(both[keep], np.tile(letters, 2)[keep], signers[keep])


def maker(book, seed=0, parts=None):
    random = np.random.default_rng(seed)
    bank = stroke_bank(None, book, 4, random)
    return SpelledStreamMaker(book, bank, Texts(WORDS, random), random, parts)


def test_a_stream_shows_its_letters_in_order(book):
    stream = maker(book).spelled("JAZZ", 3.0, is_alone=True)
    assert stream.text == "JAZZ"
    starts = [letter.start_s for letter in stream.letters]
    assert starts == sorted(starts)
    assert all(letter.end_s > letter.start_s for letter in stream.letters)
    assert stream.letters[-1].end_s <= stream.hand.times_s[-1] + 0.1


@pytest.mark.slow
@pytest.mark.parametrize("rate", [1.5, 3.0, 6.5])
def test_letters_come_as_fast_as_asked(book, rate):
    streams = [maker(book, seed).spelled("HELLO", rate, is_alone=True) for seed in range(12)]
    periods = [np.diff([x.start_s for x in stream.letters]).mean() for stream in streams]
    assert np.mean(periods) == pytest.approx(1 / rate, rel=0.3)


def test_the_same_seed_gives_the_same_stream(book):
    one, two = (maker(book, 7).draw() for _ in range(2))
    np.testing.assert_array_equal(one.hand.points, two.hand.points)
    assert one.text == two.text


@pytest.mark.slow
def test_times_rise_and_some_frame_has_a_hand(book):
    made = maker(book)
    for _ in range(60):
        hand = made.draw().hand
        assert (np.diff(hand.times_s) > 0).all() and hand.is_present.any()
        assert np.isfinite(hand.points[..., :2]).all()


@pytest.mark.slow
def test_hands_without_a_depth_are_seen_as_well(book):
    flat = {
        signer: {letter: hands.copy() for letter, hands in own.items()}
        for signer, own in book.signers.items()
    }
    for hands in flat["ben"].values():
        hands[..., 2] = np.nan
    made = maker(book)
    mixed = SpelledStreamMaker(PoseBook(flat), made._strokes, made._texts, made._random)
    streams = [mixed.draw() for _ in range(40)]
    assert all(np.isfinite(stream.hand.points[..., :2]).all() for stream in streams)
    known = [bool(np.isfinite(stream.hand.points[..., 2]).all()) for stream in streams]
    assert 0 < sum(known) < len(known)


@pytest.mark.parametrize("kind", IDLE_KINDS)
def test_idle_hands_move_and_spell_nothing(book, kind):
    stream = maker(book).idle(kind)
    assert stream.text == "" and len(stream.hand.times_s) > 8
    assert np.ptp(stream.hand.points[..., 0], axis=0).max() > 0


def test_a_number_shows_no_letter(book):
    stream = maker(book).counting(2.0)
    assert stream.text == "" and stream.hand.is_present.any()


@pytest.mark.parametrize(
    ("digit", "stretched", "bent"), [("3", 8, 16), ("5", 16, None), ("7", 20, 16), ("8", 8, 12)]
)
def test_a_digit_has_fingers_of_letters(book, digit, stretched, bent):
    hand = Signer(book, np.random.default_rng(0)).digit(digit)
    tips = np.linalg.norm(hand - hand[0], axis=1)
    assert tips[stretched] > 1.1
    assert bent is None or tips[bent] < 0.75 * tips[stretched]


def test_numbers_stand_before_words_and_add_no_letter(book, monkeypatch):
    counted = []
    count = WordSpeller.count
    monkeypatch.setattr(
        WordSpeller,
        "count",
        lambda self, digits, track: counted.append(digits) or count(self, digits, track),
    )
    with_numbers = maker(book, 2)
    texts = [with_numbers.spelled("ROOM", 3.0).text[:4] for _ in range(60)]
    assert set(texts) == {"ROOM"} and counted
    assert set("".join(counted)) <= set(DIGITS) and max(map(len, counted)) <= 4
    counted.clear()
    without = maker(book, 2, Parts().without("numbers"))
    for _ in range(30):
        without.spelled("ROOM", 3.0)
    assert not counted


def test_a_stretched_thumb_may_stay_through_the_next_letter(book):
    def thumbs(text):
        made = maker(book, 4, Parts(finger_timing=False, tilt=False, lost_frames=False))
        speller = WordSpeller(Signer(book, made._random), made._strokes, 3.0, Parts(), made._random)
        hands = [made._book.signers["anna"][letter][0] for letter in text]
        shaped = [speller._shaped(text, list(hands), 1) for _ in range(80)]
        return np.array([np.linalg.norm(hand[4, :2] - hand[5, :2]) for hand in shaped])

    # As far as in the L before it, now and then; never after an R, whose thumb is bent.
    own, before = (typical_reach(book, letter) for letter in "IL")
    middle = (own + before) / 2
    assert 0.1 < (thumbs("LI") > middle).mean() < 0.6
    assert (thumbs("RI") > middle).mean() == 0


def typical_reach(book, letter):
    hand = book.signers["anna"][letter][0]
    return np.linalg.norm(hand[4, :2] - hand[5, :2])


@pytest.mark.parametrize("name", PART_NAMES)
def test_a_part_can_be_left_out(book, name):
    parts = Parts().without(name)
    assert getattr(parts, name) is False
    made = maker(book, 1, parts)
    assert len([made.draw() for _ in range(5)]) == 5


def test_without_lost_frames_the_hand_is_there_until_it_leaves(book):
    made = maker(book, 3, Parts().without("lost_frames"))
    for _ in range(20):
        stream = made.spelled("HELLO", 3.0, is_alone=True)
        inside = (stream.hand.times_s >= stream.letters[0].start_s) & (
            stream.hand.times_s <= stream.letters[-1].end_s
        )
        assert stream.hand.is_present[inside].all()


def test_an_unknown_part_is_refused():
    with pytest.raises(SettingsError, match="'speed' is no part"):
        Parts().without("speed")


def test_strokes_begin_at_the_wrist(book):
    bank = stroke_bank(None, book, 3, np.random.default_rng(0))
    for letter in "JZ":
        assert bank.hands[letter].shape == (3, STEPS, 21, 3)
        np.testing.assert_allclose(bank.hands[letter][:, 0, 0], 0, atol=1e-5)
        assert (bank.seconds[letter] > 0.2).all()


def test_hands_are_told_in_palm_lengths():
    hand = typical_points("B")[None] * 37 + 5
    found = in_palm_lengths(hand.astype(np.float32))
    np.testing.assert_allclose(found[:, 0], 0, atol=1e-5)
    assert 0.8 < palm_lengths(found)[0] <= 1.001


def test_signers_with_too_few_letters_spell_no_words(book):
    few = np.stack([typical_points("A")] * 3).astype(np.float32)
    assert pose_book(few, np.array(["A", "B", "C"]), np.array(["x"] * 3)).signers == {}


def test_books_are_parted_and_joined(book):
    anna, ben = book.only(frozenset({"anna"})), book.without(frozenset({"anna"}))
    assert (anna.names, ben.names) == (("anna",), ("ben",))
    assert anna.joined(ben).names == book.names
    assert isinstance(anna, PoseBook) and ben.with_letter("X") == ()
