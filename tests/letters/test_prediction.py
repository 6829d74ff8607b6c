import numpy as np
import pytest

from asl_core.letters.prediction import LetterPrediction, ScoredLabel


def prediction(*shares, **views):
    return LetterPrediction(("A", "B", "C", "D"), np.array(shares, np.float32), **views)


def test_ranks_every_class_and_equal_ones_in_class_order():
    made = prediction(0.2, 0.3, 0.2, 0.3)
    assert [scored.label for scored in made.ranked] == ["B", "D", "A", "C"]
    assert made.best.label == "B"
    assert made.best.confidence == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("count", "labels"), [(0, []), (1, ["C"]), (3, ["C", "A", "D"]), (9, ["C", "A", "D", "B"])]
)
def test_top_gives_the_most_probable_first(count, labels):
    assert [s.label for s in prediction(0.3, 0.05, 0.5, 0.15).top(count)] == labels


@pytest.mark.parametrize(
    ("image", "landmark", "disagree"),
    [
        (None, None, False),
        (ScoredLabel("A", 0.9), None, False),
        (ScoredLabel("A", 0.9), ScoredLabel("A", 0.2), False),
        (ScoredLabel("A", 0.9), ScoredLabel("B", 0.9), True),
    ],
)
def test_views_disagree_only_if_both_were_asked(image, landmark, disagree):
    made = prediction(0.4, 0.3, 0.2, 0.1, image_best=image, landmark_best=landmark)
    assert made.views_disagree is disagree


def test_refuses_another_number_of_probabilities():
    with pytest.raises(ValueError, match="4 classes need as many probabilities"):
        prediction(0.5, 0.5)
