"""The live screen with fakes; the video itself is tried in tests/browser."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from asl_core.errors import ModelFileError
from asl_core.frame_speller import StreamReader
from asl_core.spelling.fluent.natural_reader import NaturalReader
from asl_core.spelling.fluent.reading import FluentLetter, FluentReading, FluentWord

VISIT = "live_visit"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def fakes(colour_pipeline, made_up, monkeypatch):
    """Put the colour pipeline in the place of MediaPipe and networks, and two words of a list."""
    # Imported late, so that the tests are collected without torch.
    from asl_core.letters.model_file import Calibration
    from pages.panels.live import visitor, words_card

    recognizer = SimpleNamespace(calibration=Calibration(rejection_threshold=0.5))
    monkeypatch.setattr("streamlit_webrtc.component.get_this_session_info", lambda: None)
    monkeypatch.setattr(visitor, "shared_live_recognizer", lambda folder: recognizer)
    monkeypatch.setattr(visitor, "shared_motion_model", lambda: None)
    monkeypatch.setattr(visitor, "_warm_up", lambda folder, stamp: None)
    monkeypatch.setattr(
        visitor,
        "open_stream",
        lambda recognizer, motion, source: StreamReader(colour_pipeline),
    )
    monkeypatch.setattr(
        words_card,
        "shared_suggester",
        lambda run: lambda word: ("CAT", "COAT") if word else (),
    )
    for name in ("ASL_ICE_SERVERS", "ASL_STUN_URL", "ASL_TURN_URL"):
        monkeypatch.delenv(name, raising=False)
    return made_up


@pytest.fixture
def screen(fakes, open_screen):
    return open_screen("read/live.py")


def html_of(screen) -> str:
    return " ".join(element.proto.body for element in screen.get("html"))


def transcript_of(screen) -> str:
    (text,) = re.findall(r'<div class="asl-text"[^>]*>(.*?)</div>', html_of(screen))
    return re.sub(r"<[^>]*>", "", text)


def visit_of(screen):
    return screen.session_state[VISIT].visit


def red(value: int) -> np.ndarray:
    frame = np.zeros((60, 80, 3), np.uint8)
    frame[..., 0] = value
    return frame


def test_says_which_command_makes_the_first_model(runs_folder, open_screen):
    screen = open_screen("read/live.py")
    assert screen.code[0].value == "python -m asl_core train --photos DIR --name my-run"
    assert not screen.error


def test_opens_with_empty_words_and_an_invitation(screen):
    assert transcript_of(screen) == ""
    assert "Press Start and show a letter" in html_of(screen)
    assert [screen.button(key=f"command_{name}").disabled for name in ("space", "undo")] == [
        True,
        True,
    ]


def test_no_detector_is_held_before_the_camera_starts(screen):
    assert not visit_of(screen).is_open


def test_the_letter_of_the_running_camera_is_shown(screen):
    visit = visit_of(screen)
    visit.source = "pictures"
    screen.segmented_control(key="live_way").set_value("Snapshots").run()
    visit.on_frame(red(100), "pictures")
    screen.run()
    assert not screen.exception
    (letter,) = re.findall(r'<div class="asl-letter[^>]*><span>(.*?)</span>', html_of(screen))
    assert letter == "A"
    assert "left hand" in html_of(screen)


def test_words_survive_a_new_run_and_the_commands_change_them(screen):
    for letter in "CT":
        visit_of(screen).type_letter(letter)
    screen.run()
    assert transcript_of(screen) == "CT"
    screen.button(key="suggestion_COAT").click().run()
    assert transcript_of(screen) == "COAT"
    screen.button(key="command_undo").click().run()
    assert transcript_of(screen) == "CT"
    screen.button(key="command_space").click().run()
    screen.button(key="command_delete").click().run()
    screen.button(key="command_delete").click().run()
    assert transcript_of(screen) == "C"
    screen.button(key="command_clear").click().run()
    assert transcript_of(screen) == ""
    screen.button(key="command_undo").click().run()
    assert transcript_of(screen) == "C"


def test_each_command_has_a_key(screen):
    visit_of(screen).type_letter("A")
    screen.run()
    keys = {b.label: b.proto.shortcut for b in screen.button if b.key.startswith("command_")}
    assert keys == {
        "Space": "space",
        "Delete": "backspace",
        "Undo": "ctrl+z",
        "Clear": "shift+backspace",
    }


def test_the_speed_and_the_mirror_reach_the_visit(screen):
    screen.segmented_control(key="live_speed").set_value("Fluent").run()
    screen.toggle(key="live_mirror").set_value(False).run()
    assert visit_of(screen).settings.hold_seconds == 0.5
    assert visit_of(screen).mirrored is False


def test_a_letter_counts_after_eight_tenths_of_a_second_at_first(screen):
    assert visit_of(screen).settings.hold_seconds == 0.8


def test_a_broken_setting_of_turn_is_one_sentence(fakes, open_screen, monkeypatch):
    monkeypatch.setenv("ASL_TURN_URL", "turn:relay.example")
    screen = open_screen("read/live.py")
    assert [error.value for error in screen.error] == [
        "ASL_TURN_URL: the TURN server turn:relay.example needs username and credential."
    ]


def test_a_model_that_cannot_be_loaded_is_one_sentence(fakes, open_screen, monkeypatch):
    from pages.panels.live import visitor

    def broken(folder):
        raise ModelFileError("weights.safetensors was altered.")

    monkeypatch.setattr(visitor, "shared_live_recognizer", broken)
    screen = open_screen("read/live.py")
    assert [error.value for error in screen.error] == ["weights.safetensors was altered."]


def test_without_its_motion_files_it_says_so_and_goes_on(fakes, open_screen, monkeypatch):
    from pages.panels.live import visitor

    def missing():
        raise ModelFileError("motion-jz has no model.json.")

    monkeypatch.setattr(visitor, "shared_motion_model", missing)
    screen = open_screen("read/live.py")
    assert [w.value for w in screen.warning] == [
        "J and Z are not read: motion-jz has no model.json."
    ]
    assert transcript_of(screen) == ""


def test_another_model_takes_over_the_words(fakes, open_screen):
    (fakes / "second-try" / "model.json").write_text("{}")
    screen = open_screen("read/live.py")
    first = visit_of(screen)
    first.type_letter("A")
    other = screen.selectbox(key="reading_model").options[1]
    screen.selectbox(key="reading_model").set_value(other).run()
    assert not screen.exception
    assert visit_of(screen) is not first
    assert transcript_of(screen) == "A"


def test_the_camera_is_given_back_when_the_stream_stops(screen):
    visit = visit_of(screen)
    visit.on_frame(red(100), "video")
    assert visit.is_open
    screen.run()
    assert not visit.is_open, "nothing is playing, so nothing is held"


def test_history_shows_letter_time_and_confidence(screen):
    visit_of(screen).type_letter("Q")
    screen.run()
    assert "<b>Q</b>" in html_of(screen)
    assert "100%" in html_of(screen)


def test_a_frame_that_fails_is_told_in_a_sentence(fakes, open_screen, monkeypatch):
    from pages.panels.live import visitor

    def broken(recognizer, motion, source):
        raise ModelFileError("hand_landmarker.task is missing.")

    monkeypatch.setattr(visitor, "open_stream", broken)
    screen = open_screen("read/live.py")
    screen.segmented_control(key="live_way").set_value("Snapshots").run()
    visit_of(screen).on_frame(red(100), "pictures")
    screen.run()
    assert [w.value for w in screen.warning] == ["hand_landmarker.task is missing."]


class ToldSource:
    """Reads WHA, and LE, which may still change, in the first frame; at the end it is WHALE."""

    letters = tuple(FluentLetter(c, 0.01 * i, 0.01 * i + 0.005, 0.9) for i, c in enumerate("WHALE"))

    def __init__(self):
        self.frames = 0

    def update(self, time_s, points, is_left=False, prediction=None):
        self.frames += 1
        return FluentReading(self.letters[:3] if self.frames == 1 else (), self.letters[3:])

    def finish(self):
        if not self.frames:
            return FluentReading()
        self.frames = 0
        return FluentReading(self.letters[3:], (), FluentWord(self.letters, "WHALES"))

    def reset(self):
        self.frames = 0


@pytest.fixture
def natural(fakes, monkeypatch):
    """Let the app open with /live?speed=natural and read what ToldSource says."""
    from pages.panels.frame import speeds

    monkeypatch.setattr(speeds, "natural_reader", lambda: NaturalReader(ToldSource()))
    monkeypatch.setattr(speeds, "is_natural_installed", lambda: True)

    def open_it(speed="natural"):
        test = AppTest.from_file(str(ROOT / "pages/read/live.py"), default_timeout=60)
        if speed:
            test.query_params["speed"] = speed
        test.run()
        assert not test.exception
        return test

    return open_it


@pytest.mark.parametrize("name", ["natural", "Natural", "fast"])
def test_the_address_chooses_the_speed(natural, name):
    screen = natural(name)
    assert screen.segmented_control(key="live_speed").value == name.capitalize()
    assert visit_of(screen).spelling.is_natural == (name.lower() == "natural")


def test_an_unknown_speed_in_the_address_is_one_sentence(natural):
    screen = natural("warp")
    assert [warning.value for warning in screen.warning] == [
        "The address asks for the speed 'warp'; known are beginner, standard, fluent, fast, "
        "natural."
    ]
    assert screen.segmented_control(key="live_speed").value == "Standard"


def words_on(screen):
    return " ".join([*(element.value for element in screen.markdown), html_of(screen)])


def test_in_natural_mode_nothing_is_said_of_holding(natural):
    screen = natural()
    assert "spell at your own pace" in words_on(screen)
    assert "Hold" not in words_on(screen).replace("Hold-to", "")
    assert "Press Start and spell a word" in html_of(screen)


def test_settled_and_unsettled_letters_stand_apart_and_stop_completes_the_word(
    natural, monkeypatch
):
    from pages.panels.live.camera import camera_stream

    screen = natural()
    visit = visit_of(screen)
    playing = camera_stream.CameraState(is_playing=True, is_connecting=False)
    monkeypatch.setattr(camera_stream, "show_camera", lambda *given: playing)
    visit.on_frame(red(100), "video")
    screen.run()
    assert '<u>WHA</u><span class="asl-unsettled" aria-hidden="true">LE</span>' in html_of(screen)
    assert "--share" not in html_of(screen).partition("</style>")[2]
    screen.button(key="command_delete").click().run()
    assert transcript_of(screen) == "WHAL"
    screen.button(key="command_undo").click().run()
    assert transcript_of(screen) == "WHALE"
    visit.end_stream()
    screen.run()
    assert transcript_of(screen) == "WHALE "
    chips = [b.label for b in screen.button if b.key.startswith("suggestion_")]
    assert chips[0] == "WHALES"
    screen.button(key="suggestion_WHALES").click().run()
    assert transcript_of(screen) == "WHALES "


def test_another_speed_holds_again_and_snapshots_always_do(natural):
    screen = natural()
    screen.segmented_control(key="live_way").set_value("Snapshots").run()
    assert not visit_of(screen).spelling.is_natural
    assert any("Natural spelling needs video" in c.value for c in screen.caption)
    screen.segmented_control(key="live_way").set_value("Live video").run()
    assert visit_of(screen).spelling.is_natural
    screen.segmented_control(key="live_speed").set_value("Fast").run()
    assert (visit_of(screen).spelling.is_natural, visit_of(screen).settings.hold_seconds) == (
        False,
        0.3,
    )


def test_without_its_model_natural_is_not_offered(natural, monkeypatch):
    from pages.panels.frame import speeds

    monkeypatch.setattr(speeds, "is_natural_installed", lambda: False)
    screen = natural()
    assert "Natural" not in screen.segmented_control(key="live_speed").options
    assert "natural" not in screen.warning[0].value.partition("known are")[2]


def test_a_broken_natural_model_is_told_and_letters_are_held(natural, monkeypatch):
    from pages.panels.frame import speeds

    def broken():
        raise ModelFileError("stream.safetensors was altered.")

    monkeypatch.setattr(speeds, "natural_reader", broken)
    screen = natural()
    assert [w.value for w in screen.warning] == [
        "Natural spelling is not read: stream.safetensors was altered."
    ]
    assert not visit_of(screen).spelling.is_natural


def test_the_page_says_that_it_reads_with_the_taught_hand_and_when_it_is_another_s(
    fakes, monkeypatch, open_app
):
    from asl_core.letters.adaptation.whose_hand import LEAST_SEEN
    from asl_core.letters.model_file import Calibration
    from pages.panels.frame.menu import LIVE
    from pages.panels.live import visitor
    from pages.panels.own_hand.this_hand import HAND, OwnHand
    from tests.pages.panels.own_hand.test_this_hand import DIGEST, LETTERS, taught

    used: list[Any] = []
    recognizer: Any = SimpleNamespace(
        name="fake",
        digest=DIGEST,
        classes=LETTERS,
        calibration=Calibration(rejection_threshold=0.5),
        adapted=lambda hand: used.append(hand) or recognizer,
    )
    monkeypatch.setattr(visitor, "shared_live_recognizer", lambda folder: recognizer)
    app = open_app()
    app.session_state[HAND] = OwnHand(taught(), is_asked=True)
    app.switch_page(LIVE.script).run()
    assert not app.exception
    assert len(used) == 1
    assert any("Reading with your taught hand." in caption.value for caption in app.caption)
    app.segmented_control(key="live_way").set_value("Snapshots").run()  # no stream that ends
    visit = visit_of(app)
    for _ in range(LEAST_SEEN):
        visit._whose.add(0.5)
    app.run()
    assert any("seems to be another's" in info.value for info in app.info)
    app.session_state[HAND] = OwnHand(taught(), wanted=False, is_asked=True)
    app.run()
    assert not any("taught hand" in caption.value for caption in app.caption)
    assert visit_of(app) is not visit
