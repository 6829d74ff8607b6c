import pytest

from pages.panels.own_hand.photo_teacher import letter_of_name


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("A.jpg", "A"),
        ("a-2.png", "A"),
        ("B (1).jpg", "B"),
        ("c1.webp", "C"),
        ("my photos/D/001.webp", "D"),
        ("my photos\\e\\001.webp", "E"),
        ("IMG_0001.jpg", None),
        ("hand.jpg", None),
        ("1A.jpg", None),
        ("", None),
    ],
)
def test_the_letter_of_a_photo_is_told_by_its_folder_or_name(name, letter):
    assert letter_of_name(name) == letter
