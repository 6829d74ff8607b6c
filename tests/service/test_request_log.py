"""Each request has an id and one line, which holds what an operator needs and nothing private."""

import io
import json
import logging
import re
from pathlib import Path

import pytest

from asl_core.logs import JsonLines
from asl_core.service.side_routes import DEVICE_SOCKET

DOCS = Path(__file__).parents[2] / "docs" / "service.md"
MADE = re.compile("[0-9a-f]{32}")


@pytest.fixture
def lines():
    """Return a function that gives the JSON lines written since the last call."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("asl_core")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)

    def since():
        text = stream.getvalue()
        stream.seek(0)
        stream.truncate()
        return [json.loads(line) for line in text.splitlines()]

    yield since
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.fixture
def ask(client, lines):
    """Return a function that sends a request and gives its answer and its lines."""

    def send(method, path, **rest):
        lines()
        answer = client.request(method, path, **rest)
        return answer, lines()

    return send


def test_a_picture_is_one_line_with_its_stages(ask, data_url):
    answer, (line,) = ask("POST", "/predict", json={"image": data_url()})
    body = answer.request.read()
    assert line.pop("time")
    stages = {name: line.pop(name) for name in list(line) if name.endswith("ms")}
    assert set(stages) == {"ms", "wait_ms", "decode_ms", "detect_ms", "classify_ms"}
    assert sum(stages.values()) - stages["ms"] <= stages["ms"] + 0.3
    assert line == {
        "level": "info",
        "event": "request",
        "logger": "asl_core.service.request_log",
        "request_id": answer.headers["x-request-id"],
        "method": "POST",
        "route": "/predict",
        "status": 200,
        "body_bytes": len(body),
    }
    assert MADE.fullmatch(line["request_id"])


def test_the_docs_show_such_a_line_and_tell_each_of_its_fields(ask, data_url):
    _, (line,) = ask("POST", "/predict", json={"image": data_url()})
    text = DOCS.read_text(encoding="utf-8")
    shown = next(one.strip() for one in text.splitlines() if one.startswith('    {"time": '))
    assert list(json.loads(shown)) == list(line)
    for field in (*line, "reason", "error", "traceback"):
        assert re.search(rf"^\|.*`{field}`.*\|", text, re.MULTILINE), field


def test_the_document_promises_the_header(client):
    document = client.get("/openapi.json").json()
    for response in document["paths"]["/predict"]["post"]["responses"].values():
        assert response["headers"]["X-Request-ID"]["required"] is True


REFUSED = {
    "no picture": ("POST", "/predict", 400, "/predict", "no_image"),
    "address": ("GET", "/private/person", 404, "other", "unknown"),
    "method": ("DELETE", "/metrics", 405, "/metrics", "method"),
    "made up method": ("MADEUP", "/healthz", 405, "/healthz", "method"),
    "file": ("GET", "/service-files/person.png", 404, "/service-files/{name}", "unknown"),
}


@pytest.mark.parametrize(
    ("method", "path", "status", "route", "reason"), REFUSED.values(), ids=REFUSED.keys()
)
def test_a_refusal_has_its_reason_and_the_route_only_as_a_template(
    ask, method, path, status, route, reason
):
    answer, (line,) = ask(method, f"{path}?token=secret", headers={"X-Request-ID": "ours.1_-"})
    assert answer.headers["x-request-id"] == line["request_id"] == "ours.1_-"
    assert (line["status"], line["route"], line["reason"]) == (status, route, reason)
    assert not any(word in json.dumps(line) for word in ("secret", "person", "MADEUP"))


BAD_IDS = {"empty": "", "space": "a b", "sign": 'a"b', "long": "x" * 65, "line": "a%0ab", "é": "é"}


@pytest.mark.parametrize("given", BAD_IDS.values(), ids=BAD_IDS.keys())
def test_an_id_that_is_not_sane_is_replaced(ask, given):
    answer, (line,) = ask("GET", "/camera", headers={"X-Request-ID": given.encode("latin-1")})
    assert MADE.fullmatch(line["request_id"])
    assert answer.headers["x-request-id"] == line["request_id"]


def test_a_long_sane_id_is_kept(ask):
    answer, _ = ask("GET", "/camera", headers={"X-Request-ID": "x" * 64})
    assert answer.headers["x-request-id"] == "x" * 64


def test_a_breakdown_is_told_with_its_id_and_the_visitor_learns_nothing_of_it(ask, data_url):
    answer, told = ask("POST", "/predict", json={"image": data_url(13)})
    breakdown, request = told
    assert answer.status_code == request["status"] == 500
    assert answer.json() == {
        "error": "The service broke down over this request; what happened is in its log."
    }
    assert (breakdown["level"], breakdown["event"]) == ("error", "breakdown")
    assert breakdown["error"] == "RuntimeError"
    assert "a secret of the server" in breakdown["traceback"]
    ids = {breakdown["request_id"], request["request_id"], answer.headers["x-request-id"]}
    assert len(ids) == 1
    assert request["reason"] == "broken"


def test_no_line_holds_the_picture_or_who_sent_it(ask, data_url):
    for red in (100, 13):
        _, told = ask(
            "POST",
            "/predict",
            json={"image": data_url(red)},
            headers={"X-Forwarded-For": "203.0.113.77", "User-Agent": "somebody/1"},
        )
        text = json.dumps(told)
        assert data_url(red)[30:60] not in text
        assert not any(word in text for word in ("203.0.113.77", "testclient", "somebody"))


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_polls_are_told_only_to_those_who_debug(ask, path):
    _, (line,) = ask("GET", path)
    assert (line["level"], line["route"]) == ("debug", path)


def test_a_site_that_may_call_reads_the_id_even_of_a_breakdown(start, data_url):
    site = "https://example.org"
    client = start(origins=(site,))
    for red, status in ((100, 200), (13, 500)):
        answer = client.post("/predict", json={"image": data_url(red)}, headers={"Origin": site})
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == site
        assert "X-Request-ID" in answer.headers["access-control-expose-headers"]
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-request-id",
    }
    preflight = client.options("/predict", headers={"Origin": site, **asked})
    assert preflight.status_code == 200
    assert "X-Request-ID" in preflight.headers["access-control-allow-headers"]


def test_a_socket_is_told_when_it_opens_and_closes(client, lines):
    lines()
    with client.websocket_connect(DEVICE_SOCKET, headers={"X-Request-ID": "s-1"}) as socket:
        assert (b"x-request-id", b"s-1") in socket.extra_headers
        socket.send_text("not JSON")
        assert socket.receive()["code"] == 4400
    opened, closed = lines()
    assert (opened["event"], opened["route"], opened["request_id"]) == (
        "socket_opened",
        "/device",
        "s-1",
    )
    assert (closed["event"], closed["request_id"]) == ("socket_closed", "s-1")
    assert (closed["code"], closed["messages"]) == (4400, 1)
    assert closed["ms"] >= 0


def test_a_browser_that_leaves_is_told_with_its_code(client, lines, wait_until):
    with client.websocket_connect(DEVICE_SOCKET) as socket:
        socket.close(1001)
    assert lines()[-1]["code"] == 1001
