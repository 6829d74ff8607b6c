"""How many visitors whose own browsers read their cameras does one server bear?

    python -m benchmarks.device_load

Starts the HTTP service in a process of its own, on loopback alone, and lets simulated browsers send
a message for each of 30 frames a second, as `service/static/device_message.js` writes it: drawn
hands that tremble and spell. An answer's time counts from the moment when its frame was due. Writes
benchmarks/results/device-load.json and docs/device-figures.md. Nothing else should run on the
machine.
"""

import asyncio
import json
import os
import struct
import time
import urllib.request
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any

import numpy as np
import psutil
import typer
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection, connect

from asl_core.benchmark.machine_name import processor_name
from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.live.device_message import DEVICE_SCHEMA, MOST_UNANSWERED
from benchmarks.device_page import write_page
from benchmarks.device_report import LOAD_FILE, LoadReport, VisitorShare
from scripts.running_service import running_service

MOST_VISITORS, MOST_SECONDS = 40, 120.0
LETTER_SECONDS = 1.2
WORD = "QUICKBROWN"
WIDTH, HEIGHT = 640, 480
WARM_UP_SECONDS = 5.0


@dataclass
class Visitor:
    """One simulated browser, and what it saw."""

    number: int
    waits_ms: list[float] = field(default_factory=list)
    sent: int = 0
    answer_bytes: int = 0
    message_bytes: int = 0
    at_once: int = MOST_UNANSWERED
    """How many frames may be unanswered, as the last answer said."""


@dataclass(frozen=True)
class Model:
    """What a browser must know to greet the service."""

    digest: str
    classes: tuple[str, ...]


def message(number: int, time_s: float, model: Model, random: np.random.Generator) -> bytes:
    """Write what a browser sends about a frame at `time_s`: a drawn hand that trembles."""
    letter = WORD[int(time_s / LETTER_SECONDS) % len(WORD)]
    points = _hand(letter) + random.normal(0, 0.001, (21, 3))
    shares = np.full(len(model.classes), 0.05 / len(model.classes))
    shares[model.classes.index(letter)] += 0.95
    header = struct.pack(
        "<BBHHHId5f",
        *(DEVICE_SCHEMA, 1, WIDTH, HEIGHT, 0, number, time_s),
        *(0.97, 120.0, 130.0, 15.0, 25.0),
    )
    logs: bytes = np.log(shares).astype("<f4").tobytes()
    return header + bytes(points.astype("<f4").tobytes()) + logs


_hands: dict[str, NDArray[np.float32]] = {}


def _hand(letter: str) -> NDArray[np.float32]:
    if letter not in _hands:
        _hands[letter] = letter_landmarks(letter, WIDTH, HEIGHT).points
    return _hands[letter]


async def visit(address: str, visitor: Visitor, model: Model, rate: float, ends_s: float) -> None:
    """Greet, then send a frame each 1 / `rate` s and hear the answers, until `ends_s`."""
    url = f"{address.replace('http', 'ws', 1)}/device"
    async with connect(url, max_size=4096, compression=None) as socket:
        hello = {"schema_version": DEVICE_SCHEMA, "model": model.digest}
        await socket.send(json.dumps(hello))
        await socket.recv()
        due: deque[float] = deque()
        hearing = asyncio.create_task(_hear(socket, visitor, due))
        random = np.random.default_rng(visitor.number)
        started = time.perf_counter() + visitor.number / (rate * 20)
        number = 0
        while (now := started + number / rate) < ends_s:
            await asyncio.sleep(max(0.0, now - time.perf_counter()))
            number += 1
            if len(due) >= visitor.at_once:  # as in device_socket.js
                continue
            content = message(number, number / rate, model, random)
            due.append(now)
            await socket.send(content)
            visitor.sent += 1
            visitor.message_bytes = max(visitor.message_bytes, len(content))
        await asyncio.sleep(0.5)
        hearing.cancel()


async def _hear(socket: ClientConnection, visitor: Visitor, due: deque[float]) -> None:
    async for answer in socket:
        visitor.waits_ms.append((time.perf_counter() - due.popleft()) * 1e3)
        visitor.answer_bytes = max(visitor.answer_bytes, len(answer))
        visitor.at_once = json.loads(answer)["at_once"]


async def visit_all(
    address: str, count: int, model: Model, rate: float, seconds: float
) -> list[Visitor]:
    """Let `count` visitors come at once and stay for `seconds`."""
    visitors = [Visitor(number) for number in range(count)]
    ends_s = time.perf_counter() + seconds
    await asyncio.gather(*(visit(address, v, model, rate, ends_s) for v in visitors))
    return visitors


def read_model(address: str) -> Model:
    """Ask the service what browsers read with."""
    with urllib.request.urlopen(f"{address}/device-files.json", timeout=60) as answer:
        values: dict[str, Any] = json.load(answer)["model"]
    return Model(values["sha256"], tuple(values["classes"]))


def service_process() -> psutil.Process:
    """Find the service among our children."""
    found = [p for p in psutil.Process().children() if "serve" in p.cmdline()]
    return found[0]


def measure(visitors: int, rate: float, seconds: float) -> LoadReport:
    """Start a service, let visitors come, and report what they and the machine saw."""
    load = round(os.getloadavg()[0], 2)
    with running_service("--requests-per-second", "0") as address:
        model, server, own = read_model(address), service_process(), psutil.Process()
        asyncio.run(visit_all(address, 1, model, rate, WARM_UP_SECONDS))
        memory = server.memory_info().rss
        before, started = (_spent(server), _spent(own)), time.perf_counter()
        seen = asyncio.run(visit_all(address, visitors, model, rate, seconds))
        passed = time.perf_counter() - started
        cores = [(_spent(p) - b) / passed for p, b in zip((server, own), before, strict=True)]
        grown = (server.memory_info().rss - memory) / max(1, visitors - 1) / 1e6
    waits = np.concatenate([visitor.waits_ms for visitor in seen])
    p50, p95, p99 = (round(float(p), 2) for p in np.percentile(waits, [50, 95, 99]))
    return LoadReport(
        command=f"python -m benchmarks.device_load --visitors {visitors} --seconds {seconds:g}",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        processor=processor_name(),
        cores=os.cpu_count() or 1,
        load_average=load,
        visitors=visitors,
        rate=rate,
        seconds=seconds,
        due=round(visitors * rate * seconds),
        sent=sum(visitor.sent for visitor in seen),
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        server_cores=round(cores[0], 3),
        client_cores=round(cores[1], 3),
        memory_per_visitor_mb=round(max(0.0, grown), 2),
        message_bytes=max(visitor.message_bytes for visitor in seen),
        answer_bytes=max(visitor.answer_bytes for visitor in seen),
        each=tuple(_share(visitor) for visitor in seen),
    )


def _share(visitor: Visitor) -> VisitorShare:
    p50, p95 = np.percentile(visitor.waits_ms, [50, 95])
    return VisitorShare(len(visitor.waits_ms), round(float(p50), 2), round(float(p95), 2))


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def main(
    visitors: Annotated[int, typer.Option(min=1, max=MOST_VISITORS)] = 20,
    rate: Annotated[float, typer.Option(min=1, max=30, help="Frames a second of each.")] = 30.0,
    seconds: Annotated[float, typer.Option(min=3, max=MOST_SECONDS)] = 30.0,
) -> None:
    """Measure, print what was found, and write the report and its page."""
    report = measure(visitors, rate, seconds)
    report.save(LOAD_FILE)
    typer.echo(
        f"{report.visitors} visitors: answers after {report.p50_ms} ms, 95 % within "
        f"{report.p95_ms} ms; {report.server_cores / report.visitors:.4f} cores a visitor; "
        f"load before the start {report.load_average}."
    )
    write_page()


if __name__ == "__main__":
    typer.run(main)
