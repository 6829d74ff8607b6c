"""Addresses for another ASGI application to take in, such as Streamlit's; light to import.

That application begins to listen before the service's libraries are loaded.
"""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

OPENAPI = "/openapi.json"
HEALTH = "/healthz"
ROUTES = ("/predict", HEALTH, "/readyz", "/metrics", "/camera", "/docs", OPENAPI)
FILES = "/service-files/{name}"
DEVICE_MANIFEST, DEVICE_FILE = "/device-files.json", "/device-files/{digest}/{name}"
DEVICE_SOCKET = "/device"


def service_routes(app: ASGIApp, prefix: str = "") -> Sequence[BaseRoute]:
    """Return routes to all addresses of the service that `app` serves.

    `prefix` is the path below which the other application lives, such as `asl` for `/asl/camera`.
    """
    root = prefix.strip("/")
    start = f"/{root}" if root else ""
    below: ASGIApp = _Below(app, start) if root else app
    pages = [
        Route(f"{start}{path}", below) for path in (*ROUTES, FILES, DEVICE_MANIFEST, DEVICE_FILE)
    ]
    return [*pages, WebSocketRoute(f"{start}{DEVICE_SOCKET}", below)]


def page_routes(pages: Mapping[str, str], prefix: str = "") -> Sequence[BaseRoute]:
    """Return routes which send pages: address -> HTML.

    `prefix` is the path below which the other application lives, such as `asl`. The page of the
    address "" keeps its slash, below which its relative addresses lie.
    """
    root = prefix.strip("/")
    start = f"/{root}" if root else ""
    return [_page_route(f"{start}/{address}", page) for address, page in pages.items()]


def _page_route(path: str, page: str) -> Route:
    async def send(_: Request) -> HTMLResponse:
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    return Route(path, send)


class _Below:
    """An application that is reached below a prefix, which it takes from each address."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get("root_path", "")
        await self._app({**scope, "root_path": f"{root}{self._prefix}"}, receive, send)
