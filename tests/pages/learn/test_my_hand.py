"""The screen My hand with fakes, in each of its states; the browser's part is in tests/browser."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from asl_core.alphabet import LETTERS, STATIC_LETTERS
from asl_core.letters.adaptation.hand_file import hand_text
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.letters.prediction import HandEvidence, log_softmax, unit

DIGEST = "ab" * 32
GREY = 9


class FakeRecognizer:
    """Names the letter that a picture's grey stands for, but takes every M for an N."""

    name, digest, classes = "stranger-resnet18", DIGEST, LETTERS

    def __init__(self):
        from asl_core.letters.model_file import Calibration
        from asl_core.letters.preprocessing import Preprocessing

        self.calibration = Calibration(rejection_threshold=0.5)
        self.preprocessing = Preprocessing(input_size=16, crop_scale=1.0)

    def recognize(self, hands):
        from asl_core.letters.prediction import LetterPrediction, softmax

        found = [evidence(LETTERS[round(float(h.crop[8, 8, 0]) / GREY) - 1]) for h in hands]
        return [LetterPrediction(LETTERS, softmax(e.log_probabilities), evidence=e) for e in found]


def evidence(letter, seed=0, person=0):
    logits = np.zeros(26, np.float32)
    logits[LETTERS.index("N" if letter == "M" else letter)] = 3
    directions = np.random.default_rng(person).normal(0, 1, (26, 64)).astype(np.float32)
    noise = np.random.default_rng(seed).normal(0, 0.1, 64).astype(np.float32)
    features = unit(directions[LETTERS.index(letter)] + noise)
    return HandEvidence(log_softmax(logits), features, None)


def hand(photos=2, letters=STATIC_LETTERS, people=1, digest=DIGEST, model="stranger-resnet18"):
    made = TaughtHand(model, digest)
    for number in range(photos):
        for letter in letters:
            made = made.with_photo(letter, evidence(letter, number, number % people))
    return made


@pytest.fixture
def screen(made_up, monkeypatch, open_app):
    """Open the page as the browser has answered, with a hand in the session if one is given."""
    from asl_core.frame_pipeline import FramePipeline
    from asl_core.hands.landmarks import HandDetection, HandLandmarks
    from pages.panels.frame.menu import MY_HAND
    from pages.panels.live import visitor
    from pages.panels.own_hand import this_hand
    from pages.panels.photo import photo_reader

    fake = FakeRecognizer()
    points = np.full((21, 3), 0.5, np.float32)
    points[0, :2], points[1, :2] = 0.25, 0.75

    class Detector:
        def detect(self, frame, timestamp_ms=0):
            seen = frame[0, 0, 0] > GREY / 2
            return HandDetection(HandLandmarks(points), "Right", 0.9) if seen else None

    class FakeReader(photo_reader.PhotoReader):
        def __init__(self):
            self.recognizer: Any = fake
            self._lock = photo_reader.threading.Lock()
            self._pipeline = FramePipeline(Detector(), fake)

    monkeypatch.setattr("streamlit_webrtc.component.get_this_session_info", lambda: None)
    monkeypatch.setattr(visitor, "shared_live_recognizer", lambda folder: fake)
    monkeypatch.setattr(visitor, "_warm_up", lambda folder, stamp: None)
    monkeypatch.setattr(
        "pages.panels.frame.shared_recognizer.shared_live_recognizer", lambda folder: fake
    )
    monkeypatch.setattr(photo_reader, "shared_reader", lambda folder: FakeReader())

    def open_it(kept=None, **more):
        test = open_app()
        test.session_state[this_hand.HAND] = this_hand.OwnHand(kept, is_asked=True, **more)
        test.switch_page(MY_HAND.script).run()
        assert not test.exception
        return test

    return open_it


def texts(screen):
    kinds = (screen.markdown, screen.caption, screen.info, screen.success, screen.warning)
    html = " ".join(element.proto.body for element in screen.get("html"))
    return " ".join(e.value for kind in (*kinds, screen.error) for e in kind) + html


def in_session(screen):
    return screen.session_state["own_hand"]


def test_without_a_model_it_says_which_command_trains_one(runs_folder, open_screen):
    screen = open_screen("learn/my_hand.py")
    assert screen.code[0].value == "python -m asl_core train --photos DIR --name my-run"


def test_opens_with_a_promise_on_privacy_and_asks_for_a(screen):
    page = screen()
    assert "stays in this browser" in texts(page)
    assert "Press Start, then show A." in texts(page)
    assert not page.metric
    assert not page.toggle


def test_skipping_and_going_back_need_no_camera(screen):
    page = screen()
    assert page.button(key="lesson_repeat").disabled
    page.button(key="lesson_skip").click().run()
    assert "Press Start, then show B." in texts(page)


def test_a_lesson_on_the_device_takes_what_the_browser_compares_hands_by(screen, monkeypatch):
    from asl_core.live.device_visits import DeviceModel
    from pages.panels.live import visitor

    model = DeviceModel(LETTERS, DIGEST, feature_count=512)
    monkeypatch.setattr(visitor, "device_model", lambda run: model)
    page = screen()
    page.segmented_control(key="own_hand_way").set_value("On this device").run()
    assert not page.exception
    admitted = page.session_state["live_device_visit"]
    assert admitted.feature_count == 512
    assert admitted.visit is page.session_state["own_hand_lesson"].lesson
    assert admitted.visit.source == "device"
    assert "also the 512 numbers" in texts(page)
    page.segmented_control(key="own_hand_way").set_value("Live video").run()
    assert admitted.visit.source == "video"


def test_a_hand_that_helps_shows_before_and_after_and_is_on(screen):
    page = screen(hand())
    figures = {m.label: m.value for m in page.metric}
    assert figures["Misread before"] == "2 of 48"
    assert figures["Misread after"] == "0 of 48"
    assert page.toggle(key="own_hand_switch").value is True
    assert "it helps, and is on" in page.success[0].value
    page.toggle(key="own_hand_switch").set_value(False).run()
    assert in_session(page).wanted is False
    assert page.toggle(key="own_hand_switch").value is False


def test_photos_of_several_hands_are_told_and_stay_off(screen):
    page = screen(hand(people=2))
    assert "several hands" in page.warning[0].value
    assert page.toggle(key="own_hand_switch").disabled
    assert page.toggle(key="own_hand_switch").value is False


def test_half_a_lesson_says_what_is_missing_and_goes_on(screen):
    page = screen(hand(photos=1, letters="ABC"))
    assert "It stays off: 3 letters were taught" in page.info[0].value
    assert "Press Start, then show D." in texts(page)
    assert "3 of 48 photos" in page.get("progress")[0].text


def test_forgetting_asks_first(screen):
    page = screen(hand())
    page.button(key="own_hand_forget_ask").click().run()
    page.button(key="own_hand_forget_no").click().run()
    assert in_session(page).hand is not None
    page.button(key="own_hand_forget_ask").click().run()
    page.button(key="own_hand_forget_yes").click().run()
    assert in_session(page).hand is None
    assert not page.metric
    assert "Press Start, then show A." in texts(page)


def test_a_hand_of_another_model_is_named_and_not_shown(screen):
    page = screen(hand(digest="cd" * 32, model="old-run"))
    assert "was taught to old-run" in texts(page)
    assert not page.metric


def grey(letter):
    encoded = io.BytesIO()
    value = (LETTERS.index(letter) + 1) * GREY
    Image.new("RGB", (80, 60), (value,) * 3).save(encoded, "PNG")
    return encoded.getvalue()


def test_photos_are_taught_by_their_names_and_those_left_out_are_told(screen):
    page = screen()
    page.segmented_control(key="own_hand_way").set_value("Photos").run()
    assert page.button(key="teach").disabled
    files = [(f"{c}-{n}.png", grey(c), "image/png") for c in STATIC_LETTERS for n in (1, 2)]
    strange = [("J1.png", grey("J"), "image/png"), ("IMG_1.png", grey("A"), "image/png")]
    black = io.BytesIO()
    Image.new("RGB", (80, 60)).save(black, "PNG")
    strange += [("B3.png", black.getvalue(), "image/png"), ("C3.png", b"no png", "image/png")]
    page.file_uploader[0].set_value([*files, *strange]).run()
    page.button(key="teach").click().run()
    assert not page.exception
    assert len(in_session(page).hand.photos) == 48
    told = texts(page)
    for sentence in ("J1.png: J is a movement", "IMG_1.png: its name", "B3.png: no hand", "C3.png"):
        assert sentence in told
    assert {m.label: m.value for m in page.metric}["Misread after"] == "0 of 48"


def test_a_saved_file_is_loaded_and_a_broken_or_foreign_one_is_refused(screen):
    page = screen()
    page.segmented_control(key="own_hand_way").set_value("A saved file").run()
    page.file_uploader[0].set_value(("my.json", b"{}", "application/json")).run()
    assert "my.json" in page.error[0].value
    foreign = hand_text(hand(digest="cd" * 32, model="old-run")).encode()
    page.file_uploader[0].set_value(("my.json", foreign, "application/json")).run()
    assert "taught to the model old-run" in page.error[0].value
    assert in_session(page).hand is None
    page.file_uploader[0].set_value(("my.json", hand_text(hand()).encode(), "application/json"))
    page.run()
    assert not page.exception
    assert len(in_session(page).hand.photos) == 48
