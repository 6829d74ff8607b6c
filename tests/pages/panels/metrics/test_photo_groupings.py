import dataclasses

import pytest

from asl_core.records.photo_groups import PhotoGroup
from pages.panels.metrics.photo_groupings import Grouping, best_and_worst, groupings_of


def group(name: str, right: int, signers: int = 2) -> PhotoGroup:
    return PhotoGroup(name, "", 100, right, 0, signers)


def signers(*groups: PhotoGroup) -> Grouping:
    return Grouping("Signer", "", "{}", groups)


LIGHT = Grouping("Light", "", "{} photos", (group("dark", 60), group("bright", 95)))
HANDS = Grouping("Hand", "", "{} hands", (group("tiny", 44, signers=1), group("large", 96)))
EVEN = Grouping("Light", "", "{} photos", (group("dark", 89), group("bright", 91)))


def test_the_sentence_names_best_worst_and_what_is_hard():
    people = signers(group("eve", 100), group("ann", 100), group("ben", 70))
    assert best_and_worst([people, LIGHT, HANDS], 0.9) == (
        "It works best for **eve and ann** (100.0 % read correctly) and worst for "
        "**ben** (70.0 %); over all photos, accuracy is 90.0 %. "
        "Hardest to read: **tiny hands** (44.0 %, all of one signer), **dark photos** (60.0 %)."
    )


@pytest.mark.parametrize(
    ("people", "words"),
    [
        (signers(group("eve", 90)), "all photos are of one signer"),
        (signers(group("eve", 90), group("ben", 90)), "every signer equally well"),
    ],
    ids=["one", "equal"],
)
def test_without_a_difference_nobody_is_named(people, words):
    text = best_and_worst([people, EVEN], 0.9)
    assert words in text
    assert "90.0 %" in text
    assert "Handedness, hand size and light make no great difference." in text


def test_every_grouping_holds_every_static_photo(small_report):
    groupings = groupings_of(small_report)
    assert groupings[0].title == "Signer"
    assert len(groupings) == 5
    for grouping in groupings:
        assert sum(g.photos for g in grouping.groups) == 3, grouping.title
        assert sum(g.right for g in grouping.groups) == 1, grouping.title


def test_a_reader_of_whole_pictures_has_no_hands_to_group(small_report):
    photos = [
        dataclasses.replace(photo, landmarks=(), handedness=None) for photo in small_report.photos
    ]
    report = dataclasses.replace(small_report, photos=tuple(photos))
    measured = {grouping.title for grouping in groupings_of(report) if grouping.is_measured}
    assert measured == {"Signer", "Light"}
