"""How many pictures a second does the HTTP service read? Measured for docs/service.md.

    python -m benchmarks.service_load

Starts the service in a separate process, on loopback alone and without rate limit, and lets
several clients ask at once, each sending its next picture when the last was answered. The pictures
are drawn hands, 640x480 JPEG, as JSON with base64. Writes benchmarks/results/service_load.json.
"""

import base64
import http.client
import io
import json
import os
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import numpy as np
import typer
from PIL import Image

from asl_core.alphabet import STATIC_LETTERS
from asl_core.drawing.drawn_hand import draw_hand
from asl_core.drawing.drawn_letters import letter_landmarks
from scripts.running_service import running_service

REPORT_FILE = Path(__file__).parent / "results" / "service_load.json"
MAX_CLIENTS, MAX_SECONDS = 16, 120.0
WARM_UP_REQUESTS = 10


@dataclass(frozen=True)
class LoadReport:
    """What a run of clients saw; times in milliseconds, from sending to the answer's last byte.

    `load_average` is the machine's over one minute before the start: work of others slows it all.
    """

    clients: int
    seconds: float
    cores: int
    load_average: float
    workers: int
    requests: int
    requests_per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    statuses: dict[str, int]
    right_letters: int


def markdown(report: LoadReport) -> str:
    """Write the report as the table that docs/service.md quotes."""
    statuses = ", ".join(f"{count} x {status}" for status, count in report.statuses.items())
    return (
        "| clients | seconds | answers | per second | p50 | p95 | p99 |\n"
        "|---|---|---|---|---|---|---|\n"
        f"| {report.clients} | {report.seconds:.0f} | {statuses} "
        f"| **{report.requests_per_second:.1f}** | {report.p50_ms:.0f} ms "
        f"| {report.p95_ms:.0f} ms | {report.p99_ms:.0f} ms |\n"
        "\n"
        f"{report.cores} cores, {report.workers} workers; the machine's load average before the "
        f"start was {report.load_average:.1f}. The drawn letter was read right in "
        f"{report.right_letters} of {report.requests} answers."
    )


def main(
    clients: Annotated[int, typer.Option(min=1, max=MAX_CLIENTS)] = 8,
    seconds: Annotated[float, typer.Option(min=1, max=MAX_SECONDS)] = 60.0,
    workers: Annotated[int, typer.Option(min=1, max=4)] = 2,
    output: Annotated[Path, typer.Option(help="The report.")] = REPORT_FILE,
) -> None:
    """Measure, print the table, and write the report."""
    load = os.getloadavg()[0]
    bodies = {letter: _body(letter) for letter in STATIC_LETTERS}
    with running_service("--requests-per-second", "0", "--workers", str(workers)) as address:
        _ask(address, bodies, time.monotonic() + MAX_SECONDS, 0, WARM_UP_REQUESTS)
        answers, elapsed = _run_clients(address, bodies, clients, seconds)
    times = np.array([milliseconds for _, milliseconds, _ in answers])
    p50, p95, p99 = (round(float(np.percentile(times, share)), 1) for share in (50, 95, 99))
    report = LoadReport(
        clients=clients,
        seconds=round(elapsed, 1),
        cores=os.cpu_count() or 1,
        load_average=round(load, 1),
        workers=workers,
        requests=len(answers),
        requests_per_second=round(len(answers) / elapsed, 2),
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        statuses={str(k): n for k, n in sorted(Counter(s for s, _, _ in answers).items())},
        right_letters=sum(is_right for _, _, is_right in answers),
    )
    output.write_text(json.dumps(asdict(report), indent=2) + "\n", encoding="utf-8")
    typer.echo(markdown(report))


def _body(letter: str) -> bytes:
    buffer = io.BytesIO()
    frame = draw_hand(letter_landmarks(letter, 640, 480), 640, 480)
    Image.fromarray(frame).save(buffer, "JPEG", quality=85)
    url = "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
    return json.dumps({"image": url}).encode()


def _run_clients(
    address: str, bodies: dict[str, bytes], clients: int, seconds: float
) -> tuple[list[tuple[int, float, bool]], float]:
    """Return (status, milliseconds, letter is right) of every answer, and the seconds it took."""
    answers: list[tuple[int, float, bool]] = []
    started = time.monotonic()
    deadline = started + seconds

    def work(number: int) -> None:
        answers.extend(_ask(address, bodies, deadline, number))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, time.monotonic() - started


def _ask(
    address: str, bodies: dict[str, bytes], deadline: float, first: int, most: int = 1_000_000
) -> list[tuple[int, float, bool]]:
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
    letters = list(bodies)
    answers: list[tuple[int, float, bool]] = []
    while time.monotonic() < deadline and len(answers) < most:
        letter = letters[(first * 3 + len(answers)) % len(letters)]
        started = time.perf_counter()
        connection.request("POST", "/predict", bodies[letter], {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read())
        milliseconds = (time.perf_counter() - started) * 1e3
        answers.append((response.status, milliseconds, answer.get("prediction") == letter))
    connection.close()
    return answers


if __name__ == "__main__":
    typer.run(main)
