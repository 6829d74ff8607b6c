import dataclasses

import pytest

from asl_core.records.photo_groups import (
    BRIGHTNESS_BANDS,
    SHARE_BANDS,
    PhotoGroup,
    band_of,
    best_of,
    by_brightness,
    by_hand_pixels,
    by_hand_share,
    by_handedness,
    by_signer,
    hand_pixels,
    hand_share,
    static_photos,
    wilson_interval,
    worst_of,
)


@pytest.fixture
def make_hand(make_photo):
    """Return a function that makes a 400x200 photo whose hand spans the given share of 200 px."""

    def make(share: float = 0.5, **changes):
        rest = {name: changes.pop(name) for name in ("label", "predicted") if name in changes}
        corner = (0.1 + share * 200 / 400, 0.1)
        landmarks = ((0.1, 0.1), corner, *[(0.1, 0.1)] * 19)
        made = dataclasses.replace(make_photo(**rest), width=400, height=200, **changes)
        return dataclasses.replace(made, landmarks=landmarks) if made.predicted else made

    return make


def named(groups) -> dict[str, tuple[int, int]]:
    return {group.name: (group.right, group.photos) for group in groups}


@pytest.mark.parametrize(
    ("right", "photos", "low", "high"),
    [
        (0, 10, 0.0, 0.27753),
        (10, 10, 0.72247, 1.0),
        (5, 10, 0.23659, 0.76341),
        (81, 263, 0.25529, 0.36621),
    ],
    ids=["none right", "all right", "half", "larger"],
)
def test_the_interval_is_that_of_scipy(right, photos, low, high):
    # scipy.stats.binomtest(right, photos).proportion_ci(method="wilson")
    assert wilson_interval(right, photos) == pytest.approx((low, high), abs=1e-5)


def test_a_group_tells_its_shares():
    group = PhotoGroup("dim", "70 to 100", photos=8, right=6, no_hand=1, signers=2)
    assert (group.accuracy, group.no_hand_share) == (0.75, 0.125)
    assert group.interval == wilson_interval(6, 8)
    assert group.is_small
    assert not dataclasses.replace(group, photos=20).is_small


def test_the_hand_is_measured_along_its_longer_side(make_hand):
    assert hand_pixels(make_hand(0.5)) == pytest.approx(100)
    assert hand_share(make_hand(0.5)) == pytest.approx(0.5)
    assert hand_share(make_hand(predicted=None)) is None


@pytest.mark.parametrize(
    ("bands", "value", "name"),
    [
        (SHARE_BANDS, 0.0, "tiny"),
        (SHARE_BANDS, 0.1999, "tiny"),
        (SHARE_BANDS, 0.2, "small"),
        (SHARE_BANDS, 1.4, "very large"),
        (BRIGHTNESS_BANDS, 69.9, "dark"),
        (BRIGHTNESS_BANDS, 70.0, "dim"),
        (BRIGHTNESS_BANDS, 255.0, "very bright"),
    ],
)
def test_a_band_starts_where_the_one_before_ends(bands, value, name):
    assert band_of(value, bands).name == name


def test_photos_without_a_hand_are_a_group_of_their_own(make_hand):
    photos = [make_hand(0.1), make_hand(0.5, predicted="B"), make_hand(predicted=None)]
    assert named(by_hand_share(photos)) == {
        "tiny": (1, 1),
        "large": (0, 1),
        "no hand found": (0, 1),
    }
    assert named(by_hand_pixels(photos)) == {
        "under 60 px": (1, 1),
        "80 to 120 px": (0, 1),
        "no hand found": (0, 1),
    }
    assert named(by_handedness(photos)) == {"right hand": (1, 2), "no hand found": (0, 1)}


def test_brightness_is_known_without_a_hand(make_hand):
    photos = [make_hand(brightness=40.0), make_hand(predicted=None, brightness=50.0)]
    (dark,) = by_brightness(photos)
    assert (dark.name, dark.photos, dark.right, dark.no_hand) == ("dark", 2, 1, 1)


def test_a_whole_picture_is_not_taken_for_a_missing_hand(make_hand):
    photo = dataclasses.replace(make_hand(), landmarks=(), handedness=None)
    assert named(by_hand_share([photo])) == {"whole picture": (1, 1)}
    assert named(by_handedness([photo])) == {"whole picture": (1, 1)}


def test_signers_stand_best_first_with_their_source(make_hand):
    photos = [
        make_hand(signer="ben", source="ben", predicted="B"),
        make_hand(signer="ben", source="ben"),
        make_hand(signer="eve_1", source="eve"),
    ]
    best, worst = by_signer(photos)
    assert (best.name, best.meaning, best.accuracy) == ("eve_1", "from eve", 1.0)
    assert (worst.name, worst.meaning, worst.accuracy) == ("ben", "", 0.5)


def test_only_letters_that_a_still_picture_shows_are_counted(small_report):
    assert [photo.label for photo in static_photos(small_report)] == ["A", "A", "B"]


def group(name: str, right: int, photos: int = 100) -> PhotoGroup:
    return PhotoGroup(name, "", photos, right, 0, 1)


def test_best_and_worst_leave_out_small_groups_and_missing_hands():
    groups = (
        group("good", 90),
        group("equal", 90),
        group("bad", 40),
        group("few", 0, 19),
        group("no hand found", 0),
    )
    assert [g.name for g in best_of(groups)] == ["good", "equal"]
    assert [g.name for g in worst_of(groups)] == ["bad"]


@pytest.mark.parametrize(
    "groups",
    [(), (group("one", 50),), (group("one", 50), group("two", 50))],
    ids=["none", "one", "equal"],
)
def test_nobody_is_best_where_no_two_differ(groups):
    assert best_of(groups) == worst_of(groups) == ()


def test_no_photos_give_no_groups():
    assert by_signer([]) == by_handedness([]) == by_brightness([]) == ()
