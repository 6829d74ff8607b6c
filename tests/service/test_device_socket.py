"""The socket of a browser's own camera, with fakes for the networks."""

import itertools
import json
import math
import re
import struct
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import numpy as np
import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from asl_core.errors import ModelFileError
from asl_core.frame_speller import StreamReader
from asl_core.letters.model_file import Calibration
from asl_core.letters.prediction import LetterPrediction
from asl_core.letters.preprocessing import Preprocessing
from asl_core.live.device_frame import DevicePipeline
from asl_core.live.device_message import DEVICE_SCHEMA, MOST_UNANSWERED
from asl_core.live.device_visits import DeviceModel, DeviceVisits
from asl_core.live.spelling_speed import SPEEDS, Speed
from asl_core.live.visit import LiveVisit
from asl_core.service import device_exchange, device_socket
from asl_core.service.http_service import create_service
from asl_core.service.settings import ServiceSettings
from asl_core.spelling.fluent.natural_reader import NaturalReader
from asl_core.spelling.fluent.reading import FluentLetter, FluentReading
from asl_core.spelling.settings import SPELLING_PRESETS

CLASSES = ("A", "B", "C")
DIGEST = "ab" * 32
STEP_S = 0.05


def frame_message(number, letter="A", has_hand=True, has_picture=True):
    """Write the message about frame `number`, in which the picture network names `letter`."""
    flags = (1 if has_picture else 5) if has_hand else 0
    header = struct.pack(
        "<BBHHHId5f",
        *(DEVICE_SCHEMA, flags, 640, 480, 0, number, number * STEP_S),
        *(0.9, 120.0, 130.0, 10.0, 20.0),
    )
    if not has_hand:
        return header
    shares = np.full(3, 0.02)
    shares[CLASSES.index(letter)] = 0.96
    points = np.linspace(0.3, 0.7, 63)
    if not has_picture:
        return header + points.astype("<f4").tobytes()
    return header + points.astype("<f4").tobytes() + np.log(shares).astype("<f4").tobytes()


class Recognizer:
    """Believes the picture network, and names A without it; `suffices` is the landmarks' word."""

    classes = CLASSES
    calibration = Calibration(rejection_threshold=0.5)
    preprocessing = Preprocessing(input_size=16, crop_scale=1.4)

    def __init__(self):
        self.features = []
        self.suffices = False

    def recognize_seen(self, picture, points, is_left):
        assert points.shape == (21, 3)
        if picture is None:
            shares = np.array([0.96, 0.02, 0.02], np.float32)
            return LetterPrediction(CLASSES, shares, landmarks_suffice=self.suffices)
        self.features.append(picture.features)
        shares = np.exp(picture.log_probabilities)
        return LetterPrediction(CLASSES, shares, landmarks_suffice=self.suffices)


def missing_model():
    raise ModelFileError("fluent.json is missing.")


class Spoken:
    """Reads every hand as the letter A at once, and keeps it unsettled until the end."""

    def __init__(self):
        self.is_seen = False

    def _reading(self, settled=()):
        letters = (FluentLetter("A", 0.1, 0.2, 0.9),) if self.is_seen else ()
        return FluentReading(settled, () if settled else letters)

    def update(self, time_s, points, is_left=False, prediction=None):
        self.is_seen = self.is_seen or points is not None
        return self._reading()

    def finish(self):
        return self._reading((FluentLetter("A", 0.1, 0.2, 0.9),) if self.is_seen else ())

    def reset(self):
        self.is_seen = False


class Source:
    """Opens visits with the fake recognizer, and admits them under tokens."""

    def __init__(self):
        self.visits = DeviceVisits()
        self.recognizer = Recognizer()
        self.natural = missing_model
        self.kept = []

    def choose_run(self, name):
        raise AssertionError("no files are asked for here")

    def open_visit(self, compares_hands=False):
        now = SimpleNamespace(s=0.0)

        def clock():
            now.s += STEP_S
            return now.s

        visit = LiveVisit(lambda _: StreamReader(DevicePipeline(self.recognizer)), 0.5, clock=clock)
        visit.source = "device"
        model = DeviceModel(CLASSES, DIGEST, feature_count=4)
        admitted = self.visits.admit(visit, model, compares_hands)
        self.kept.append(admitted)
        return admitted


@pytest.fixture
def source():
    return Source()


@pytest.fixture
def client(source, reader):
    return opened(source, reader)


def opened(source, reader):
    service = create_service(
        ServiceSettings(workers=1), reader.open_recognizer, reader.open_detector, source
    )
    return TestClient(service.api)


def hello(**changed):
    return {"schema_version": DEVICE_SCHEMA, "model": DIGEST, "token": None, "words": ""} | changed


def greet(socket, **changed):
    socket.send_text(json.dumps(hello(**changed)))
    return socket.receive_json()


def answers_to(socket, messages):
    answers = []
    for message in messages:
        socket.send_bytes(message)
        answers.append(socket.receive_json())
    return answers


def closed_by(client, *messages, greets=True):
    """Send messages until the service closes, and return the code and the sentence."""
    with client.websocket_connect("/device") as socket:
        if greets:
            greet(socket)
        with pytest.raises(WebSocketDisconnect) as caught:
            for message in messages:
                (socket.send_bytes if isinstance(message, bytes) else socket.send_text)(message)
                socket.receive_json()
    return caught.value.code, caught.value.reason


def test_a_held_letter_is_written_and_every_frame_answered(client):
    with client.websocket_connect("/device") as socket:
        assert greet(socket) == {
            "classes": list(CLASSES),
            "features": 0,
            "schema_version": DEVICE_SCHEMA,
        }
        answers = answers_to(socket, [frame_message(n, "B") for n in range(1, 41)])
    assert [answer["number"] for answer in answers] == list(range(1, 41))
    assert answers[0]["letter"] == "B"
    assert answers[-1]["text"] == "B"
    assert max(answer["held"] for answer in answers) == 1.0
    assert all(answer["error"] is None for answer in answers)


def test_a_busy_service_asks_for_one_frame_at_a_time(client, monkeypatch):
    def at_once(lag_s):
        monkeypatch.setattr(device_socket, "BUSY_LAG_S", lag_s)
        with client.websocket_connect("/device") as socket:
            greet(socket)
            return answers_to(socket, [frame_message(1)])[0]["at_once"]

    assert at_once(10.0) == MOST_UNANSWERED == 2
    assert at_once(-1.0) == 1


def test_a_page_is_fed_by_its_token_and_its_board_sees_the_same(client, source):
    page = source.open_visit()
    with client.websocket_connect("/device") as socket:
        greet(socket, token=page.token)
        answers_to(socket, [frame_message(n, "C") for n in range(1, 30)])
        snapshot = page.visit.snapshot()
        assert snapshot.letter == "C"
        assert snapshot.handedness == "Right"
        assert snapshot.ms.detect == pytest.approx(10)
        assert snapshot.transcript.text == "C"
    assert page.visit.transcript.text == "C"


def test_features_come_where_the_visit_compares_hands(client, source):
    page = source.open_visit(compares_hands=True)
    features = np.arange(4, dtype="<f4")
    with client.websocket_connect("/device") as socket:
        assert greet(socket, token=page.token)["features"] == 4
        (answer,) = answers_to(socket, [frame_message(1, "B") + features.tobytes()])
        assert answer["letter"] == "B"
        assert source.recognizer.features[0].tolist() == features.tolist()
        with pytest.raises(WebSocketDisconnect) as caught:
            answers_to(socket, [frame_message(2, "B")])
    assert caught.value.code == device_exchange.BAD_MESSAGE


def obedient(socket, count):
    """Send frames as a browser does that obeys; return of which it was asked for the picture."""
    wants, asked = True, []
    for number in range(1, count + 1):
        asked.append(wants)
        (answer,) = answers_to(socket, [frame_message(number, has_picture=wants)])
        assert answer["error"] is None
        wants = answer["picture"]
    return asked, answer


def test_a_held_letter_of_sure_landmarks_is_mostly_read_without_its_picture(client, source):
    source.recognizer.suffices = True
    with client.websocket_connect("/device") as socket:
        greet(socket)
        asked, answer = obedient(socket, 40)
    assert answer["text"] == "A"
    assert 3 <= sum(asked) < 10
    assert not any(one and other for one, other in itertools.pairwise(asked[2:]))


def test_each_picture_is_wanted_where_landmarks_are_not_sure(client):
    with client.websocket_connect("/device") as socket:
        greet(socket)
        asked, _ = obedient(socket, 20)
    assert all(asked)


def test_each_picture_is_wanted_where_hands_are_compared(client, source):
    source.recognizer.suffices = True
    page = source.open_visit(compares_hands=True)
    features = np.arange(4, dtype="<f4").tobytes()
    with client.websocket_connect("/device") as socket:
        greet(socket, token=page.token)
        frames = [frame_message(n) + features for n in range(1, 20)]
        assert all(answer["picture"] for answer in answers_to(socket, frames))
        with pytest.raises(WebSocketDisconnect) as caught:
            answers_to(socket, [frame_message(20, has_picture=False)])
    assert caught.value.code == device_exchange.BAD_MESSAGE


def test_words_of_a_page_are_changed_by_the_page_alone(client, source):
    page = source.open_visit()
    page.visit.type_letter("A")
    with client.websocket_connect("/device") as socket:
        greet(socket, token=page.token)
        socket.send_text(json.dumps({"do": "clear"}))
        with pytest.raises(WebSocketDisconnect) as caught:
            socket.receive_json()
    assert caught.value.code == device_exchange.BAD_MESSAGE
    assert "the page of this visit" in caught.value.reason
    assert page.visit.transcript.text == "A"


def test_a_page_that_chose_another_source_is_not_spelled(client, source):
    page = source.open_visit()
    page.visit.source = "video"
    with client.websocket_connect("/device") as socket:
        greet(socket, token=page.token)
        answers = answers_to(socket, [frame_message(n) for n in range(1, 30)])
    assert answers[-1]["letter"] is None
    assert page.visit.transcript.text == ""


def test_words_of_an_earlier_socket_go_on_and_commands_change_them(client):
    with client.websocket_connect("/device") as socket:
        greet(socket, words="AB C")
        texts = []
        for command in ("space", "delete", "delete", "clear", "undo", "undo"):
            socket.send_text(json.dumps({"do": command}))
            answer = socket.receive_json()
            assert answer["words"] == answer["text"]
            texts.append(answer["text"])
    assert texts == ["AB C ", "AB C", "AB ", "", "AB ", "AB C"]


def test_the_newer_socket_of_a_visit_takes_over(client, source):
    page = source.open_visit()
    with client.websocket_connect("/device") as first:
        greet(first, token=page.token)
        with client.websocket_connect("/device") as second:
            greet(second, token=page.token)
            with pytest.raises(WebSocketDisconnect) as caught:
                first.receive_json()
            assert caught.value.code == device_exchange.TAKEN_OVER
            assert answers_to(second, [frame_message(1)])[0]["letter"] == "A"


def test_the_speed_of_a_greeting_and_of_a_command_counts(client, source):
    with client.websocket_connect("/device") as socket:
        greet(socket, speed="beginner")
        visit = source.kept[-1].visit
        assert visit.settings == SPELLING_PRESETS["beginner"]
        socket.send_text(json.dumps({"do": "speed", "speed": "fast"}))
        assert socket.receive_json()["number"] == 0
        assert visit.settings == SPELLING_PRESETS["fast"]


def test_natural_spelling_is_read_without_holds_and_its_end_is_written(source, reader):
    source.natural = lambda: NaturalReader(Spoken())
    with opened(source, reader).websocket_connect("/device") as socket:
        greet(socket, speed="natural")
        answer = answers_to(socket, [frame_message(n) for n in range(1, 4)])[-1]
        assert answer["natural"]
        assert answer["unsettled"] == "A"
        socket.send_text(json.dumps({"do": "speed", "speed": "standard"}))
        assert socket.receive_json()["words"] == "A"


def test_natural_spelling_that_is_not_installed_is_told(client):
    code, reason = closed_by(client, json.dumps(hello(speed="natural")), greets=False)
    assert code == device_exchange.TOO_MANY_SOCKETS
    assert reason == "fluent.json is missing."


def test_the_camera_page_offers_the_speeds_that_there_are():
    page = (Path(device_socket.__file__).parent / "static/camera.html").read_text("utf-8")
    offered = re.findall(r'<option value="(\w+)"[^>]*>([^<]+)</option>', page)
    held = [
        (name, f"{name.capitalize()}, {settings.hold_seconds:g} s")
        for name, settings in SPELLING_PRESETS.items()
    ]
    assert offered == [*held, ("natural", "Natural")]
    assert tuple(name for name, _ in offered) == SPEEDS == get_args(Speed)


BAD_HELLOS = {
    "no JSON": ("hello", device_exchange.BAD_MESSAGE),
    "a list": ("[]", device_exchange.BAD_MESSAGE),
    "nothing in it": ("{}", device_exchange.BAD_MESSAGE),
    "an unknown field": (json.dumps(hello() | {"x": 1}), device_exchange.BAD_MESSAGE),
    "words of digits": (json.dumps(hello(words="A1")), device_exchange.BAD_MESSAGE),
    "an unknown speed": (json.dumps(hello(speed="light")), device_exchange.BAD_MESSAGE),
    "too many words": (json.dumps(hello(words="A" * 2001)), device_exchange.BAD_MESSAGE),
    "bytes": (b"hello", device_exchange.BAD_MESSAGE),
    "too long": ("x" * 5000, device_exchange.BAD_MESSAGE),
    "another schema": (json.dumps(hello(schema_version=9)), device_exchange.OLD_PAGE),
    "another model": (json.dumps(hello(model="00" * 32)), device_exchange.OLD_PAGE),
    "a guessed token": (json.dumps(hello(token="guessed")), device_exchange.UNKNOWN_VISIT),
}


@pytest.mark.parametrize(("message", "code"), BAD_HELLOS.values(), ids=BAD_HELLOS.keys())
def test_who_does_not_greet_as_agreed_is_closed_with_a_sentence(client, message, code):
    got, reason = closed_by(client, message, greets=False)
    assert got == code
    assert reason
    assert len(reason.encode()) <= 123


BAD_FRAMES = {
    "noise": b"\xff" * 40,
    "one byte too few": frame_message(1)[:-1],
    "no number": frame_message(1)[:-4] + struct.pack("<f", math.nan),
    "too many bytes": frame_message(1) + b"\0" * 5000,
    "an unknown command": json.dumps({"do": "restart"}),
}


@pytest.mark.parametrize("message", BAD_FRAMES.values(), ids=BAD_FRAMES.keys())
def test_a_bad_message_closes_its_own_socket_alone(client, message):
    with client.websocket_connect("/device") as other:
        greet(other)
        code, reason = closed_by(client, message)
        assert code == device_exchange.BAD_MESSAGE
        assert reason
        assert answers_to(other, [frame_message(1, "B")])[0]["letter"] == "B"


def test_a_frame_that_comes_twice_is_refused(client):
    code, reason = closed_by(client, frame_message(5), frame_message(5))
    assert code == device_exchange.BAD_MESSAGE
    assert "after frame 5" in reason


def test_who_sends_too_fast_is_closed(source, reader, monkeypatch):
    monkeypatch.setattr(device_socket, "FRAMES_PER_SECOND", 0.01)
    monkeypatch.setattr(device_socket, "FRAMES_AT_ONCE", 5)
    client = opened(source, reader)
    code, reason = closed_by(client, *(frame_message(n) for n in range(1, 9)))
    assert code == device_exchange.TOO_FAST
    assert reason == "More than 0.01 frames a second."


def test_an_address_that_opens_too_many_sockets_is_turned_away(source, reader, monkeypatch):
    monkeypatch.setattr(device_socket, "GREETINGS_PER_SECOND", 0.01)
    monkeypatch.setattr(device_socket, "GREETINGS_AT_ONCE", 1)
    client = opened(source, reader)
    with client.websocket_connect("/device") as first:
        greet(first)
        assert silent(client) == (
            device_exchange.TOO_FAST,
            "Too many cameras were opened from this address.",
        )


def test_more_sockets_than_are_allowed_are_turned_away(client, monkeypatch):
    monkeypatch.setattr(device_socket, "MOST_SOCKETS", 1)
    with client.websocket_connect("/device") as first:
        greet(first)
        with client.websocket_connect("/device") as second, pytest.raises(WebSocketDisconnect) as c:
            second.receive_json()
        assert c.value.code == device_exchange.TOO_MANY_SOCKETS
        assert answers_to(first, [frame_message(1)])


def test_a_silent_socket_is_closed(client, monkeypatch):
    monkeypatch.setattr(device_socket, "HELLO_SECONDS", 0.05)
    code, reason = silent(client)
    assert code == device_exchange.BAD_MESSAGE
    assert reason == "Nothing came for 0.05 s."


def silent(client):
    with client.websocket_connect("/device") as socket, pytest.raises(WebSocketDisconnect) as c:
        socket.receive_json()
    return c.value.code, c.value.reason


def test_frames_are_read_off_the_event_loop(client, monkeypatch):
    names = []
    plain = device_socket._read

    def noted(session, message):
        names.append(threading.current_thread().name)
        return plain(session, message)

    monkeypatch.setattr(device_socket, "_read", noted)
    with client.websocket_connect("/device") as socket:
        greet(socket)
        answers_to(socket, [frame_message(1)])
    assert names[0].startswith("asl-device")


def test_the_end_of_a_socket_ends_its_stream_and_keeps_the_words(client, source, wait_until):
    page = source.open_visit()
    with client.websocket_connect("/device") as socket:
        greet(socket, token=page.token)
        answers_to(socket, [frame_message(n) for n in range(1, 30)])
        assert page.visit.is_open
    wait_until(lambda: not page.visit.is_open, 60)
    assert page.visit.transcript.text == "A"
