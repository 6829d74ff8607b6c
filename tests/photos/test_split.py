from collections import Counter
from pathlib import Path

import pytest

from asl_core.errors import PhotoSetError, SettingsError
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet
from asl_core.photos.split import (
    Shares,
    divide,
    split_at_random,
    split_by_signer,
    split_in_two,
)

ROOT = Path("photos")


def photo_set(sizes: dict[str, int], split="all", sources=None, labels=("A", "B")) -> PhotoSet:
    photos = []
    for signer, size in sizes.items():
        for number in range(size):
            label = labels[number % len(labels)]
            photo_id = f"{split}/{signer}/{label}/{number}.png"
            source = (sources or {}).get(signer, signer)
            path = ROOT / photo_id
            photos.append(LabelledPhoto(photo_id, path, split, source, signer, label))
    return PhotoSet(ROOT, tuple(photos), ("A known fault.",))


def joined(*sets: PhotoSet) -> PhotoSet:
    return PhotoSet(ROOT, tuple(photo for one in sets for photo in one.photos))


def split_of(photos: PhotoSet, key: str = "signer") -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for photo in photos.photos:
        found.setdefault(getattr(photo, key), set()).add(photo.split)
    return found


def test_signers_are_dealt_largest_first_to_the_emptiest_split():
    sizes = {"a": 40, "b": 30, "c": 20, "d": 10}
    divided = split_by_signer(photo_set(sizes))
    # a: train lacks 70; b: train still lacks 30; of the last two, each fills an empty split.
    assert split_of(divided) == {"a": {"train"}, "b": {"train"}, "c": {"validation"}, "d": {"test"}}


@pytest.mark.parametrize("signers", [3, 4, 17, 60])
def test_no_signer_is_on_two_sides_and_no_split_is_empty(signers):
    divided = split_by_signer(photo_set({f"s{n:02}": 5 + n * 7 % 11 for n in range(signers)}))
    assert all(len(splits) == 1 for splits in split_of(divided).values())
    assert set(divided.splits) == {"train", "validation", "test"}


def test_many_signers_come_close_to_the_shares():
    divided = split_by_signer(photo_set({f"s{n:02}": 10 for n in range(60)}))
    counts = Counter(photo.split for photo in divided.photos)
    assert counts == {"train": 420, "validation": 90, "test": 90}


def test_the_order_of_the_photos_does_not_matter():
    photos = photo_set({f"s{n}": 10 for n in range(9)})
    turned = PhotoSet(ROOT, photos.photos[::-1])
    assert split_of(split_by_signer(photos)) == split_of(split_by_signer(turned))


def test_only_the_split_of_a_photo_changes():
    photos = photo_set({"a": 2, "b": 2, "c": 2})
    divided = split_by_signer(photos)
    assert [p.photo_id for p in divided.photos] == [p.photo_id for p in photos.photos]
    assert [p.path for p in divided.photos] == [p.path for p in photos.photos]
    assert divided.problems == photos.problems
    assert photos.splits == ("all",)


def test_sources_stay_together_where_asked():
    sources = {"a": "x", "b": "x", "c": "y", "d": "z", "e": "z"}
    divided = split_by_signer(photo_set(dict.fromkeys("abcde", 4), sources=sources), unit="source")
    assert all(len(splits) == 1 for splits in split_of(divided, "source").values())


def test_a_signer_with_two_sources_is_refused_where_sources_stay_together():
    one = photo_set({"anna": 9, "b": 9, "c": 9}, sources={"anna": "x"})
    two = photo_set({"anna": 2}, sources={"anna": "y"})
    with pytest.raises(PhotoSetError, match="'anna' is in more than one split"):
        split_by_signer(joined(one, two), unit="source")


def test_splits_of_the_set_itself_are_kept():
    parts = {"train": {"a": 2}, "validation": {"b": 2}, "test": {"c": 2}, "reference": {"d": 2}}
    photos = joined(*(photo_set(sizes, split) for split, sizes in parts.items()))
    assert split_by_signer(photos) is photos


def test_own_splits_with_one_signer_on_two_sides_are_refused():
    parts = {"train": {"a": 2}, "validation": {"b": 2}, "test": {"a": 2}}
    photos = joined(*(photo_set(sizes, split) for split, sizes in parts.items()))
    with pytest.raises(
        PhotoSetError, match="The signer 'a' is in more than one split: test, train"
    ):
        split_by_signer(photos)


@pytest.mark.parametrize(
    ("sizes", "part"),
    [
        pytest.param({"kaggle_asl_alphabet": 9}, "1 signer (kaggle_asl_alphabet)", id="Kaggle"),
        pytest.param({"a": 9, "b": 9}, "2 signers (a, b)", id="two signers"),
    ],
)
def test_too_few_signers_are_refused_in_one_sentence(sizes, part):
    with pytest.raises(PhotoSetError) as caught:
        split_by_signer(photo_set(sizes))
    assert str(caught.value) == (
        f"photos has photos of {part} and a split by signer needs at least 3; "
        "split it at random instead, and expect figures that do not hold for strangers."
    )


def test_a_random_split_has_the_reference_shares_in_each_class():
    divided = split_at_random(photo_set({"one": 400}))
    counts = Counter((photo.label, photo.split) for photo in divided.photos)
    for label in "AB":
        assert [counts[label, s] for s in ("train", "validation", "test")] == [140, 30, 30]


def test_a_random_split_follows_its_seed():
    photos = photo_set({"one": 60})
    assert split_at_random(photos) == split_at_random(photos)
    assert split_at_random(photos, seed=1) != split_at_random(photos, seed=2)
    turned = PhotoSet(ROOT, photos.photos[::-1], photos.problems)
    assert split_at_random(turned).photos == split_at_random(photos).photos[::-1]


def test_a_random_split_is_shuffled_not_cut_in_order():
    divided = split_at_random(photo_set({"one": 100}, labels=("A",)))
    train = [place for place, photo in enumerate(divided.photos) if photo.split == "train"]
    assert train != list(range(70))


@pytest.mark.parametrize(
    ("count", "expected"), [(3, (1, 1, 1)), (4, (2, 1, 1)), (7, (5, 1, 1)), (10, (7, 1, 2))]
)
def test_a_small_class_still_has_a_photo_in_each_split(count, expected):
    counts = Counter(p.split for p in split_at_random(photo_set({"x": count}, labels="A")).photos)
    assert tuple(counts[s] for s in ("train", "validation", "test")) == expected


def test_a_class_too_small_for_a_random_split_is_refused():
    with pytest.raises(PhotoSetError, match="only 2 photos of 'B'; a random split needs at least"):
        split_at_random(photo_set({"x": 5}))


@pytest.mark.parametrize("shares", [(0.7, 0.3, 0.0), (0.8, 0.15, 0.15), (1.2, -0.1, -0.1)])
def test_shares_that_are_none_are_refused(shares):
    with pytest.raises(SettingsError, match=r"add up to 1"):
        Shares(*shares)


def test_the_tutorials_split_takes_four_fifths_of_each_class():
    divided = split_in_two(photo_set({"a": 50}))
    counts = Counter((photo.label, photo.split) for photo in divided.photos)
    assert counts == {
        ("A", "train"): 20,
        ("A", "validation"): 5,
        ("B", "train"): 20,
        ("B", "validation"): 5,
    }
    assert divided == split_in_two(photo_set({"a": 50}))
    assert divided == divide(photo_set({"a": 50}), "random-80-20")
    assert [p.split for p in divided.photos] != sorted(p.split for p in divided.photos)


def test_two_parts_need_two_photos_of_each_class():
    with pytest.raises(PhotoSetError, match="only one photo of 'B'"):
        split_in_two(photo_set({"a": 3}))
