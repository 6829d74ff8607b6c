"""`python -m asl_core serve`: reads pictures over HTTP, for programs and browsers."""

import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import fields
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from asl_core.commands.chosen_model import model_path
from asl_core.commands.engine import Engine, EngineChoice, refuse_without_ray, replica_pool
from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.errors import ModelFileError, SettingsError
from asl_core.logs import LogSettings, set_up_logs
from asl_core.records.training_run import SHIPPED_RUN

if TYPE_CHECKING:
    import uvicorn

    from asl_core.service.http_service import HttpService
    from asl_core.service.settings import ServiceSettings

STOP_SECONDS = 15
"""Longest wait for answers under way when the service is asked to stop."""


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: a free one.")] = 5000,
    host: Annotated[
        str, typer.Option(help="Address to listen at; 0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
    model: Annotated[str, typer.Option(help="Name or folder of a run.")] = SHIPPED_RUN,
    device: Annotated[str | None, typer.Option(help="'cpu', 'cuda' …")] = None,
    workers: Annotated[int | None, typer.Option(help="Pictures read at a time.")] = None,
    queue_size: Annotated[int | None, typer.Option(help="Pictures that may wait.")] = None,
    max_body_mb: Annotated[float | None, typer.Option(help="Largest request in MB.")] = None,
    requests_per_second: Annotated[
        float | None, typer.Option(help="Of one client, on average; 0: no limit.")
    ] = None,
    burst: Annotated[int | None, typer.Option(help="Of one client, at once.")] = None,
    proxies: Annotated[
        list[str] | None,
        typer.Option("--proxy", help="Address or network of a proxy to believe; repeatable."),
    ] = None,
    origins: Annotated[
        list[str] | None,
        typer.Option("--origin", help="Other web site whose pages may call; repeatable."),
    ] = None,
    engine: EngineChoice = Engine.THREADS,
    replicas: Annotated[
        int | None, typer.Option(help="Ray: reader processes; each has --workers detectors.")
    ] = None,
    max_replicas: Annotated[
        int | None, typer.Option(help="Ray: scale up to so many with the load.")
    ] = None,
    gpus_per_replica: Annotated[
        float | None, typer.Option(help="Ray: share of a GPU for each, such as 0.25.")
    ] = None,
    ray_address: Annotated[
        str | None, typer.Option(help="Ray: a cluster, such as auto; default: this machine.")
    ] = None,
) -> None:
    """Start the HTTP service with its camera page.

    `POST /predict` reads a picture, `/camera` is a page that reads from the camera, `/docs`
    explains the rest. Settings that are not given come from the environment, such as
    `ASL_SERVICE_QUEUE_SIZE`. Ctrl+C ends it after the answers under way. SIGHUP has it load the
    model anew from its folder, while it goes on reading.

    For example:

        python -m asl_core serve --port 5000

        curl -F image=@hand.jpg http://127.0.0.1:5000/predict

        python -m asl_core serve --engine ray --replicas 2 --workers 1
    """
    from asl_core.service.environment import check_environment

    logs = LogSettings.from_environment()
    check_environment()
    model_path(model)
    settings = _settings(
        workers=workers,
        queue_size=queue_size,
        max_body_mb=max_body_mb,
        requests_per_second=requests_per_second,
        burst=burst,
        proxies=tuple(proxies) if proxies else None,
        origins=tuple(origins) if origins else None,
    )
    from asl_core.service.http_service import create_service

    def open_recognizer() -> Any:
        from asl_core.letters.recognizer import LetterRecognizer

        # The name is looked up anew at each swap.
        return LetterRecognizer.load(model_path(model), device)

    pool = None
    if engine is Engine.RAY:
        pool = replica_pool(
            model, settings, device, replicas, max_replicas, gpus_per_replica, ray_address
        )
    else:
        refuse_without_ray(
            replicas=replicas,
            max_replicas=max_replicas,
            gpus_per_replica=gpus_per_replica,
            ray_address=ray_address,
        )
    _run(create_service(settings, open_recognizer, run=model, pool=pool), host, port, logs)


def _settings(**given: Any) -> "ServiceSettings":
    from asl_core.service.settings import ServiceSettings

    settings = ServiceSettings.from_environment()
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return ServiceSettings(**values | {k: v for k, v in given.items() if v is not None})


def _run(service: "HttpService", host: str, port: int, logs: LogSettings) -> None:
    """Serve until a signal or a model that cannot be loaded ends it."""
    import uvicorn

    from asl_core.live.device_message import MAX_MESSAGE_BYTES

    with closing(_listener(host, port)) as listener, quiet_libraries():
        set_up_logs(logs, whole_process=True)
        config = uvicorn.Config(
            service.api,
            log_config=None,  # asl_core/logs.py has all of it
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # asl_core/service/rate_limit.py reads them
            timeout_graceful_shutdown=STOP_SECONDS,
            ws_max_size=MAX_MESSAGE_BYTES,  # of a browser that reads its own camera
            ws_per_message_deflate=False,  # so few bytes are not worth a compressor for each
        )
        server = uvicorn.Server(config)
        service.pool.on_failure = partial(setattr, server, "should_exit", True)
        typer.echo(f"Serving at {_address(host, listener)}; Ctrl+C ends it.")
        with suppress(KeyboardInterrupt), _swapping_on_hangup(service, server):
            server.run(sockets=[listener])
    if service.pool.failure is not None:
        raise ModelFileError(f"The model could not be loaded: {service.pool.failure}")


@contextmanager
def _swapping_on_hangup(service: "HttpService", server: "uvicorn.Server") -> Iterator[None]:
    """Read the model anew at each SIGHUP; where there is none, as on Windows, do nothing."""
    if not hasattr(signal, "SIGHUP"):
        yield
        return
    had_terminal = sys.stderr.isatty()

    def on_hangup(_: int, __: FrameType | None) -> None:
        # A terminal that is closed sends the same signal, to end what was started in it.
        if had_terminal and not sys.stderr.isatty():
            server.should_exit = True
        else:
            service.swap.ask()

    service.swap.start()
    before = signal.signal(signal.SIGHUP, on_hangup)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise SettingsError(f"Cannot listen at {host}, port {port}: {error.strerror}.") from None
    return listener


def _address(host: str, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
