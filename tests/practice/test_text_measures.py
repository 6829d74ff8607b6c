import pytest

from asl_core.practice.text_measures import TextSums, aligned, edit_distance, sums_of


@pytest.mark.parametrize(
    ("presented", "transcribed", "distance"),
    [
        ("KITTEN", "KITTEN", 0),
        ("KITTEN", "SITTING", 3),
        ("", "AB", 2),
        ("AB", "", 2),
        ("ABCD", "ACBD", 2),
        ("QUICKLY", "QUCEHKLY", 3),
    ],
)
def test_the_fewest_changes_are_counted(presented, transcribed, distance):
    assert edit_distance(presented, transcribed) == distance
    pairs = aligned(presented, transcribed)
    assert sum(shown != typed for shown, typed in pairs) == distance
    assert "".join(shown for shown, _ in pairs) == presented
    assert "".join(typed for _, typed in pairs) == transcribed


def test_letters_left_out_and_too_many_stand_alone():
    assert aligned("CAT", "CT") == (("C", "C"), ("A", ""), ("T", "T"))
    assert aligned("CAT", "CART") == (("C", "C"), ("A", "A"), ("", "R"), ("T", "T"))


def test_the_measures_of_one_round():
    sums = sums_of("HELLO", "HELO", inputs=7, seconds=12.0)
    assert sums.letters_per_minute == pytest.approx(3 / 12 * 60)
    assert sums.words_per_minute == pytest.approx(3 / 12 * 60 / 5)
    assert sums.error_rate == pytest.approx(1 / 5)
    assert sums.keystrokes_per_character == pytest.approx(7 / 4)


def test_rounds_at_ease_count_for_errors_and_not_for_speed():
    both = sums_of("CAT", "CAT", 3, 4.0) + sums_of("DOG", "DIG", 3)
    assert both.rounds == 2
    assert both.letters_per_minute == pytest.approx(2 / 4 * 60)
    assert both.error_rate == pytest.approx(1 / 6)


def test_nothing_has_no_measures():
    sums = TextSums()
    assert sums.words_per_minute is None
    assert sums.letters_per_minute is None
    assert sums.error_rate is None
    assert sums.keystrokes_per_character is None
