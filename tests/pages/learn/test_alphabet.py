import pytest

from asl_core.alphabet import LETTERS
from asl_core.letter_tips import SHAPES, look_alikes
from pages.panels.frame.menu import ALPHABET


@pytest.fixture
def alphabet(open_app):
    return open_app().switch_page(ALPHABET.script).run()


def texts_of(screen) -> str:
    return "\n".join(entry.value for entry in screen.markdown)


def test_it_opens_with_the_first_letter_and_shows_them_all(alphabet):
    assert alphabet.header[0].value == "A"
    assert len(alphabet.image) == len(look_alikes("A")) + len(LETTERS)


@pytest.mark.parametrize("letter", ["R", "J", "Z"])
def test_a_letter_is_described_with_what_looks_like_it(alphabet, letter):
    screen = alphabet.button_group(key="alphabet_letter").set_value(letter).run()
    assert not screen.exception
    assert screen.header[0].value == letter
    assert SHAPES[letter][1:] in texts_of(screen)
    for other, tip in look_alikes(letter):
        assert f"**{other}**  \n{tip}" in texts_of(screen)


@pytest.mark.parametrize(("letter", "is_drawn"), [("J", True), ("I", False)])
def test_the_motion_of_j_is_described(alphabet, letter, is_drawn):
    screen = alphabet.button_group(key="alphabet_letter").set_value(letter).run()
    assert ("Draw a J with the little finger" in texts_of(screen)) is is_drawn
