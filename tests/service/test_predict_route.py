import asyncio
import base64
import io
import json
import threading
import time

import pytest
from PIL import Image

from asl_core.public_reading import PublicReading


def test_the_tutorials_request_gets_its_answer(client, data_url):
    """`fetch('/predict', {method: 'POST', headers: {...}, body: JSON.stringify({image})})`."""
    body = json.dumps({"image": data_url(100)})
    answer = client.post("/predict", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    assert answer.json()["prediction"] == "A"


def test_the_answer_is_the_public_form(client, data_url):
    answer = client.post("/predict", json={"image": data_url(150)}).json()
    assert list(answer) == list(PublicReading.model_fields)
    assert (answer["prediction"], answer["confidence"]) == ("A", 0.61)
    assert answer["picture"] == {"width": 80, "height": 40}
    assert answer["ms"]["total"] >= answer["ms"]["decode"] > 0
    assert answer["model"] == "colours"


def test_a_confident_letter_is_certain(client, data_url):
    assert client.post("/predict", json={"image": data_url(100)}).json()["certain"] is True


def test_without_a_hand_nothing_is_guessed(client, data_url):
    answer = client.post("/predict", json={"image": data_url(0)}).json()
    assert (answer["prediction"], answer["confidence"]) == ("nothing", 0)
    assert (answer["hand"], answer["box"], answer["top"]) == (None, None, [])
    assert answer["certain"] is False


@pytest.mark.parametrize("field", ["image", "file"])
def test_an_uploaded_file(client, picture, field):
    answer = client.post("/predict", files={field: ("hand.png", picture(200), "image/png")})
    assert answer.json()["prediction"] == "J"


def test_plain_base64(client, picture):
    text = base64.b64encode(picture(200)).decode()
    assert client.post("/predict", json={"image": text}).json()["prediction"] == "J"


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_an_animation_is_read_by_its_first_picture_and_the_answer_says_so(client, kind):
    first, *more = [Image.new("RGB", (80, 40), (red, 0, 0)) for red in (200, 100, 0)]
    data = io.BytesIO()
    first.save(data, kind, save_all=True, append_images=more)
    answer = client.post("/predict", files={"image": ("wave", data.getvalue())}).json()
    assert answer["prediction"] == "J"
    assert answer["notes"] == ["The image holds 3 pictures; only the first was read."]


REFUSED = {
    "no image": ({"json": {}}, 400, 'The JSON has no field "image"'),
    "nothing sent": ({}, 400, "The request is empty"),
    "not an image": ({"json": {"image": "AAAA"}}, 415, "The image is not a picture"),
    "not JSON": (
        {"content": b"{", "headers": {"Content-Type": "application/json"}},
        422,
        "The body is not JSON: ",
    ),
    "no type": ({"content": b"x"}, 415, "The Content-Type '' is not understood"),
}


@pytest.mark.parametrize(("request_", "status", "start_"), REFUSED.values(), ids=REFUSED.keys())
def test_refusals_are_one_sentence(client, request_, status, start_):
    answer = client.post("/predict", **request_)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    sentence = answer.json()["error"]
    assert sentence.startswith(start_) and sentence.endswith(".")
    assert "Traceback" not in sentence and "\n" not in sentence


def test_a_truncated_picture_is_refused(client, picture):
    cut = picture(100)[:-30]
    answer = client.post("/predict", files={"image": ("hand.png", cut)})
    assert answer.status_code == 415
    assert answer.json()["error"].startswith("The image is damaged or cut short")


def test_a_breakdown_says_nothing_of_the_inside_and_is_survived(client, data_url, caplog):
    answer = client.post("/predict", json={"image": data_url(13)})
    assert answer.status_code == 500
    assert answer.json() == {
        "error": "The service broke down over this request; what happened is in its log."
    }
    assert "a secret of the server" in caplog.text
    assert client.post("/predict", json={"image": data_url(100)}).status_code == 200


def test_too_large_by_its_length(start):
    client = start(max_body_mb=0.01)
    answer = client.post("/predict", json={"image": "A" * 20_000})
    assert answer.status_code == 413
    assert answer.json()["error"] == ("The request has 0.02 MB or more; at most 0.01 MB are read.")


def test_too_large_while_it_arrives(start):
    client = start(max_body_mb=0.01)

    def parts():
        for _ in range(50):
            yield b"A" * 1000

    answer = client.post("/predict", content=parts())
    assert answer.status_code == 413


def test_a_body_that_does_not_arrive(start):
    client = start(body_seconds=0.1)
    sent = []
    sent_parts: list[int] = []

    async def receive():
        if sent_parts:
            await asyncio.sleep(30)
        sent_parts.append(1)
        return {"type": "http.request", "body": b"{", "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/predict",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "app": client.service.api,
    }
    started = time.monotonic()
    asyncio.run(asyncio.wait_for(client.service.api(scope, receive, send), 20))
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["error"] == (
        "The picture did not arrive within 0.1 s; 1 bytes did."
    )
    assert time.monotonic() - started < 10


def test_over_the_rate(start, data_url):
    client = start(requests_per_second=0.01, burst=2)
    body = {"json": {"image": data_url()}}
    answers = [client.post("/predict", **body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "sends more than 0.01 pictures a second; wait " in answers[2].json()["error"]
    assert 90 <= int(answers[2].headers["retry-after"]) <= 100


def test_clients_behind_a_believed_proxy_have_limits_of_their_own(start, data_url):
    client = start(requests_per_second=0.01, burst=1, proxies=("127.0.0.1",))
    client._transport.client = ("127.0.0.1", 50000)

    def status(address):
        headers = {"X-Forwarded-For": address}
        return client.post("/predict", json={"image": data_url()}, headers=headers).status_code

    assert [status("1.1.1.1"), status("2.2.2.2"), status("1.1.1.1")] == [200, 200, 429]


def test_a_full_queue(start, reader, data_url, wait_until):
    client = start(workers=1, queue_size=1)
    reader.gate.clear()
    answers = []

    def ask():
        answers.append(client.post("/predict", json={"image": data_url()}))

    first, second = threading.Thread(target=ask), threading.Thread(target=ask)
    first.start()
    wait_until(lambda: reader.gate.frames == 1)
    second.start()
    wait_until(lambda: client.service.pool.waiting == 1)
    third = client.post("/predict", json={"image": data_url()})
    alive = client.get("/healthz")
    reader.gate.set()
    first.join(20)
    second.join(20)
    assert third.status_code == 503
    assert third.json() == {"error": "1 pictures are waiting already; try again soon."}
    assert third.headers["retry-after"] == "1"
    assert alive.status_code == 200
    assert [answer.status_code for answer in answers] == [200, 200]


def test_too_many_uploads(start, data_url):
    client = start(max_uploads=1)
    route = next(r for r in client.service.api.routes if r.path == "/predict").endpoint.__self__
    route._uploads = 1
    answer = client.post("/predict", json={"image": data_url()})
    assert answer.status_code == 503
    assert answer.json() == {"error": "1 pictures are being received already; try again soon."}
