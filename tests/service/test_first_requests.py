"""Waiting for a pause between requests, never for long."""

import asyncio
import threading
import time

import pytest

from asl_core.service import first_requests as home
from asl_core.service.first_requests import FirstRequests, RequestCounter


def seconds_of(call):
    began = time.monotonic()
    call()
    return time.monotonic() - began


def test_nobody_there_is_not_waited_for():
    assert seconds_of(lambda: FirstRequests().wait_for_pause(0.5)) < 0.05


def test_an_open_request_and_the_pause_after_it_are_waited_for():
    requests = FirstRequests()
    answer = requests.answering()
    answer.__enter__()
    threading.Timer(0.2, answer.__exit__, (None, None, None)).start()
    assert 0.28 < seconds_of(lambda: requests.wait_for_pause(0.1)) < 1.5


def test_all_waits_together_are_bounded(monkeypatch):
    monkeypatch.setattr(home, "LONGEST_S", 0.2)
    requests = FirstRequests()
    with requests.answering():
        assert 0.18 < seconds_of(lambda: requests.wait_for_pause(1)) < 1
        assert seconds_of(lambda: requests.wait_for_pause(1)) < 0.1


def test_an_answer_that_waits_for_what_is_loaded_is_not_waited_for():
    requests = FirstRequests()
    with requests.answering(), requests.waiting():
        assert seconds_of(lambda: requests.wait_for_pause(0.1)) < 0.5
        assert requests.open_count == 0
    assert requests.open_count == 0


def test_an_answer_that_waited_goes_on_before_more_is_loaded():
    requests, loaded = FirstRequests(), threading.Event()

    def page():
        with requests.answering():
            with requests.waiting():
                loaded.wait(10)
            time.sleep(0.4)

    visitor = threading.Thread(target=page)
    visitor.start()
    while not requests._waiting:
        time.sleep(0.01)
    loaded.set()
    requests.let_waiting_go_on(0.05)
    assert requests.open_count == 0 and not visitor.is_alive()


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("fails", [False, True])
def test_only_requests_over_http_count_and_each_ends(kind, fails, monkeypatch):
    requests = FirstRequests()
    monkeypatch.setattr(home, "first_requests", requests)
    seen = []

    async def app(scope, receive, send):
        seen.append((scope["type"], requests.open_count))
        if fails:
            raise RuntimeError("broken")

    async def ask():
        await RequestCounter(app)({"type": kind}, None, None)

    if fails:
        with pytest.raises(RuntimeError):
            asyncio.run(ask())
    else:
        asyncio.run(ask())
    assert seen == [(kind, 1 if kind == "http" else 0)]
    assert requests.open_count == 0
