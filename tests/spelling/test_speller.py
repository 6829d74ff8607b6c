import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asl_core.errors import TranscriptError
from asl_core.spelling.settings import FLUENT, STANDARD
from asl_core.spelling.signs import HandObservation, SpellingState, StableSign
from asl_core.spelling.speller import UNDO_DEPTH, Speller
from asl_core.spelling.transcript import CommittedLetter, Transcript


@pytest.fixture
def speller():
    """A speller that holds "AB"."""
    speller = Speller(0.8)
    speller.type_letter("a")
    speller.type_letter("B")
    return speller


def test_gives_what_an_observation_committed(make_stream):
    speller = Speller(0.8)
    given: list[CommittedLetter] = []
    for observation in make_stream().word("HI").gone(1.5).observations():
        given += speller.observe(observation)
    assert "".join(letter.letter for letter in given) == "HI "
    assert tuple(given) == speller.transcript.letters


def test_a_space_out_of_place_is_not_given(make_stream):
    speller = Speller(0.8)
    assert not any(speller.observe(o) for o in make_stream().gone(5).observations())
    assert speller.is_empty


def test_del_takes_back_and_gives_nothing(make_stream, kaggle_classes, speller):
    stream = make_stream(classes=kaggle_classes).hold("del", 1)
    assert not any(speller.observe(o) for o in stream.observations())
    assert speller.transcript.text == "A"


COMMANDS = {
    "letter": (lambda s: s.type_letter("C"), "ABC"),
    "space": (lambda s: s.type_space(), "AB "),
    "delete": (lambda s: s.delete(), "A"),
    "clear": (lambda s: s.clear(), ""),
    "replace": (lambda s: s.replace_word("about"), "ABOUT"),
    "put before": (lambda s: s.put_before(Transcript.of_text("ON ")), "ON AB"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_acts_and_is_undone(speller, name):
    command, after = COMMANDS[name]
    before = speller.transcript
    command(speller)
    assert speller.transcript.text == after
    speller.undo()
    assert speller.transcript == before


def test_a_signed_letter_is_undone_too(make_stream):
    speller = make_stream().word("HI").speller()
    speller.clear()
    speller.undo()
    speller.undo()
    assert speller.transcript.text == "H"


def test_a_command_without_effect_is_no_step_of_undo():
    speller = Speller(0.8)
    speller.delete()
    speller.clear()
    speller.type_space()
    assert not speller.can_undo
    speller.type_letter("A")
    speller.type_space()
    speller.type_space()
    assert speller.transcript.text == "A "
    speller.undo()
    assert speller.transcript.text == "A"


def test_undo_of_nothing_does_nothing():
    speller = Speller(0.8)
    speller.undo()
    assert speller.is_empty


def test_undo_is_bounded():
    speller = Speller(0.8)
    for _ in range(UNDO_DEPTH + 30):
        speller.type_letter("A")
    for _ in range(UNDO_DEPTH + 30):
        speller.undo()
    assert speller.transcript.text == "A" * 30


@given(st.lists(st.sampled_from(sorted(COMMANDS)), max_size=40))
def test_commands_in_any_order_are_taken_back_one_by_one(names):
    speller = Speller(0.8)
    states = [speller.transcript]
    for name in names:
        COMMANDS[name][0](speller)
        if speller.transcript != states[-1]:
            states.append(speller.transcript)
    for before in reversed(states[:-1]):
        speller.undo()
        assert speller.transcript == before
    assert not speller.can_undo


def test_an_hours_words_are_kept_once_and_not_once_for_each_step_of_undo():
    speller = Speller(0.8)
    for _ in range(1000):
        speller.type_letter("A")
    tracemalloc.start()
    for _ in range(UNDO_DEPTH):
        speller.type_letter("A")
    grown = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert grown < UNDO_DEPTH * 1000


@pytest.mark.parametrize("letter", ["", "é", "AB", "1", " "])
def test_only_letters_are_typed(speller, letter):
    with pytest.raises(TranscriptError, match="no letter"):
        speller.type_letter(letter)
    assert speller.transcript.text == "AB"


def test_only_words_replace(speller):
    with pytest.raises(TranscriptError, match="A B"):
        speller.replace_word("a b")
    assert speller.transcript.text == "AB"


def test_what_is_typed_has_the_time_of_the_stream():
    speller = Speller(0.8)
    speller.observe(HandObservation(12.5, None, 0.0))
    speller.type_letter("A")
    assert speller.transcript.letters == (CommittedLetter("A", 12.5, 12.5, 1.0),)


def test_signing_goes_on_after_a_chosen_word(make_stream):
    stream = make_stream().word("HEL").gone(1.3).word("A")
    speller, typed = Speller(0.8), False
    for observation in stream.observations():
        speller.observe(observation)
        if speller.transcript.text == "HEL" and not typed:
            speller.replace_word("HELLO")
            typed = True
    assert speller.transcript.text == "HELLO A"


def test_a_deleted_start_pose_is_not_replaced(make_stream):
    """The I was deleted by hand and an A typed, so the J only adds itself."""
    speller = Speller(0.8)
    for observation in make_stream().hold("I", 0.9).stroke("J").move(0.4).observations():
        if observation.is_tracing and speller.transcript.text == "I":
            speller.delete()
            speller.type_letter("A")
        speller.observe(observation)
    assert speller.transcript.text == "AJ"


def test_an_interrupted_stream_keeps_the_text_and_forgets_the_hand(make_stream):
    speller = make_stream().word("A").hold("B", 0.7).speller()
    assert speller.state.candidate == "B"
    speller.finish()
    assert (speller.state.candidate, speller.state.waits_for) == (None, "hand")
    assert speller.transcript.text == "A"


def test_settings_change_while_a_letter_is_held(make_stream):
    speller = Speller(0.8)
    assert speller.settings == STANDARD
    for observation in make_stream().hold("A", 0.6).observations():
        speller.observe(observation)
    assert speller.is_empty
    speller.settings = FLUENT
    for observation in make_stream(start_s=100.6).hold("A", 0.1).observations():
        speller.observe(observation)
    assert speller.transcript.text == "A"


def test_the_threshold_is_the_models(make_stream):
    stream = make_stream().hold("A", 2, share=0.7)
    assert stream.speller(threshold=0.8).transcript.text == ""
    assert stream.speller(threshold=0.6).transcript.text == "A"


class EveryHand:
    """A way of spelling in which each observation with a hand is an X at once."""

    def __init__(self) -> None:
        self.settings, self.state, self.finished = STANDARD, SpellingState(), 0

    def update(self, observation):
        if observation.prediction is None:
            return ()
        return (StableSign("X", observation.time_s, observation.time_s, 0.9),)

    def settle(self):
        return ()

    def finish(self):
        self.finished += 1
        return ()

    def reset(self) -> None:
        pass


def test_another_way_of_spelling_takes_over_and_the_words_stay(make_stream):
    speller = make_stream().word("A").hold("B", 0.7).speller()
    held = speller.reader
    speller.reader = EveryHand()
    seen = list(make_stream(start_s=200.0).hold("B", 0.1).observations())
    assert [letter.letter for letter in speller.observe(seen[0])] == ["X"]
    speller.reader = held
    assert speller.state.candidate is None, "what was held before is forgotten"
    assert speller.transcript.text == "AX"
    speller.undo()
    assert speller.transcript.text == "A"


def test_an_interruption_is_told_to_the_way_of_spelling(make_prediction):
    reader = EveryHand()
    speller = Speller(0.8, reader=reader)
    shown = make_prediction({"A": 0.9})
    speller.observe(HandObservation(1.0, shown, 0.0))
    assert reader.finished == 0
    speller.observe(HandObservation(9.0, shown, 0.0, is_resumed=True))
    assert reader.finished == 1
    assert speller.transcript.text == "XX"
