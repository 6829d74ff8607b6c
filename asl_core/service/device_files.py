"""What a browser loads to read its own camera: libraries, hand model and letters, from this app."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from asl_core.errors import AslError
from asl_core.hands.detector import VIDEO_CONFIDENCE, VIDEO_PALM_CONFIDENCE
from asl_core.hands.landmarker_model import LANDMARKER_SHA256, landmarker_path
from asl_core.records.training_run import TrainingRun
from asl_core.records.web_libraries import library_content, web_libraries
from asl_core.records.web_model import WebModel, web_model_of
from asl_core.service.refusals import NO_SUCH_PAGE, NOT_NOW, RefusalError, shown
from asl_core.service.side_routes import DEVICE_FILE

MANIFEST_SCHEMA = 1
_DIGEST_LENGTH = 16
_YEAR_S = 31_536_000
_GZIP_LEVEL = 6

_TYPES = {
    ".mjs": "text/javascript; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
}

ChooseRun = Callable[[str | None], TrainingRun]
"""Returns the run of a name, or without one the service's own; may raise an AslError."""


@dataclass(frozen=True)
class DeviceFile:
    """A file as it is sent: gzipped `content`, and its bytes and SHA-256 when it is unpacked."""

    name: str
    size: int
    sha256: str
    content: bytes

    @property
    def path(self) -> str:
        """Where it is served, below the service; another content has another address."""
        return DEVICE_FILE[1:].format(digest=self.sha256[:_DIGEST_LENGTH], name=self.name)


class DeviceFiles:
    """The files for browsers of any run that has a form for them; thread-safe."""

    def __init__(self, choose_run: ChooseRun) -> None:
        self._choose_run = choose_run

    async def manifest(self, request: Request) -> Response:
        """Answer which files a browser needs for the run that `?model=` names.

        Raises:
            RefusalError: there is no such run, or it has no form for browsers.
        """
        name = request.query_params.get("model")
        try:
            values = await run_in_threadpool(self._manifest, name)
        except AslError as error:
            raise RefusalError(NOT_NOW, str(error), "no_web_model") from None
        return JSONResponse(values, headers={"Cache-Control": "no-cache"})

    async def file(self, request: Request) -> Response:
        """Send a file; a browser keeps it for a year.

        Raises:
            RefusalError: no run has a file of that digest.
        """
        digest, name = request.path_params["digest"], request.path_params["name"]
        try:
            found = await run_in_threadpool(self._find, digest, name)
        except AslError as error:
            raise RefusalError(NOT_NOW, str(error), "no_web_model") from None
        if found is None:
            raise RefusalError(NO_SUCH_PAGE, f"There is no file {shown(name)}.", "unknown")
        headers = {
            "Cache-Control": f"public, max-age={_YEAR_S}, immutable",
            "X-Content-Type-Options": "nosniff",
            "Vary": "Accept-Encoding",
            # Workers of an isolated page take nothing without it.
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",
        }
        content = found.content
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
        else:
            content = await run_in_threadpool(gzip.decompress, content)
        media_type = _TYPES.get(Path(name).suffix, "application/octet-stream")
        return Response(content, media_type=media_type, headers=headers)

    def _manifest(self, model: str | None) -> dict[str, Any]:
        run = self._choose_run(model)
        web_model = web_model_of(run.folder)
        files = _files_of(run.folder, web_model)
        return {
            "schema_version": MANIFEST_SCHEMA,
            "video_confidence": VIDEO_CONFIDENCE,
            "video_palm_confidence": VIDEO_PALM_CONFIDENCE,
            "model": {
                "run": run.name,
                "schema_version": web_model.schema_version,
                "sha256": web_model.sha256,
                "classes": web_model.classes,
                "preprocessing": web_model.preprocessing,
                "pad": web_model.pad,
                "input": web_model.input,
                "output": web_model.output,
                "features": web_model.features,
            },
            "files": {
                part: {"path": file.path, "bytes": file.size, "wire_bytes": len(file.content)}
                for part, file in files.items()
            },
        }

    def _find(self, digest: str, name: str) -> DeviceFile | None:
        for file in [*_libraries().values(), _hand_model(), *_letters_in_memory.values()]:
            if (file.sha256[:_DIGEST_LENGTH], file.name) == (digest, name):
                return file
        return None


_letters_in_memory: dict[str, DeviceFile] = {}


def _files_of(folder: Path, model: WebModel) -> dict[str, DeviceFile]:
    if model.sha256 not in _letters_in_memory:
        content = model.content(folder)
        _letters_in_memory[model.sha256] = _packed(model.file, content, model.sha256)
    letters = _letters_in_memory[model.sha256]
    return {**_libraries(), "landmarker": _hand_model(), "letters": letters}


@lru_cache(maxsize=1)
def _libraries() -> dict[str, DeviceFile]:
    return {
        file.part: DeviceFile(file.name, file.bytes, file.sha256, library_content(file))
        for file in web_libraries().files
    }


@lru_cache(maxsize=1)
def _hand_model() -> DeviceFile:
    path = landmarker_path()
    return _packed(path.name, path.read_bytes(), LANDMARKER_SHA256)


def _packed(name: str, content: bytes, sha256: str) -> DeviceFile:
    return DeviceFile(name, len(content), sha256, gzip.compress(content, _GZIP_LEVEL))
