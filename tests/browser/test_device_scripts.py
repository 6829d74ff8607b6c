"""What the browser cuts and writes, beside Python's own; no server runs for it."""

import numpy as np
import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.hands.crop import PAD_COLOUR, CropBox, box_around, cut
from asl_core.hands.landmarks import HandLandmarks
from asl_core.live.camera_hints import frame_brightness
from asl_core.live.device_message import read_frame
from asl_core.service.browser_pages import STATIC_FOLDER
from scripts.running_app import chromium_path, running_browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

PLACE = "http://localhost/"
WIDTH, HEIGHT, SIZE = 96, 72, 32
MOST_MEAN_LEVELS = 0.5
"""Grey levels by which a crop may differ on average: rounding, no more."""


@pytest.fixture(scope="module")
def page():
    with running_browser() as browser:
        opened = browser.new_page()

        def serve(route):
            name = route.request.url.removeprefix(PLACE)
            path = STATIC_FOLDER / name
            body = path.read_text() if name else "<!doctype html><title>empty</title>"
            kind = "text/javascript" if name else "text/html"
            route.fulfill(body=body, content_type=kind)

        opened.route(f"{PLACE}**", serve)
        opened.goto(PLACE)
        yield opened


@pytest.fixture(scope="module")
def frame():
    """Return a picture of smooth colours with edges, as a camera sees."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    red = 127 + 120 * np.sin(columns / 7) * np.cos(rows / 9)
    green = np.where((columns // 12 + rows // 9) % 2, 200, 40)
    blue = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH))
    return np.stack([red, green, blue], axis=2).astype(np.uint8)


def rgba(frame):
    alpha = np.full((*frame.shape[:2], 1), 255, np.uint8)
    return np.concatenate([frame, alpha], axis=2).ravel().tolist()


def cut_in_browser(page, frame, box):
    script = """async ({ data, width, height, box, size, pad }) => {
        const { cut } = await import("./hand_crop.js");
        const pixels = { data: Uint8ClampedArray.from(data), width, height };
        return [...cut(pixels, box, size, pad)];
    }"""
    given = {
        "data": rgba(frame),
        "width": WIDTH,
        "height": HEIGHT,
        "box": {"left": box.left, "top": box.top, "side": box.side},
        "size": SIZE,
        "pad": PAD_COLOUR,
    }
    return np.array(page.evaluate(script, given), np.uint8).reshape(SIZE, SIZE, 3)


@pytest.mark.parametrize(
    "box",
    [
        CropBox(10, 5, 60),
        CropBox(10, 5, 64),
        CropBox(-20, -15, 77),
        CropBox(50, 30, 61),
        CropBox(30, 20, 32),
        CropBox(30, 20, 20),
        CropBox(-5, 60, 17),
        CropBox(300, 300, 40),
    ],
    ids=[
        *("shrunk", "halved", "past two edges", "past the others", "as it is"),
        *("enlarged", "enlarged past an edge", "outside"),
    ],
)
def test_the_square_is_cut_as_python_cuts_it(page, frame, box):
    theirs, ours = cut_in_browser(page, frame, box), cut(frame, box, SIZE)
    differences = np.abs(theirs.astype(int) - ours.astype(int))
    assert differences.mean() < MOST_MEAN_LEVELS
    assert differences.max() <= 2


def test_boxes_are_the_same_to_the_pixel(page):
    random = np.random.default_rng(2)
    hands = random.uniform(-0.2, 1.2, (200, 21, 3)).astype(np.float32)
    script = """async ({ hands, width, height, scale }) => {
        const { boxAround } = await import("./hand_crop.js");
        return hands.map((points) => boxAround(points, width, height, scale));
    }"""
    given = {"hands": hands.tolist(), "width": 640, "height": 480, "scale": 1.4}
    boxes = page.evaluate(script, given)
    ours = [box_around(HandLandmarks(points), 640, 480, 1.4) for points in hands]
    assert [CropBox(**box) for box in boxes] == ours


def test_the_brightness_of_a_frame_is_pythons(page, frame):
    script = """async ({ data, width, height }) => {
        const { frameLuma } = await import("./hand_crop.js");
        return frameLuma({ data, width, height });
    }"""
    given = {"data": rgba(frame), "width": WIDTH, "height": HEIGHT}
    assert page.evaluate(script, given) == pytest.approx(frame_brightness(frame), abs=1e-3)


def test_what_the_browser_writes_is_read_by_the_server(page):
    points = letter_landmarks("B", 640, 480).points
    shares = np.full(26, 0.5 / 25)
    shares[3] = 0.5
    script = """async ({ points, answers }) => {
        const { encodeFrame } = await import("./device_message.js");
        const features = Float32Array.from([1, 2, 3]);
        const said = { answers: Float32Array.from(answers), features };
        const hand = { points, ...said, isLeft: true, score: 0.75 };
        const found = { number: 7, time: 12.5, width: 640, height: 480, luma: 100, handLuma: 80,
            detectMs: 9, classifyMs: 21, hand };
        const empty = { ...found, number: 8, time: 12.6, hand: null };
        const unread = { ...hand, answers: null, features: null };
        const bare = { ...found, number: 9, time: 12.7, hand: unread };
        const asked = [[found, 0], [empty, 3], [found, 3], [bare, 0]];
        const bytes = asked.map(([frame, count]) => new Uint8Array(encodeFrame(frame, count)));
        const refused = [encodeFrame(found, 4), encodeFrame(bare, 3)];
        return [...bytes.map((message) => [...message]), ...refused];
    }"""
    given = {"points": points.tolist(), "answers": np.log(shares).tolist()}
    *written, other, too_bare = page.evaluate(script, given)
    with_hand, without, with_features, bare = (bytes(message) for message in written)
    assert other is None
    assert too_bare is None
    seen = read_frame(with_hand, 26, None)
    assert (seen.number, seen.time_s, seen.width, seen.height) == (7, 12.5, 640, 480)
    assert seen.detection.handedness == "Left"
    assert seen.detection.score == 0.75
    assert seen.detection.landmarks.points == pytest.approx(points, abs=1e-6)
    assert np.exp(seen.log_probabilities) == pytest.approx(shares, abs=1e-6)
    assert (seen.light.frame, seen.light.hand) == (100, 80)
    assert read_frame(without, 26, seen, feature_count=3).detection is None
    compared = read_frame(with_features, 26, None, feature_count=3)
    assert compared.features.tolist() == [1, 2, 3]
    assert compared.log_probabilities == pytest.approx(seen.log_probabilities)
    unseen = read_frame(bare, 26, seen)
    assert unseen.detection.landmarks.points == pytest.approx(points, abs=1e-6)
    assert (unseen.detection.handedness, unseen.light) == ("Left", seen.light)
    assert unseen.log_probabilities is None


FAKE_SOCKET = """
        const { DeviceSocket } = await import("./device_socket.js");
        let socket;
        globalThis.WebSocket = class {
            constructor() { socket = this; }
            send() {}
            close() {}
        };
        const camera = new DeviceSocket({ hello: () => ({}), onAnswer() {}, onState() {} });
        const hear = (message) => socket.onmessage({ data: JSON.stringify(message) });
"""


def test_a_busy_server_is_sent_one_frame_at_a_time(page):
    script = (
        f"async () => {{{FAKE_SOCKET}"
        + """
        const found = { time: 1, width: 640, height: 480, luma: 100, detectMs: 9, classifyMs: 21 };
        const send = (count) =>
            Array.from({ length: count }, () => camera.send({ ...found, number: 1, hand: null }));
        camera.open();
        socket.onopen();
        hear({ features: 0 });
        const atFirst = send(3);
        hear({ number: 1, at_once: 1 });
        const stillOwed = send(1);
        hear({ number: 2, at_once: 1 });
        const busy = send(2);
        hear({ number: 3, at_once: 2 });
        return [atFirst, stillOwed, busy, send(3)];
    }"""
    )
    assert page.evaluate(script) == [
        [True, True, False],
        [False],
        [True, False],
        [True, True, False],
    ]


def test_the_picture_is_left_out_as_the_last_answer_says_and_never_of_a_new_socket(page):
    script = (
        f"async () => {{{FAKE_SOCKET}"
        + """
        const said = [camera.wantsPicture];
        camera.open();
        socket.onopen();
        hear({ features: 0 });
        for (const picture of [false, true, false]) {
            hear({ number: 1, at_once: 2, picture });
            said.push(camera.wantsPicture);
        }
        camera.open();
        return [...said, camera.wantsPicture];
    }"""
    )
    assert page.evaluate(script) == [True, False, True, False, True]
