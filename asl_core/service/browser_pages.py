"""The pages for a browser and their files, with a policy that lets nothing else in."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import Response

from asl_core.service.refusals import NO_SUCH_PAGE, RefusalError, shown

STATIC_FOLDER = Path(__file__).with_name("static")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        # WebAssembly is compiled from files of this app; nothing else is evaluated.
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing from elsewhere and nothing inline: no script, no style, no picture."""

PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
    # A page that is isolated from others may share memory with its workers: threads of WebAssembly.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent."""

    content: bytes
    media_type: str


@cache
def static_files() -> dict[str, StaticFile]:
    """Read the files of the pages: name -> content; a dozen small ones."""
    return {
        path.name: StaticFile(path.read_bytes(), _TYPES[path.suffix])
        for path in sorted(STATIC_FOLDER.iterdir())
        if path.suffix in _TYPES
    }


def send_file(name: str) -> Response:
    """Answer with a file of the pages.

    Raises:
        RefusalError: there is no such file.
    """
    file = static_files().get(name)
    if file is None:
        raise RefusalError(NO_SUCH_PAGE, f"The pages have no file {shown(name)}.", "unknown")
    return Response(file.content, media_type=file.media_type, headers=PAGE_HEADERS)


async def camera_page() -> Response:
    """Send the page that reads from the visitor's camera."""
    return send_file("camera.html")


async def api_page() -> Response:
    """Send the page that explains the service."""
    return send_file("api.html")


async def page_file(request: Request) -> Response:
    """Send a script, style or picture of the pages."""
    return send_file(request.path_params["name"])
