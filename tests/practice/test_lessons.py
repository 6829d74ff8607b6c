import pytest

from asl_core.alphabet import LETTERS
from asl_core.errors import SettingsError
from asl_core.practice.lessons import UNFIT_FILE, lessons, own_lesson


def test_the_lessons_cover_the_alphabet():
    asked = {letter for lesson in lessons() if not lesson.words for letter in lesson.letters}
    assert asked == set(LETTERS)


@pytest.mark.parametrize("group", ["ES", "MNTA", "KVP", "GQH", "URV", "DIX", "JZ"])
def test_look_alikes_have_a_lesson_of_their_own(group):
    assert group in {"".join(lesson.letters) for lesson in lessons()}


def test_words_have_the_length_that_is_said_and_are_fit_to_be_shown():
    by_name = {lesson.name: lesson.words for lesson in lessons()}
    unfit = set(UNFIT_FILE.read_text().split())
    for name, least, most in (("Words of 3 letters", 3, 3), ("Words of 7 to 10 letters", 7, 10)):
        assert len(by_name[name]) > 60
        assert all(least <= len(word) <= most for word in by_name[name])
    every = {word for words in by_name.values() for word in words}
    assert all(set(word) <= set(LETTERS) for word in every)
    assert not every & unfit


def test_an_own_list_is_read_as_it_is_pasted():
    lesson = own_lesson("Zoë, José\nO'Brien;  Anna-Lena anna-lena")
    assert lesson.words == ("ZOE", "JOSE", "OBRIEN", "ANNALENA")
    assert lesson.kind == "own"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (" , \n", "The list is empty"),
        ("cat R2D2", "'R2D2' cannot be fingerspelled"),
        ("猫", "'猫' cannot be fingerspelled"),
        ("a" * 21, "has 21 letters; 20 are allowed"),
        (" ".join(f"{a}{b}{c}" for a in "abcdefg" for b in "abcdefg" for c in "abcde"), "has 245"),
    ],
)
def test_what_cannot_be_spelled_is_named(text, complaint):
    with pytest.raises(SettingsError, match=complaint):
        own_lesson(text)
