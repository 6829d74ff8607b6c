"""Does the HTTP service survive broken pictures? Measured for docs/service.md.

    python -m benchmarks.service_mutations

Sends mutated pictures of seven formats, with a fixed seed, to a service in a separate process on
loopback. Every answer must be a reading or one of the promised refusals with one sentence, and
memory must not grow. Writes benchmarks/results/service_mutations.json.
"""

import http.client
import io
import json
import random
import re
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import pillow_heif
import typer
from PIL import Image

from asl_core.drawing.drawn_letters import drawn_letter
from scripts.running_service import running_service

REPORT_FILE = Path(__file__).parent / "results" / "service_mutations.json"
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "BMP", "GIF", "TIFF")
PROMISED = frozenset({200, 400, 413, 415, 422})
MAX_PICTURES = 5000
SETTLED_AFTER = 0.3
"""Share of the pictures after which memory counts: by then all decoders are loaded."""


@dataclass(frozen=True)
class MutationReport:
    """What came back; memory is the service's resident set in MB, when settled and at the end."""

    pictures: int
    seed: int
    statuses: dict[str, int]
    unpromised: int
    settled_mb: float
    final_mb: float
    still_reads: str


def markdown(report: MutationReport) -> str:
    """Write the report as the sentence that docs/service.md quotes."""
    statuses = ", ".join(f"{count} times {status}" for status, count in report.statuses.items())
    return (
        f"{report.pictures:,} mutated pictures: {statuses}; {report.unpromised} answers that were "
        f"not promised. Memory of the process: {report.settled_mb:.0f} MB after 30 % of them, "
        f"{report.final_mb:.0f} MB at the end."
    )


def mutated(picture: bytes, draw: random.Random) -> bytes:
    """Damage the bytes of a picture in one of several ways."""
    data = bytearray(picture)
    way = draw.randrange(6)
    if way == 0:  # flip bits anywhere
        for _ in range(draw.randint(1, 40)):
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    elif way == 1:  # cut short
        del data[draw.randrange(len(data)) :]
    elif way == 2:  # wild values in the header, where sizes and offsets stand
        for _ in range(draw.randint(1, 8)):
            data[draw.randrange(min(64, len(data)))] = draw.choice((0, 1, 127, 128, 254, 255))
    elif way == 3:  # a part twice
        start = draw.randrange(len(data))
        data[start:start] = data[start : start + draw.randint(1, 2000)]
    elif way == 4:  # a part missing
        start = draw.randrange(len(data))
        del data[start : start + draw.randint(1, 2000)]
    else:  # noise over a part
        start = draw.randrange(len(data))
        data[start : start + 50] = draw.randbytes(50)
    return bytes(data)


def mutated_text(data: bytes, draw: random.Random) -> bytes:
    """Damage the bytes of a text, or put a wild value in the place of a digit."""
    if draw.random() < 0.5:
        return mutated(data, draw)
    wild = draw.choice(("null", "-1", "1e999", '"x"', "[]", "{}", "true", "99999999999999999999"))
    digits = [place for place, sign in enumerate(data) if chr(sign).isdigit()]
    place = draw.choice(digits) if digits else 0
    return data[:place] + wild.encode() + data[place + 1 :]


def pictures() -> list[bytes]:
    """Encode a drawn hand in every format that is read."""
    pillow_heif.register_heif_opener()
    drawn = Image.fromarray(drawn_letter("B", 200))
    encoded = []
    for kind in FORMATS:
        buffer = io.BytesIO()
        drawn.save(buffer, kind)
        encoded.append(buffer.getvalue())
    return encoded


def main(
    count: Annotated[int, typer.Option(min=10, max=MAX_PICTURES)] = 1000,
    seed: int = 1,
    output: Annotated[Path, typer.Option(help="The report.")] = REPORT_FILE,
) -> None:
    """Send the pictures, print what came back, and write the report."""
    draw = random.Random(seed)
    seeds = pictures()
    statuses: Counter[int] = Counter()
    unpromised, settled = 0, 0.0
    with running_service("--requests-per-second", "0") as address:
        for number in range(count):
            status, answer = post(address, mutated(draw.choice(seeds), draw))
            statuses[status] += 1
            unpromised += not is_promised(status, answer)
            if number == int(count * SETTLED_AFTER):
                settled = _memory_mb(address)
        final = _memory_mb(address)
        _, answer = post(address, seeds[0])
    report = MutationReport(
        pictures=count,
        seed=seed,
        statuses={str(status): statuses[status] for status in sorted(statuses)},
        unpromised=unpromised,
        settled_mb=round(settled, 1),
        final_mb=round(final, 1),
        still_reads=str(answer.get("prediction")),
    )
    output.write_text(json.dumps(asdict(report), indent=2) + "\n", encoding="utf-8")
    typer.echo(markdown(report))


def is_promised(status: int, answer: dict[str, object]) -> bool:
    """Say whether an answer is a reading or one sentence without a traceback."""
    if status not in PROMISED:
        return False
    if status == 200:
        return isinstance(answer.get("prediction"), str)
    sentence = str(answer.get("error", ""))
    return list(answer) == ["error"] and sentence.endswith(".") and "Traceback" not in sentence


def post(address: str, data: bytes) -> tuple[int, dict[str, object]]:
    """Upload a picture; return the status and the JSON."""
    head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
    status, text = _request(
        address,
        "POST",
        "/predict",
        head + data + b"\r\n--b--\r\n",
        "multipart/form-data; boundary=b",
    )
    return status, json.loads(text)


def _memory_mb(address: str) -> float:
    _, text = _request(address, "GET", "/metrics")
    found = re.search(r"^process_resident_memory_bytes (\S+)$", text, re.MULTILINE)
    return float(found.group(1)) / 1e6 if found else float("nan")


def _request(
    address: str, method: str, path: str, body: bytes = b"", kind: str = ""
) -> tuple[int, str]:
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
    try:
        connection.request(method, path, body, {"Content-Type": kind} if kind else {})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


if __name__ == "__main__":
    typer.run(main)
