"""The practice page with fakes; the camera itself is tried in tests/browser."""

import json
import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.frame_speller import StreamReader
from asl_core.practice.coached_reader import SignedLetter
from asl_core.practice.progress import Progress
from asl_core.practice.schedule import answered
from asl_core.practice.text_measures import sums_of

LEARNER, READER = "practice_learner", "practice_reader"
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def fakes(colour_pipeline, made_up, monkeypatch):
    """Put the colour pipeline in the place of MediaPipe and the networks."""
    from asl_core.letters.checkpoint import Calibration
    from pages.panels.live import visitor

    recognizer = SimpleNamespace(calibration=Calibration(rejection_threshold=0.5))
    monkeypatch.setattr("streamlit_webrtc.component.get_this_session_info", lambda: None)
    monkeypatch.setattr(visitor, "shared_live_recognizer", lambda folder: recognizer)
    monkeypatch.setattr(visitor, "shared_motion_model", lambda: None)
    monkeypatch.setattr(visitor, "_warm_up", lambda folder, stamp: None)
    monkeypatch.setattr(
        visitor, "open_stream", lambda recognizer, motion, source: StreamReader(colour_pipeline)
    )
    for name in ("ASL_ICE_SERVERS", "ASL_STUN_URL", "ASL_TURN_URL"):
        monkeypatch.delenv(name, raising=False)
    return made_up


@pytest.fixture
def screen(fakes, open_screen):
    return open_screen("learn/practice.py")


def learner_of(screen):
    return screen.session_state[LEARNER].learner


def sign(screen, letter: str, hand: str | None = None) -> None:
    """Let a letter count whose hand is the typical one of `hand`."""
    points = letter_landmarks(hand or letter, 640, 480).pixels_3d(640, 480)
    reader = screen.session_state[READER][1]
    reader._signed.append(SignedLetter(letter, 0.0, 1.0, 0.9, points))
    screen.run()
    assert not screen.exception


def open_part(screen, part: str):
    screen.segmented_control(key="practice_part").set_value(part).run()
    assert not screen.exception
    return screen


def html_of(screen) -> str:
    return " ".join(element.proto.body for element in screen.get("html"))


def with_practice() -> Progress:
    progress = Progress()
    for letter, answer in (("A", "A"), ("A", "A"), ("A", "A"), ("A", "A"), ("K", "V"), ("B", "")):
        progress = answered(progress, "sign", letter, answer, 2.0, NOON)
    return progress.with_round("sign", date(2026, 11, 26), sums_of("AAAAKB", "AAAA", 6, 12.0))


def test_it_opens_with_the_first_letter_of_the_alphabet(screen):
    assert "Sign this letter · 1 of 10" in html_of(screen)
    assert '<div class="asl-asked">A</div>' in html_of(screen)
    assert "Press Start and sign" in html_of(screen)


def test_a_right_letter_is_told_and_the_next_one_asked(screen):
    sign(screen, "A")
    assert [entry.value for entry in screen.success] == ["**A** is right."]
    assert "2 of 10" in html_of(screen)
    assert learner_of(screen).progress.record("sign", "A").right == 1


def test_a_wrong_letter_says_what_was_read_and_which_finger_to_change(screen):
    screen.selectbox(key="practice_lesson_sign").set_value("Look-alikes: U, R and V").run()
    assert learner_of(screen).signing.target == "U"
    sign(screen, "V")
    assert [entry.value for entry in screen.error] == ["This was read as **V**, not as **U**."]
    told = " ".join(entry.value for entry in screen.markdown)
    assert "**Index finger:** Bring your index finger and your middle finger together." in told
    assert "For U press the two fingers together; for V spread them widely." in told
    assert "over the drawn hand of U" in screen.image[0].proto.imgs[0].alt
    assert learner_of(screen).signing.target == "U", "it is asked for again"


def test_the_start_pose_of_a_drawn_letter_is_told_how_to_go_on(screen):
    screen.selectbox(key="practice_lesson_sign").set_value("Drawn letters: J and Z").run()
    target = learner_of(screen).signing.target
    sign(screen, {"J": "I", "Z": "D"}[target])
    assert not screen.error
    assert screen.info[0].value.startswith(f"A good start. Draw a {target} with the ")
    assert learner_of(screen).signing.target == target


def test_a_word_shows_what_is_done_and_what_comes(screen):
    screen.selectbox(key="practice_lesson_sign").set_value("Your own list").run()
    assert [entry.value for entry in screen.info] == ["Write the words that you want to practise."]
    screen.text_area(key="practice_own_sign").set_value("ab!").run()
    assert "'ab!' cannot be fingerspelled" in screen.error[0].value
    screen.text_area(key="practice_own_sign").set_value("bäd").run()
    sign(screen, "B")
    boxes = re.findall(r'<span class="([^"]*)">(.)<small>([^<]*)</small>', html_of(screen))
    assert boxes == [("is-done", "B", "✓ done"), ("is-now", "A", "sign it"), ("is-ahead", "D", "")]


def test_a_letter_can_be_skipped(screen):
    screen.button(key="practice_skip").click().run()
    assert "2 of 10" in html_of(screen)
    assert learner_of(screen).progress.confusions[0].answer == ""
    assert screen.session_state[LEARNER].said.startswith("Skipped. Next: ")


def test_in_a_timed_lesson_the_hand_is_shown_on_demand(screen):
    screen.segmented_control(key="practice_pace_sign").set_value("Timed").run()
    assert [entry.label for entry in screen.expander] == ["How is A signed?"]


def test_snapshots_are_offered_where_no_video_gets_through(screen):
    screen.segmented_control(key="practice_way").set_value("Snapshots").run()
    assert not screen.exception
    frame = np.full((60, 80, 3), (100, 0, 0), np.uint8)
    visit, reader = screen.session_state[READER]
    visit.on_frame(frame, "pictures")
    assert reader.count_now(0.5) == "A"
    screen.run()
    assert [entry.value for entry in screen.success] == ["**A** is right."]


def test_the_browser_itself_can_read_the_camera(screen, monkeypatch):
    from asl_core.live.device_visits import DeviceModel
    from pages.panels.frame.shared_recognizer import DEVICE_VISITS
    from pages.panels.live import visitor

    monkeypatch.setattr(
        visitor, "device_model", lambda run: DeviceModel(("A", "B", "J"), "ab" * 32)
    )
    screen.segmented_control(key="practice_way").set_value("On this device").run()
    assert not screen.exception
    admitted = screen.session_state["live_device_visit"]
    assert DEVICE_VISITS.find(admitted.token).visit is screen.session_state[READER][0]
    assert not admitted.compares_hands
    assert any("No picture leaves this device" in caption.value for caption in screen.caption)


def test_a_setting_makes_the_device_the_first_source_here_too(fakes, open_screen, monkeypatch):
    monkeypatch.setenv("ASL_LIVE_SOURCE", "device")
    screen = open_screen("learn/practice.py")
    assert screen.segmented_control(key="practice_way").value == "On this device"


def test_without_a_model_reading_can_still_be_practised(runs_folder, open_screen):
    screen = open_screen("learn/practice.py")
    assert screen.code[0].value == "python -m asl_core train --photos DIR --name my-run"
    open_part(screen, "Read it")
    assert screen.text_input[0].label == "What does the hand spell?"


def test_a_word_is_read_and_scored_by_letter(screen):
    open_part(screen, "Read it")
    word = learner_of(screen).word
    typed = word[:-1] + ("A" if word[-1] != "A" else "B")
    screen.text_input[0].set_value(typed.lower())
    screen.button(key="FormSubmitter:practice_answer_1-Check").click().run()
    assert screen.error[0].value == f"It was {word}: {len(word) - 1} of {len(word)} letters read."
    assert html_of(screen).count("✓ read") == len(word) - 1
    assert f"typed {typed[-1]}" in html_of(screen)
    screen.button(key="practice_next").click().run()
    assert learner_of(screen).answer is None
    assert not screen.error


def test_what_cannot_be_read_can_be_given_up(screen):
    open_part(screen, "Read it")
    word = learner_of(screen).word
    screen.button(key="practice_give_up").click().run()
    assert html_of(screen).count("left out") == len(word)


def test_an_empty_answer_is_asked_for_again(screen):
    open_part(screen, "Read it")
    screen.button(key="FormSubmitter:practice_answer_1-Check").click().run()
    assert [entry.value for entry in screen.warning] == ["Type the letters that you read."]


def test_progress_is_empty_at_first(screen):
    open_part(screen, "Progress")
    assert [entry.value for entry in screen.info] == [
        "Nothing was practised in signing yet; what you do appears here."
    ]
    assert screen.get("download_button")[0].proto.disabled


def test_progress_shows_letters_confusions_and_measures(screen):
    screen.session_state[LEARNER].start_with(with_practice())
    open_part(screen, "Progress")
    shown = {metric.label: metric.value for metric in screen.metric}
    assert shown == {
        "Letters mastered": "1 of 26",
        "Letters a minute": "15",
        "WPM": "3.0",
        "Error rate (CER)": "33.3%",
        "KSPC": "1.50",
    }
    assert "<b>A</b><small>4 of 4 right</small><small>✓ mastered</small>" in html_of(screen)
    told = " ".join(entry.value for entry in screen.markdown)
    assert "Most often mistaken: B left out (1×), K as V (1×)." in told
    screen.segmented_control(key="practice_skill").set_value("Reading").run()
    assert "Nothing was practised in reading yet" in screen.info[0].value


def test_progress_can_be_forgotten(screen):
    screen.session_state[LEARNER].start_with(with_practice())
    open_part(screen, "Progress")
    screen.button(key="practice_forget").click().run()
    assert learner_of(screen).progress.is_empty


def test_a_saved_file_is_loaded_and_a_broken_one_refused(screen):
    open_part(screen, "Progress")
    saved = with_practice().as_text().encode()
    screen.file_uploader(key="practice_load").set_value(("mine.json", saved, "application/json"))
    screen.run()
    assert learner_of(screen).progress.mastered("sign") == ("A",)
    screen.file_uploader(key="practice_load").set_value(("no.json", b"{}", "application/json"))
    screen.run()
    assert screen.error[0].value == (
        "no.json: This is no progress of practice: schema_version is missing."
    )


def test_what_the_browser_kept_is_brought_back(fakes, open_screen, monkeypatch):
    from pages.panels.browser.kept_progress import KeptProgress
    from pages.panels.practice import this_learner

    monkeypatch.setattr(this_learner, "ask_for_progress", lambda: KeptProgress(with_practice()))
    screen = open_screen("learn/practice.py")
    assert learner_of(screen).progress.mastered("sign") == ("A",)


def test_kept_progress_that_is_broken_is_not_written_over(fakes, open_screen, monkeypatch):
    from pages.panels.browser.kept_progress import KeptProgress
    from pages.panels.practice import this_learner

    kept: list[Progress] = []
    broken = KeptProgress(Progress(), "The progress has schema 9; 1 is known.")
    monkeypatch.setattr(this_learner, "ask_for_progress", lambda: broken)
    monkeypatch.setattr(this_learner, "keep_progress", kept.append)
    screen = open_screen("learn/practice.py")
    assert "The progress has schema 9; 1 is known." in screen.warning[0].value
    assert kept == []
    screen.button(key="practice_anew").click().run()
    assert not screen.warning
    assert [progress.is_empty for progress in kept] == [True]


@pytest.mark.parametrize(
    ("sent", "is_usable"),
    [
        ({"text": "", "refused": False}, True),
        ({"text": json.dumps({"schema_version": 1})}, True),
        ({"text": "{"}, False),
        ({"text": 5}, False),
        ("text", False),
    ],
)
def test_what_a_browser_may_have_changed(sent, is_usable):
    from pages.panels.browser.kept_progress import read_kept_progress

    found = read_kept_progress(sent)
    assert found.progress.is_empty
    assert (found.trouble == "") is is_usable
