"""What benchmarks/scale.py and benchmarks/scale_bulk.py measure, and their files."""

from dataclasses import dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
SERVICE_FILE = RESULTS / "scale.json"
BULK_FILE = RESULTS / "scale_bulk.json"
PAGE_FILE = Path(__file__).parents[1] / "docs" / "scale.md"


@dataclass(frozen=True)
class ScaleOrigin:
    """How, when and where something was measured; `load_average` is the machine's at the start."""

    command: str
    date: str
    processor: str
    cores: int
    load_average: float
    ray: str


@dataclass(frozen=True)
class EngineLoad:
    """What clients saw of one engine; times in milliseconds, from sending to the last byte."""

    engine: str
    seconds: float
    requests: int
    requests_per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    statuses: dict[str, int]
    right_letters: int


@dataclass(frozen=True)
class KilledReplica:
    """What became of the requests while one of two replicas was killed.

    Every request is in `answered`, `unavailable` (503 with Retry-After) or `lost`: another status,
    a 503 without the header, or no answer. `retried` were read by another replica; `back_s` is how
    long it took until two replicas ran again, None where they did not.
    """

    seconds: float
    killed_at_s: float
    requests: int
    answered: int
    unavailable: int
    lost: int
    retried: int
    back_s: float | None


@dataclass(frozen=True)
class ScaleReport:
    """The service with threads and with replicas, one after the other in one run."""

    origin: ScaleOrigin
    clients: int
    loads: tuple[EngineLoad, ...]
    killed: KilledReplica


@dataclass(frozen=True)
class BulkMoment:
    """Memory of all processes together, without what they share, after so many pictures."""

    seconds: float
    pictures: int
    memory_mib: float
    processes: int


@dataclass(frozen=True)
class BulkReport:
    """A folder that was read in one go but for a kill, then with --resume.

    `killed_after` pictures were safe when all processes were killed; `before` of them the second
    start found. `rows` are those of the final table, `paths` the different ones among them.
    """

    origin: ScaleOrigin
    photos: int
    workers: int
    seconds: float
    killed_after: int
    before: int
    rows: int
    paths: int
    errors: int
    moments: tuple[BulkMoment, ...]
