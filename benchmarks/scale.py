"""How many pictures a second does the service read with replicas on Ray, and what does a kill lose?

    python -m benchmarks.scale

Needs `pip install '.[scale]'`. Starts the plain service, then one and two replicas, each with one
detector and on loopback, and lets several clients ask at once. Then, with two replicas, kills one
(SIGKILL) in the middle of a bounded load and counts what became of each request. Writes
benchmarks/results/scale.json and docs/scale.md.
"""

import http.client
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Literal
from urllib.parse import urlsplit
from urllib.request import urlopen

import numpy as np
import psutil
import typer

from asl_core.alphabet import STATIC_LETTERS
from asl_core.records.json_file import write_json
from benchmarks import service_load
from benchmarks.scale_bulk import origin_now
from benchmarks.scale_page import write_page
from benchmarks.scale_report import SERVICE_FILE, EngineLoad, KilledReplica, ScaleReport
from scripts.running_service import running_service

NO_LIMIT = ("--requests-per-second", "0", "--workers", "1")
ENGINES: dict[str, tuple[str, ...]] = {
    "plain service, 1 thread": (),
    "Ray, 1 replica": ("--engine", "ray", "--replicas", "1"),
    "Ray, 2 replicas": ("--engine", "ray", "--replicas", "2"),
}
REPLICA_TITLE = "ray::ServeReplica:asl-readers:reader"
"""What Ray calls the process of a replica."""

BACK_SECONDS = 120.0
Fate = Literal["answered", "unavailable", "lost"]


@dataclass(frozen=True)
class Clients:
    """So many clients that ask for so many seconds, each one picture after the other."""

    count: int
    seconds: float


def main(
    clients: Annotated[int, typer.Option(min=1, max=16)] = 4,
    seconds: Annotated[float, typer.Option(min=5, max=120)] = 30.0,
) -> None:
    """Measure and write the report."""
    origin = origin_now(f"python -m benchmarks.scale --clients {clients} --seconds {seconds:g}")
    bodies = {letter: service_load._body(letter) for letter in STATIC_LETTERS}
    asking, loads, killed = Clients(clients, seconds), [], None
    for engine, options in ENGINES.items():
        with running_service(*NO_LIMIT, *options) as address:
            loads.append(load_of(engine, address, bodies, asking))
            typer.echo(f"{engine}: {loads[-1].requests_per_second} a second")
            if "2" in options:
                killed = with_a_kill(address, bodies, asking)
    assert killed is not None
    write_json(SERVICE_FILE, asdict(ScaleReport(origin, clients, tuple(loads), killed)))
    write_page()


def load_of(engine: str, address: str, bodies: dict[str, bytes], asking: Clients) -> EngineLoad:
    """Warm a service up and let clients ask it."""
    warm = service_load.WARM_UP_REQUESTS
    service_load._ask(address, bodies, time.monotonic() + BACK_SECONDS, 0, warm)
    answers, elapsed = service_load._run_clients(address, bodies, asking.count, asking.seconds)
    times = np.array([milliseconds for _, milliseconds, _ in answers])
    p50, p95, p99 = (round(float(np.percentile(times, share)), 1) for share in (50, 95, 99))
    statuses = Counter(status for status, _, _ in answers)
    return EngineLoad(
        engine=engine,
        seconds=round(elapsed, 1),
        requests=len(answers),
        requests_per_second=round(len(answers) / elapsed, 2),
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        statuses={str(status): count for status, count in sorted(statuses.items())},
        right_letters=sum(is_right for _, _, is_right in answers),
    )


def with_a_kill(address: str, bodies: dict[str, bytes], asking: Clients) -> KilledReplica:
    """Kill one of two replicas in the middle of a load, and follow every request."""
    fates: list[Fate] = []
    started = time.monotonic()
    deadline = started + asking.seconds
    letters = list(bodies.values())

    def work(number: int) -> None:
        turn = number
        while time.monotonic() < deadline:
            fates.append(fate_of(address, letters[turn % len(letters)]))
            turn += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(asking.count)]
    for thread in threads:
        thread.start()
    time.sleep(asking.seconds / 2)
    victim = replicas_here()[0]
    killed_at = time.monotonic()
    victim.kill()
    for thread in threads:
        thread.join()
    seen = Counter(fates)
    return KilledReplica(
        seconds=round(time.monotonic() - started, 1),
        killed_at_s=round(killed_at - started, 1),
        requests=len(fates),
        answered=seen["answered"],
        unavailable=seen["unavailable"],
        lost=seen["lost"],
        retried=retried(address),
        back_s=seconds_until(lambda: len(replicas_here()) == 2, killed_at),
    )


def fate_of(address: str, body: bytes) -> Fate:
    """Send a picture on a connection of its own, and tell what became of it."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=90)
    try:
        connection.request("POST", "/predict", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError):
        return "lost"
    finally:
        connection.close()
    if response.status == 200 and "prediction" in answer:
        return "answered"
    is_asked_back = response.status == 503 and response.headers.get("Retry-After")
    return "unavailable" if is_asked_back else "lost"


def replicas_here() -> list[psutil.Process]:
    """List the processes of replicas that this process's children started, oldest first."""
    found = []
    for process in psutil.Process(os.getpid()).children(recursive=True):
        try:
            if process.cmdline()[:1] and process.cmdline()[0].startswith(REPLICA_TITLE):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return sorted(found, key=lambda process: process.create_time())


def retried(address: str) -> int:
    """Ask the service how many pictures a second replica got."""
    with urlopen(f"{address}/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    return round(sum(float(line.split()[1]) for line in lines if line.startswith("asl_retried_p")))


def seconds_until(is_so: Callable[[], bool], since: float) -> float | None:
    """Wait until something is so, and return the seconds since then; None where it never is."""
    while time.monotonic() < since + BACK_SECONDS:
        if is_so():
            return round(time.monotonic() - since, 1)
        time.sleep(0.1)
    return None


if __name__ == "__main__":
    typer.run(main)
