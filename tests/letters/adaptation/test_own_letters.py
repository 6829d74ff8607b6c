import dataclasses

import numpy as np
import pytest

from asl_core.alphabet import LETTERS, STATIC_LETTERS
from asl_core.letters.adaptation.own_letters import WEIGHT, HandAdaptation
from asl_core.letters.adaptation.taught_hand import TaughtHand


def read(hand, evidence, **more):
    own = HandAdaptation(hand, LETTERS).read(evidence, **more)
    assert np.isclose(np.exp(own.log_shares).sum(), 1, atol=1e-5)
    return LETTERS[int(own.log_shares.argmax())], own


def test_a_letter_that_the_networks_misread_is_read_as_it_was_taught(made_hand, made_evidence):
    hand = made_hand(misread={"M": "N"})
    seen = made_evidence("M", read_as="N", seed=7, sure=3.0)
    assert LETTERS[int(seen.log_probabilities.argmax())] == "N"
    letter, own = read(hand, seen)
    assert letter == "M"
    assert own.nearness > 0.9


def test_a_stranger_is_read_almost_as_without(made_hand, made_evidence):
    seen = made_evidence("M", person=5)
    letter, own = read(made_hand(), seen)
    assert letter == "M"
    assert own.nearness < 0.6
    assert np.allclose(own.log_shares, seen.log_probabilities, atol=0.01)


def test_letters_not_taught_keep_their_odds_among_each_other(made_hand, made_evidence):
    seen = made_evidence("J", read_as="J", seed=3)
    _, own = read(made_hand(), seen)
    j, z = LETTERS.index("J"), LETTERS.index("Z")
    before = seen.log_probabilities[j] - seen.log_probabilities[z]
    assert own.log_shares[j] - own.log_shares[z] == pytest.approx(before, abs=1e-4)


def test_an_i_read_as_j_becomes_an_i_again_and_a_j_unlike_all_stays(made_hand, made_evidence):
    hand = made_hand()
    mistaken = made_evidence("I", read_as="J", seed=5, sure=3.5)
    assert read(hand, mistaken)[0] == "I"
    assert read(hand, made_evidence("J", seed=6))[0] == "J"


def test_a_photo_left_out_says_nothing_of_itself(made_hand):
    hand = made_hand(photos=1)
    number = [photo.label for photo in hand.photos].index("W")
    seen = hand.photos[number].evidence
    adaptation = HandAdaptation(hand, LETTERS)
    assert adaptation.read(seen).nearness == pytest.approx(1, abs=1e-5)
    assert adaptation.read(seen, left_out=number).nearness < 0.7
    assert adaptation.read(seen).nearness == pytest.approx(1, abs=1e-5), "the memory was changed"


def test_the_order_of_the_classes_is_the_model_s(made_hand, made_evidence):
    hand, seen = made_hand(misread={"M": "N"}), made_evidence("M", "N", seed=7, sure=3.0)
    _, own = read(hand, seen)
    turned = dataclasses.replace(seen, log_probabilities=seen.log_probabilities[::-1])
    back = HandAdaptation(hand, LETTERS[::-1]).read(turned)
    assert np.allclose(back.log_shares[::-1], own.log_shares, atol=1e-5)


def test_without_landmarks_the_picture_decides_alone(made_hand, made_evidence):
    hand = made_hand()
    photos = tuple(
        dataclasses.replace(p, evidence=dataclasses.replace(p.evidence, landmarks=None))
        for p in hand.photos
    )
    bare = dataclasses.replace(hand, photos=photos)
    seen = made_evidence("M", seed=8)
    likeness = HandAdaptation(bare, LETTERS).likeness(seen)
    pictures = np.array([p.evidence.picture @ seen.picture for p in photos])
    assert np.allclose(likeness, pictures, atol=1e-6)


def test_a_model_of_the_taught_letters_alone_has_no_others(made_hand, made_evidence):
    seen = made_evidence("B")
    places = [LETTERS.index(letter) for letter in STATIC_LETTERS]
    known = seen.log_probabilities[places]
    own = HandAdaptation(made_hand(), STATIC_LETTERS).read(
        dataclasses.replace(seen, log_probabilities=known - np.logaddexp.reduce(known))
    )
    assert STATIC_LETTERS[int(own.log_shares.argmax())] == "B"


def test_the_networks_are_never_silenced():
    assert 0 < WEIGHT < 1


def test_nothing_taught_is_refused():
    with pytest.raises(ValueError, match="no photo"):
        HandAdaptation(TaughtHand("fake", "ab" * 32), LETTERS)
