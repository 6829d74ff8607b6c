"""What benchmarks/device_load.py and benchmarks/device_parity.py found, as it is kept."""

from dataclasses import dataclass
from pathlib import Path

from asl_core.records.json_file import JsonRecord

RESULTS = Path(__file__).parent / "results"
LOAD_FILE = RESULTS / "device-load.json"
PARITY_FILE = RESULTS / "device-parity.json"
BROWSER_FILE = RESULTS / "device-browser.json"


@dataclass(frozen=True)
class VisitorShare:
    """One simulated visitor: answers that came, and their times from the moment a frame was due."""

    answers: int
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True)
class LoadReport(JsonRecord):
    """How a server bears visitors whose browsers read their own cameras.

    `due` counts the frames that all visitors were to send, `sent` those that they sent: a browser
    leaves frames out while it is owed as many answers as the server allows. `server_cores` and
    `client_cores` are processor seconds for each second. `memory_per_visitor_mb` is what the server
    grew by, from the first visitor to all. `load_average` is the machine's over one minute before
    the start.
    """

    command: str
    created: str
    processor: str
    cores: int
    load_average: float
    visitors: int
    rate: float
    seconds: float
    due: int
    sent: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    server_cores: float
    client_cores: float
    memory_per_visitor_mb: float
    message_bytes: int
    answer_bytes: int
    each: tuple[VisitorShare, ...]
    schema_version: int = 1


@dataclass(frozen=True)
class StageDifference:
    """How far one photo's numbers in the browser are from Python's.

    `landmarks` is the largest difference of x and y in 0-1 of the picture. `crop_levels` is the
    mean absolute difference of the crop's grey levels, from the same landmarks, `log_probabilities`
    the largest difference of the picture network's, from the same crop.
    """

    photo_id: str
    landmarks: float
    crop_levels: float
    log_probabilities: float


@dataclass(frozen=True)
class ParityReport(JsonRecord):
    """Photos that the browser's pipeline and Python's read, both in video mode.

    `both_found` counts those in which both find the hand, `same_letter` those of them with the same
    best letter. `examples` compare number by number.
    """

    command: str
    created: str
    run: str
    browser: str
    photo_set: str
    split: str
    photos: int
    found_by_browser: int
    found_by_python: int
    both_found: int
    same_letter: int
    right_in_browser: int
    right_in_python: int
    examples: tuple[StageDifference, ...]
    schema_version: int = 1


READ_SECONDS = 4.0
"""How long a person reads the page before they press Start."""


@dataclass(frozen=True)
class BrowserReport(JsonRecord):
    """One real browser that reads its own camera, beside the server on the same cores.

    `first_start_ms` and `second_start_ms` are from Start to the first frame, before and after the
    files are in the browser's cache, Start pressed at once; `read_start_ms` the same as the latter,
    where the page was read for READ_SECONDS before. `lag` is from a frame's capture to its drawn
    letter.
    """

    command: str
    created: str
    processor: str
    cores: int
    load_average: float
    browser: str
    first_start_ms: float
    second_start_ms: float
    read_start_ms: float
    seconds: float
    fps: float
    lags: int
    lag_p50_ms: float
    lag_p95_ms: float
    server_cores: float
    browser_cores: float
    schema_version: int = 1
