"""Which source the live screen opens with, and the visitor's own browser as one of them."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from asl_core.errors import ModelFileError
from asl_core.frame_speller import StreamReader
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.live.device_visits import DeviceModel

ROOT = Path(__file__).parents[3]
MODEL = DeviceModel(("A", "B", "J"), "ab" * 32, feature_count=512)


@pytest.fixture
def open_asking(colour_pipeline, made_up, monkeypatch):
    """Return a function that opens the screen with fakes, asking for a source in its address."""
    from asl_core.letters.model_file import Calibration
    from pages.panels.live import visitor, words_card

    recognizer = SimpleNamespace(calibration=Calibration(rejection_threshold=0.5), digest="")
    recognizer.adapted = lambda hand: recognizer
    monkeypatch.setattr("streamlit_webrtc.component.get_this_session_info", lambda: None)
    monkeypatch.setattr(visitor, "shared_live_recognizer", lambda folder: recognizer)
    monkeypatch.setattr(visitor, "shared_motion_model", lambda: None)
    monkeypatch.setattr(visitor, "_warm_up", lambda folder, stamp: None)
    monkeypatch.setattr(visitor, "open_stream", lambda *given: StreamReader(colour_pipeline))
    monkeypatch.setattr(visitor, "device_model", lambda run: MODEL)
    monkeypatch.setattr(words_card, "shared_suggester", lambda run: lambda word: ())
    for name in ("ASL_ICE_SERVERS", "ASL_STUN_URL", "ASL_TURN_URL", "ASL_LIVE_SOURCE"):
        monkeypatch.delenv(name, raising=False)

    def open_it(source=None):
        screen = AppTest.from_file(str(ROOT / "pages/read/live.py"), default_timeout=30)
        if source is not None:
            screen.query_params["source"] = source
        screen.run()
        assert not screen.exception
        return screen

    return open_it


def way_of(screen):
    return screen.segmented_control(key="live_way").value


def captions_of(screen):
    return " ".join(caption.value for caption in screen.caption)


def test_live_video_comes_first_where_nothing_else_is_asked_for(open_asking):
    assert way_of(open_asking()) == "Live video"


@pytest.mark.parametrize(
    ("asked", "way", "source"),
    [
        ("device", "On this device", "device"),
        ("DEVICE", "On this device", "device"),
        ("snapshots", "Snapshots", "pictures"),
        ("video", "Live video", "video"),
    ],
)
def test_the_address_chooses_the_source(open_asking, asked, way, source):
    screen = open_asking(asked)
    assert way_of(screen) == way
    assert screen.session_state["live_visit"].visit.source == source
    assert not screen.warning


def test_a_source_that_is_not_known_is_told(open_asking):
    screen = open_asking("radio")
    assert way_of(screen) == "Live video"
    assert [warning.value for warning in screen.warning] == [
        "The address asks for the source 'radio'; known are video, device, snapshots."
    ]


def test_a_setting_makes_the_device_the_first_source(open_asking, monkeypatch):
    monkeypatch.setenv("ASL_LIVE_SOURCE", "device")
    assert way_of(open_asking()) == "On this device"


def test_a_setting_that_names_no_source_is_one_sentence(open_asking, monkeypatch):
    monkeypatch.setenv("ASL_LIVE_SOURCE", "radio")
    assert [error.value for error in open_asking().error] == [
        "ASL_LIVE_SOURCE is 'radio'; known are video, device, snapshots."
    ]


def test_the_browser_gets_a_key_to_this_visit_and_keeps_it(open_asking):
    from pages.panels.frame.shared_recognizer import DEVICE_VISITS

    screen = open_asking("device")
    admitted = screen.session_state["live_device_visit"]
    assert DEVICE_VISITS.find(admitted.token).visit is screen.session_state["live_visit"].visit
    screen.run()
    assert screen.session_state["live_device_visit"] is admitted


def test_a_taught_hand_is_read_with_and_what_that_sends_is_told(open_asking, monkeypatch):
    from pages.panels.live import visitor

    monkeypatch.setattr(visitor, "hand_to_use", lambda recognizer: None)
    plain = open_asking("device")
    assert not plain.session_state["live_device_visit"].compares_hands
    assert "512 numbers" not in captions_of(plain)

    hand = TaughtHand("made-up", "ab" * 32)
    monkeypatch.setattr(visitor, "hand_to_use", lambda recognizer: hand)
    screen = open_asking("device")
    assert screen.session_state["live_device_visit"].feature_count == 512
    assert "So that your own hand is known, also the 512 numbers" in captions_of(screen)


def test_a_form_without_features_does_not_read_a_taught_hand(open_asking, monkeypatch):
    from pages.panels.live import visitor

    hand = TaughtHand("made-up", "ab" * 32)
    monkeypatch.setattr(visitor, "hand_to_use", lambda recognizer: hand)
    plain = DeviceModel(MODEL.classes, MODEL.digest)
    monkeypatch.setattr(visitor, "device_model", lambda run: plain)
    (info,) = [info.value for info in open_asking("device").info]
    assert "it does not compare hands" in info


def test_a_model_without_a_form_for_browsers_is_told(open_asking, monkeypatch):
    from pages.panels.live import visitor

    def missing(run):
        raise ModelFileError("my-run has no form for browsers.")

    monkeypatch.setattr(visitor, "device_model", missing)
    (info,) = [info.value for info in open_asking("device").info]
    assert info.startswith("This model cannot be read on your device: my-run has no form for")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("device", "No picture leaves this device."),
        ("video", "video goes to this app's server"),
        ("snapshots", "Single pictures go to this app's server"),
    ],
)
def test_each_source_says_what_leaves_the_device(open_asking, asked, words):
    assert words in captions_of(open_asking(asked))
