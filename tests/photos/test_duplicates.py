from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from asl_core.errors import ImageError
from asl_core.photos.duplicates import (
    NEAR_BITS,
    Fingerprint,
    NearDuplicate,
    exact_duplicates,
    fingerprint,
    near_duplicates,
)
from asl_core.photos.photo_set import LabelledPhoto


def photo(path: Path, split="train", label="A") -> LabelledPhoto:
    return LabelledPhoto(f"{split}/{path.name}", path, split, "x", "x", label)


def hashed(name: str, split: str, words: tuple[int, ...], sha: str | None = None) -> Fingerprint:
    one = photo(Path(name), split)
    return Fingerprint(one, sha or f"{split}{name}", np.array(words, np.uint64))


def with_bits(count: int) -> tuple[int, ...]:
    """Return a hash of 256 bits whose first `count` are set."""
    bits = np.zeros(256, np.uint8)
    bits[:count] = 1
    return tuple(int(word) for word in np.packbits(bits).view(np.uint64))


CHANGES = {
    "saved as JPEG": lambda picture: picture,
    "shrunk": lambda picture: picture.resize((64, 64)),
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.2),
    "less contrast": lambda picture: ImageEnhance.Contrast(picture).enhance(0.75),
    "grey": lambda picture: picture.convert("L"),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_a_changed_copy_in_another_split_is_found(tmp_path, draw_scene, name, is_mirrored):
    original = draw_scene(tmp_path / "o.png", 1)
    picture = CHANGES[name](Image.open(original))
    (ImageOps.mirror(picture) if is_mirrored else picture).save(tmp_path / "c.jpg", quality=70)
    others = [fingerprint(photo(draw_scene(tmp_path / f"{n}.png", n))) for n in range(2, 6)]
    copy = fingerprint(photo(tmp_path / "c.jpg", "test"))
    (near,) = near_duplicates([*others, fingerprint(photo(original)), copy])
    assert (near.photo_id, near.twin_id) == ("test/c.jpg", "train/o.png")
    assert near.mirrored is is_mirrored
    assert near.bits <= NEAR_BITS


@pytest.mark.shared
def test_a_real_photo_is_known_again_and_told_from_a_stranger(shared_photos, tmp_path):
    names = [f"test/{signer}/A/000.webp" for signer in ("yuvraj", "cankaya", "seeeeeeel")]
    strangers = [
        fingerprint(LabelledPhoto(name, shared_photos / name, "train", "x", "x", "A"))
        for name in names
    ]
    picture = Image.open(shared_photos / names[0]).convert("RGB")
    ImageEnhance.Brightness(picture).enhance(1.25).save(tmp_path / "c.jpg", quality=40)
    copy = fingerprint(photo(tmp_path / "c.jpg", "test"))
    (near,) = near_duplicates([*strangers[::-1], copy])
    assert near.twin_id == names[0]
    assert near_duplicates([*strangers[1:], copy]) == ()


def test_other_scenes_and_copies_in_one_split_are_not_near(tmp_path, draw_scene):
    splits = ("train", "test")
    prints = [
        fingerprint(photo(draw_scene(tmp_path / f"{n}.png", n), splits[n % 2])) for n in range(10)
    ]
    draw_scene(tmp_path / "again.jpg", 0)
    assert near_duplicates([*prints, fingerprint(photo(tmp_path / "again.jpg", "train"))]) == ()


@pytest.mark.parametrize(("bits", "is_near"), [(31, True), (32, True), (33, False)])
def test_the_limit_is_in_bits_that_differ(bits, is_near):
    prints = [hashed("a", "train", with_bits(0)), hashed("b", "test", with_bits(bits))]
    expected = (NearDuplicate("test/b", "test", "train/a", "train", bits, False),)
    assert near_duplicates(prints) == (expected if is_near else ())


def test_all_256_bits_count():
    prints = [hashed("a", "train", with_bits(0)), hashed("b", "test", with_bits(256))]
    assert near_duplicates(prints, limit=255)[0].bits == 128  # its mirror image is nearer
    assert near_duplicates(prints, limit=127) == ()


def test_each_photo_of_the_smaller_split_gets_its_nearest():
    large = [hashed(f"l{n}", "train", with_bits(10 * n)) for n in range(5)]
    small = [hashed("s0", "test", with_bits(12)), hashed("s1", "test", with_bits(29))]
    found = near_duplicates([*large, *small])
    assert [(near.photo_id, near.twin_id, near.bits) for near in found] == [
        ("test/s1", "train/l3", 1),
        ("test/s0", "train/l1", 2),
    ]


def test_every_pair_of_splits_is_compared():
    prints = [hashed("a", split, with_bits(0)) for split in ("train", "validation", "test")]
    pairs = {(near.split, near.twin_split) for near in near_duplicates(prints)}
    assert pairs == {("test", "train"), ("test", "validation"), ("train", "validation")}


def test_many_hashes_are_compared_in_blocks(monkeypatch):
    random = np.random.default_rng(0)
    words = random.integers(0, 2**63, (40, 4), np.uint64)
    prints = [hashed(str(n), "train", tuple(row)) for n, row in enumerate(words)]
    prints += [hashed(str(n), "test", tuple(row)) for n, row in enumerate(words[::3])]
    whole = near_duplicates(prints)
    monkeypatch.setattr("asl_core.photos.duplicates._PAIRS_AT_ONCE", 90)
    assert near_duplicates(prints) == whole
    assert [(near.photo_id, near.twin_id) for near in whole if near.photo_id == "test/2"] == [
        ("test/2", "train/6")
    ]


def test_the_same_file_is_an_exact_duplicate_and_no_near_one(tmp_path, draw_scene):
    first = draw_scene(tmp_path / "a.png", 1)
    second = tmp_path / "b.png"
    second.write_bytes(first.read_bytes())
    third = draw_scene(tmp_path / "c.png", 2)
    prints = [
        fingerprint(photo(second, "test", "B")),
        fingerprint(photo(first, "train", "A")),
        fingerprint(photo(third, "test", "A")),
    ]
    (group,) = exact_duplicates(prints)
    assert group.photo_ids == ("test/b.png", "train/a.png")
    assert (group.splits, group.labels) == (("test", "train"), ("A", "B"))
    assert near_duplicates(prints) == ()


def test_an_unreadable_file_has_no_fingerprint(tmp_path):
    (tmp_path / "x.png").write_bytes(b"no picture")
    with pytest.raises(ImageError, match=r"x\.png"):
        fingerprint(photo(tmp_path / "x.png"))
