import dataclasses

import numpy as np
import pytest

from asl_core.alphabet import STATIC_LETTERS
from asl_core.errors import HandFileError
from asl_core.letters.adaptation.taught_hand import MOST_PHOTOS_A_LETTER, TaughtHand, TaughtPhoto


def test_letters_and_what_is_missing(made_hand):
    hand = made_hand(letters=("C", "A"))
    assert hand.letters == ("A", "C")
    assert hand.missing == tuple(letter for letter in STATIC_LETTERS if letter not in "AC")
    assert hand.count("A") == 2
    assert hand.without_letter("A").letters == ("C",)


def test_of_too_many_photos_of_a_letter_the_oldest_goes(made_evidence):
    hand = TaughtHand("fake", "ab" * 32)
    seen = [made_evidence("A", seed=n) for n in range(MOST_PHOTOS_A_LETTER + 2)]
    hand = hand.with_photo("B", made_evidence("B"))
    for evidence in seen:
        hand = hand.with_photo("A", evidence)
    assert [p.evidence for p in hand.photos if p.label == "A"] == seen[2:]
    assert hand.count("B") == 1


@pytest.mark.parametrize("label", ["J", "Z", "a", "", "space"])
def test_a_letter_that_no_photo_shows_cannot_be_taught(made_evidence, label):
    with pytest.raises(ValueError, match="no letter that a photo can teach"):
        TaughtPhoto(label, made_evidence())


def test_a_model_without_features_is_refused_in_a_sentence(made_evidence):
    bare = dataclasses.replace(made_evidence(), picture=np.zeros(0, np.float32))
    with pytest.raises(HandFileError, match="crops-cnn names no features"):
        TaughtHand("crops-cnn", "ab" * 32).with_photo("A", bare)


@pytest.mark.parametrize("digest", ["cd" * 32, ""])
def test_another_model_is_refused_by_both_names(made_hand, digest):
    hand = made_hand(letters="A")
    hand.require_model("other", "ab" * 32)
    with pytest.raises(HandFileError, match=r"taught to the model fake \(abab.*not to other"):
        hand.require_model("other", digest)


def test_without_a_digest_on_both_sides_nothing_fits():
    with pytest.raises(HandFileError):
        TaughtHand("fake", "").require_model("fake", "")
