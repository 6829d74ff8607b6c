"""Simulated hands against the rules; the threshold is 0.8, a held letter has 0.95."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asl_core.spelling.letter_stabilizer import LetterStabilizer
from asl_core.spelling.settings import BEGINNER, FAST, FLUENT, SpellingSettings
from asl_core.spelling.signs import HandObservation
from asl_core.spelling.speller import Speller

FIXTURE = HealthCheck.function_scoped_fixture  # make_stream keeps nothing
RATES = [10, 15, 24, 29.97, 30, 60]


@pytest.mark.parametrize("fps", [5, *RATES])
def test_a_letter_held_for_the_hold_time_commits(make_stream, fps):
    assert make_stream(fps=fps).gone(0.5).hold("A", 0.8).gone(0.5).text() == "A"


@pytest.mark.parametrize("fps", [5, *RATES])
@pytest.mark.parametrize("offset", [0.01, 0.5, 0.99])
def test_a_letter_held_shorter_does_not(make_stream, fps, offset):
    stream = make_stream(fps=fps, offset=offset)
    assert stream.gone(0.5).hold("A", 0.6).gone(0.5).text() == ""


@pytest.mark.parametrize("fps", RATES[3:])
@pytest.mark.parametrize("offset", [0.01, 0.3, 0.5, 0.7, 0.99])
def test_it_commits_wherever_the_frames_lie(make_stream, fps, offset):
    stream = make_stream(fps=fps, offset=offset)
    assert stream.move(0.5).hold("A", 0.8).move(0.5).text() == "A"


@pytest.mark.parametrize(
    ("preset", "long_enough", "too_short"),
    [(BEGINNER, 1.2, 1.0), (FLUENT, 0.5, 0.35), (FAST, 0.3, 0.15)],
    ids=["beginner", "fluent", "fast"],
)
def test_the_hold_time_is_a_setting(make_stream, preset, long_enough, too_short):
    assert make_stream().move().hold("A", long_enough).move().text(preset) == "A"
    assert make_stream().move().hold("A", too_short).move().text(preset) == ""


def test_a_letter_is_committed_when_the_hold_time_is_over(make_stream):
    speller = make_stream().gone(0.5).hold("A", 1.5).speller()
    (letter,) = speller.transcript.letters
    assert letter.start_s == pytest.approx(100.5, abs=0.04)
    assert letter.end_s == pytest.approx(101.3, abs=0.07)
    assert letter.confidence == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("fps", RATES)
def test_a_change_without_a_transit_costs_no_time(make_stream, fps):
    assert make_stream(fps=fps).hold("A", 0.9).hold("S", 0.9).hold("T", 0.9).text() == "AST"


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("fps", [15, 30])
def test_flicker_does_not_end_a_hold(make_stream, fps, seed):
    stream = make_stream(fps=fps, seed=seed).move()
    for letter in "HELO":
        stream.hold(letter, 1.2, flicker=0.05).move()
    assert stream.text() == "HELO"


def test_a_short_wrong_letter_pauses_the_hold_and_is_not_counted(make_stream):
    stream = make_stream().move().hold("A", 0.6).hold("M", 0.1).hold("A", 0.5).move()
    (letter,) = stream.speller().transcript.letters
    assert letter.letter == "A"
    assert letter.end_s - letter.start_s > 0.8 + 0.1 - 0.08
    assert make_stream().move().hold("A", 0.4).hold("M", 0.1).hold("A", 0.2).move().text() == ""


def test_a_longer_wrong_letter_ends_the_hold(make_stream):
    assert make_stream().move().hold("A", 0.6).hold("M", 0.3).hold("A", 0.5).move().text() == ""


def test_two_letters_in_turn_are_neither(make_stream):
    stream = make_stream().move()
    for _ in range(30):
        stream.hold("M", 0.07).hold("N", 0.07)
    assert stream.text() == ""


def test_one_lost_hand_in_a_hold_is_no_release(make_stream):
    assert make_stream().move().hold("A", 0.5).gone(0.07).hold("A", 0.5).move().text() == "A"


@pytest.mark.parametrize("fps", [0.5, 1, 2, 5])
def test_snapshots_commit_what_is_seen_over_the_hold_time(make_stream, fps):
    pictures = {0.5: 2, 1: 2, 2: 3, 5: 4}[fps]
    stream = make_stream(fps=fps, offset=0.5).gone(2 / fps)
    assert stream.hold("A", pictures / fps).gone(2 / fps).text().strip() == "A"


def test_one_snapshot_alone_commits_nothing(make_stream):
    stream = make_stream(fps=1, offset=0.5).hold("A", 1).hold("B", 1).hold("C", 1).hold("D", 2)
    assert stream.text() == "D"


def test_one_picture_alone_commits_nothing_however_short_the_hold(make_stream):
    shortest = SpellingSettings(hold_seconds=0.2)
    assert make_stream(fps=5, offset=0.5).gone(1).hold("A", 0.2).gone(0.4).text(shortest) == ""
    assert make_stream(fps=5, offset=0.5).gone(1).hold("A", 0.4).gone(0.4).text(shortest) == "A"


def test_snapshots_spell_a_repeated_letter_and_a_space(make_stream):
    stream = make_stream(fps=1, offset=0.5)
    stream.hold("L", 2).gone(1).hold("L", 2).gone(3).hold("A", 2)
    assert stream.text() == "LL A"


@pytest.mark.parametrize("dropped", [0.1, 0.3])
@pytest.mark.parametrize("seed", range(5))
def test_dropped_and_late_frames_change_nothing(make_stream, dropped, seed):
    stream = make_stream(dropped=dropped, jitter=0.9, seed=seed).move()
    assert stream.word("HELLO", 1.2, 0.4).text() == "HELLO"


@pytest.mark.parametrize(
    "between",
    [
        lambda stream: stream.gone(0.4),
        lambda stream: stream.move(0.4),
        lambda stream: stream.hold("B", 0.4),
        lambda stream: stream.hold("B", 0.4, share=0.4),
        lambda stream: stream.move(0.2, "L", 2.5),
        lambda stream: stream.silent(2.0),
    ],
    ids=["gone", "moved", "another letter", "uncertain", "slide", "no frames"],
)
def test_a_letter_counts_again_after_letting_go(make_stream, between):
    stream = between(make_stream().move().hold("L", 1.0))
    assert stream.hold("L", 1.0).move().text() == "LL"


@pytest.mark.parametrize(
    "between",
    [
        lambda stream: stream,
        lambda stream: stream.gone(0.1),
        lambda stream: stream.hold("B", 0.1),
        lambda stream: stream.hold("L", 1.0, share=0.6),
        lambda stream: stream.move(0.04, "L", 2.5),
        lambda stream: stream.silent(0.8),
    ],
    ids=["held on", "lost for a moment", "flicker", "wavering", "twitch", "stalled"],
)
def test_a_letter_held_on_counts_once(make_stream, between):
    stream = between(make_stream().move().hold("L", 1.0))
    assert stream.hold("L", 3.0).move().text() == "L"


def test_a_stalled_stream_is_no_hold(make_stream):
    """Two frames with 1.4 s between them do not say that the letter was held all the time."""
    assert make_stream().gone(0.5).hold("A", 0.1).silent(1.4).hold("A", 0.1).gone(0.3).text() == ""


@pytest.mark.parametrize(
    "stream",
    [
        lambda s: s.gone(10),
        lambda s: s.move(10),
        lambda s: s.hold("A", 10, share=0.7),
        lambda s: s.hold("A", 10, speed=1.2),
        lambda s: s.hold("nothing", 10),
        lambda s: s.move(2).hold("nothing", 5).gone(3),
        lambda s: s.hold("J", 10).hold("Z", 10),
    ],
    ids=["no hand", "transit", "uncertain", "drifting", "nothing", "all of it", "still J and Z"],
)
def test_nothing_when_there_is_nothing(make_stream, kaggle_classes, stream):
    assert stream(make_stream(classes=kaggle_classes)).text() == ""


def test_hurried_changes_are_no_letters(make_stream):
    stream = make_stream()
    for letter in "ABCDEFGH" * 3:
        stream.hold(letter, 0.4)
    assert stream.text() == ""


def test_a_still_i_that_is_read_as_j_is_an_i(make_stream, make_prediction):
    stabilizer = LetterStabilizer(0.8)
    shown = make_prediction({"J": 0.6, "I": 0.38})
    signs = [
        sign for i in range(40) for sign in stabilizer.update(HandObservation(i / 30, shown, 0.0))
    ]
    assert [sign.label for sign in signs] == ["I"]
    assert signs[0].confidence == pytest.approx(0.38 / (0.38 + 0.02 * 23 / 24), abs=1e-4)


class TestCommandClasses:
    def test_space_and_del_act_when_held(self, make_stream, kaggle_classes):
        stream = make_stream(classes=kaggle_classes)
        stream.word("AB").hold("space", 1).move().word("CD").hold("del", 1).move()
        assert stream.text() == "AB C"

    def test_held_on_they_act_once(self, make_stream, kaggle_classes):
        stream = make_stream(classes=kaggle_classes).word("ABC").hold("del", 4)
        assert stream.text() == "AB"


class TestLoweredHand:
    def test_types_one_space(self, make_stream):
        assert make_stream().word("HI").gone(1.2).word("YOU").gone(9).text() == "HI YOU "

    def test_but_not_before_the_first_letter(self, make_stream):
        assert make_stream().gone(5).word("HI").text() == "HI"

    def test_nor_after_a_short_while(self, make_stream):
        assert make_stream().word("HI").gone(0.8).word("YOU").text() == "HIYOU"

    def test_nor_twice_where_a_hand_flashes_up(self, make_stream):
        stream = make_stream().word("HI").gone(2).hold("A", 0.1).gone(2).word("A")
        assert stream.text() == "HI A"


class TestMotionLetters:
    def test_count_at_once(self, make_stream):
        assert make_stream().move().hold("I", 0.3).stroke("J").move(0.4).text() == "J"

    @pytest.mark.parametrize(("pose", "letter"), [("I", "J"), ("D", "Z"), ("X", "Z"), ("G", "Z")])
    def test_replace_the_start_pose(self, make_stream, pose, letter):
        stream = make_stream().word("A").hold(pose, 1.0).stroke(letter).move(0.5)
        assert stream.text() == f"A{letter}"

    def test_undo_gives_the_start_pose_back(self, make_stream):
        speller = make_stream().word("A").hold("I", 1.0).stroke("J").move(0.5).speller()
        speller.undo()
        assert speller.transcript.text == "AI"

    def test_leave_a_start_pose_that_was_held_long_before(self, make_stream):
        assert make_stream().hold("I", 2.5).stroke("J").move(0.5).text() == "IJ"

    def test_leave_one_that_the_hand_let_go_of(self, make_stream):
        stream = make_stream().hold("I", 0.77).gone(0.38).stroke("J").move(0.5)
        assert stream.text() == "IJ"

    def test_leave_another_letter(self, make_stream):
        assert make_stream().hold("A", 0.9).stroke("J").move(0.5).text() == "AJ"

    def test_replace_a_letter_that_began_within_the_stroke(self, make_stream):
        stream = make_stream(motions=[])
        slow = stream.word("A").stroke("Z", 0.4, delay=1.2, tracing=False)
        drawn_at, drawn = slow.motions[0]
        slow.motions[0] = (drawn_at, type(drawn)("Z", drawn.start_s, drawn.end_s + 1.0, 0.9))
        assert slow.hold("K", 1.0).move(0.5).text() == "AZ"

    @pytest.mark.parametrize("end_pose", ["I", "Y", "E"])
    def test_a_hand_that_stands_after_the_stroke_says_no_more(self, make_stream, end_pose):
        stream = make_stream().hold("I", 0.3).stroke("J", delay=0.1).hold(end_pose, 3.0)
        assert stream.text() == "J"

    def test_the_next_letter_may_follow_at_once(self, make_stream):
        stream = make_stream().hold("I", 0.3).stroke("J", delay=0.1).move(0.2).hold("A", 1.0)
        assert stream.text() == "JA"

    def test_the_start_pose_may_follow_after_a_release(self, make_stream):
        assert make_stream().stroke("J").move(0.5).hold("I", 1.0).text() == "JI"

    def test_a_stroke_under_way_holds_letters_back(self, make_stream):
        stream = make_stream().move(3.0, "I", speed=0.2, tracing=True).move(0.5)
        assert stream.text() == ""


class TestState:
    def states(self, stream):
        speller, states = Speller(0.8), []
        for observation in stream.observations():
            speller.observe(observation)
            states.append(speller.state)
        return states

    def test_the_fill_rises_to_one_and_starts_again(self, make_stream):
        states = self.states(make_stream().move(0.5).hold("A", 1.0))
        fills = [state.progress for state in states if state.waits_for == "hold"]
        assert fills == sorted(fills)
        assert fills[0] < 0.15
        assert 0.9 < fills[-1] < 1
        full = [state for state in states if state.progress == 1.0]
        assert [(state.candidate, state.waits_for) for state in full] == [("A", "release")]

    @pytest.mark.parametrize(
        ("phase", "waits_for", "letter"),
        [
            (lambda s: s.gone(0.5), "hand", None),
            (lambda s: s.hold("B", 0.5, speed=3.0), "stillness", "B"),
            (lambda s: s.hold("B", 0.5, share=0.5), "certainty", "B"),
            (lambda s: s.hold("B", 0.5), "hold", "B"),
            (lambda s: s.hold("B", 1.5), "release", "B"),
            (lambda s: s.move(0.5, "I", 0.2, tracing=True), "stroke", "I"),
            (lambda s: s.hold("nothing", 0.5), "certainty", None),
        ],
        ids=["no hand", "moving", "unsure", "held", "committed", "stroke", "nothing"],
    )
    def test_says_what_it_waits_for(self, make_stream, kaggle_classes, phase, waits_for, letter):
        state = phase(make_stream(classes=kaggle_classes)).speller().state
        assert (state.waits_for, state.letter) == (waits_for, letter)


class TestClock:
    def test_an_older_observation_is_left_out(self, make_prediction):
        stabilizer = LetterStabilizer(0.8)
        shown = make_prediction({"A": 0.95})
        stabilizer.update(HandObservation(1.0, shown, 0.0))
        before = stabilizer.state
        assert stabilizer.update(HandObservation(0.9, None, 0.0)) == ()
        assert stabilizer.state == before

    def test_a_clock_that_starts_anew_ends_all_holds(self, make_prediction):
        stabilizer = LetterStabilizer(0.8)
        shown = make_prediction({"A": 0.95})
        times = [100 + i / 30 for i in range(20)] + [i / 30 for i in range(20)]
        signs = [stabilizer.update(HandObservation(t, shown, 0.0)) for t in times]
        assert not any(signs)

    def test_reset_ends_all_holds(self, make_prediction):
        stabilizer = LetterStabilizer(0.8)
        shown = make_prediction({"A": 0.95})
        for i in range(20):
            stabilizer.update(HandObservation(i / 30, shown, 0.0))
        stabilizer.reset()
        signs = [stabilizer.update(HandObservation(1 + i / 30, shown, 0.0)) for i in range(20)]
        assert not any(signs)


@pytest.mark.slow
@given(
    fps=st.floats(10, 60),
    jitter=st.floats(0, 0.8),
    offset=st.floats(0, 0.99),
    seed=st.integers(0, 99),
)
@settings(max_examples=20, deadline=None, suppress_health_check=[FIXTURE])
def test_the_text_does_not_depend_on_the_frame_rate(make_stream, fps, jitter, offset, seed):
    stream = make_stream(fps=fps, jitter=jitter, offset=offset, seed=seed).move(0.5)
    stream.word("HEL", 1.05, 0.35).move(0.3).hold("L", 1.05).hold("O", 1.05).gone(1.4)
    stream.hold("I", 0.4).stroke("J").move(0.5).word("AB", 1.05, 0.35).hold("C", 0.55).move(0.3)
    assert stream.text() == "HELLO JAB"


@given(
    labels=st.lists(st.sampled_from("ABI"), min_size=1, max_size=40),
    speed=st.floats(1.01, 50),
    seed=st.integers(0, 99),
)
@settings(max_examples=20, deadline=None, suppress_health_check=[FIXTURE])
def test_a_fast_hand_never_commits(make_stream, labels, speed, seed):
    stream = make_stream(fps=15, seed=seed)
    for label in labels:
        stream.hold(label, 0.5, share=0.99, speed=speed)
    assert stream.text() == ""
