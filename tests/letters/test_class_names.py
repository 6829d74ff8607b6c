"""Class names in each form that training scripts write; none is ever guessed."""

import pytest

from asl_core.alphabet import LETTERS
from asl_core.errors import ModelFileError
from asl_core.letters.class_names import checkpoint_classes

# Without J and Z, as many data sets are: with A to Z assumed every label after I is shifted.
NAMES = [letter for letter in LETTERS if letter not in "JZ"]
BY_INDEX = dict(enumerate(NAMES))
FORMS = {
    "a list": NAMES,
    "a tuple": tuple(NAMES),
    "index to name": BY_INDEX,
    "index as text to name": {str(index): name for index, name in BY_INDEX.items()},
    "name to index": {name: index for index, name in BY_INDEX.items()},
    "name to index as text": {name: str(index) for index, name in BY_INDEX.items()},
    "out of order": dict(reversed(BY_INDEX.items())),
    "a word": "".join(NAMES),
    "with commas": ", ".join(NAMES),
}
KEYS = ["classes", "class_names", "class_to_idx", "idx_to_class", "id2label", "label2id", "labels"]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", ["", "config", "meta.model"])
def test_the_names_of_the_file_are_believed(key, form, place):
    values: dict[str, object] = {key: FORMS[form]}
    for outer in reversed(place.split(".") if place else []):
        values = {outer: values, "epoch": 3}
    assert checkpoint_classes(values, 24, "a.pth") == tuple(NAMES)


def test_digits_as_names_keep_the_direction_that_their_numbers_allow():
    assert checkpoint_classes({"class_to_idx": {"a": 1, "b": 0}}, 2, "a.pth") == ("b", "a")
    assert checkpoint_classes({"idx_to_class": {0: "7", 1: "3"}}, 2, "a.pth") == ("7", "3")


def test_a_file_without_names_is_a_to_z_only_with_26_outputs():
    values = {"val_acc": 99.0, "num_classes": 26, "classes": 26, "config": {"labels": None}}
    assert checkpoint_classes(values, 26, "a.pth") == LETTERS
    for count in (1, 24, 25, 27, 29):
        with pytest.raises(ModelFileError, match=f"has {count} outputs and names no classes"):
            checkpoint_classes({}, count, "a.pth")


BAD = {
    "too few": {"classes": NAMES[:5]},
    "too many": {"classes": [*NAMES, "J"]},
    "a gap": {"classes": {0: "A", 2: "B"}},
    "from one": {"class_to_idx": {name: index + 1 for index, name in BY_INDEX.items()}},
    "two of one number": {"class_to_idx": {"A": 0, "B": 0}},
    "twice": {"classes": ["A"] * 24},
    "no names": {"classes": list(range(24))},
    "nothing": {"class_names": {}},
    "mixed": {"classes": {0: "A", "B": 1}},
    "two that differ": {"classes": NAMES, "idx_to_class": dict(enumerate(reversed(NAMES)))},
    "a float": {"classes": 2.5},
}


@pytest.mark.parametrize("values", BAD.values(), ids=BAD)
@pytest.mark.parametrize("count", [24, 26])
def test_names_that_do_not_fit_are_refused_in_one_sentence(values, count):
    with pytest.raises(ModelFileError) as caught:
        checkpoint_classes(values, count, "a.pth")
    assert str(caught.value).startswith("a.pth ")
    assert "\n" not in str(caught.value)
