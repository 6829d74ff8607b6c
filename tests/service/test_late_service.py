"""The service beside pages that is built once their server listens."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient

from asl_core.errors import ModelFileError
from asl_core.service.http_service import create_service
from asl_core.service.late_service import LateService
from asl_core.service.settings import ServiceSettings
from asl_core.service.side_routes import service_routes


def no_recognizer():
    raise ModelFileError("there is no model.")


def build():
    return create_service(ServiceSettings(workers=1), no_recognizer)


@pytest.mark.parametrize("prefix", ["", "asl", "/asl/"])
def test_every_address_of_the_service_is_passed_on(prefix):
    service = build()
    start = f"/{prefix.strip('/')}" if prefix else ""
    passed = {route.path for route in service_routes(service.api, prefix)}
    own = {r.path for r in service.api.routes if isinstance(r, Route | WebSocketRoute)}
    # The page at "/" is the other application's.
    assert passed == {f"{start}{path}" for path in own - {"/"}}
    service.close()


@pytest.mark.parametrize("prefix", ["", "asl"])
def test_the_first_request_builds_it_and_the_next_finds_it(prefix):
    built = []
    late = LateService(lambda: built.append(build()) or built[-1])

    async def page(_):
        return PlainTextResponse("page")

    routes = [*late.routes(prefix), Route("/", page)]
    start = f"/{prefix}" if prefix else ""
    with TestClient(Starlette(routes=routes)) as client:
        assert client.get("/").text == "page"
        lives = client.get(f"{start}/healthz")
        assert client.head(f"{start}/healthz").status_code == lives.status_code == 200
        assert not built
        assert client.get(f"{start}/service-files/camera.css").status_code == 200
        assert "error" in client.get(f"{start}/service-files/none.css").json()
        assert client.get(f"{start}/healthz").json() == lives.json() == {"status": "alive"}
    assert len(built) == 1
    built[0].close()


def test_threads_that_ask_at_once_get_the_same():
    gate = threading.Barrier(4)
    late = LateService(build)

    def ask(_):
        gate.wait(10)
        return late.build()

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(ask, range(4)))) == 1
    late.build().close()


@pytest.mark.parametrize("is_built", [True, False])
def test_the_end_frees_what_was_built(is_built, monkeypatch):
    import asyncio

    late, closed = LateService(build), []
    if is_built:
        service = late.build()
        close = service.close
        monkeypatch.setattr(service, "close", lambda: (closed.append(True), close()))

    async def live():
        async with late.running():
            assert not closed

    asyncio.run(live())
    assert bool(closed) is is_built
