"""The report of benchmarks/live_browser.py."""

from dataclasses import asdict, dataclass
from pathlib import Path

from asl_core.errors import RunError
from asl_core.records.json_file import BrokenValueError, build, read_json, write_json

REPORT_FILE = Path(__file__).parent / "results" / "live-speed.json"
PAGE_FILE = Path(__file__).parents[1] / "docs" / "live-speed.md"
"""What `live_page.markdown` makes of the report for readers."""


@dataclass(frozen=True)
class Package:
    """A program or library and its version."""

    name: str
    version: str


@dataclass(frozen=True)
class Origin:
    """How, when and on what something was measured.

    `load_average` is the machine's over one minute before the start: work of others slows it all.
    """

    command: str
    date: str
    processor: str
    cores: int
    load_average: float
    packages: tuple[Package, ...]


@dataclass(frozen=True)
class Lag:
    """Milliseconds from a frame's capture to its showing with marks, in the visitor's browser."""

    p50_ms: float
    p95_ms: float
    frames: int


@dataclass(frozen=True)
class StageTimes:
    """Wall milliseconds of each stage of a frame, as the page tells; means over the time.

    `words` is the rest of a frame: motion, spelling, hints and waiting for locks.
    """

    receive: float
    detect: float
    classify: float
    draw: float
    words: float

    @property
    def total(self) -> float:
        """Milliseconds of a frame."""
        return self.receive + self.detect + self.classify + self.draw + self.words


@dataclass(frozen=True)
class VisitorSpeed:
    """What one visitor had; rates are frames a second.

    `camera_fps` left the camera, `read_fps` is the page's own count of frames that were read,
    `shown_fps` counts different frames with marks on the visitor's screen. `lag` is None where
    no frame could be followed. `unread_share`, 0-1, of the shown frames had no readable number.
    `picture` is the size that most frames had, such as 640x480.
    """

    camera_fps: float
    read_fps: float
    shown_fps: float
    lag: Lag | None
    unread_share: float
    picture: str
    stages: StageTimes


@dataclass(frozen=True)
class SpeedRound:
    """A number of visitors at once; `server_cores` and `browser_cores` is what they kept busy."""

    seconds: float
    visitors: tuple[VisitorSpeed, ...]
    server_cores: float
    browser_cores: float


@dataclass(frozen=True)
class FailedRound:
    """A number of visitors whose video did not all start, and what went wrong."""

    visitors: int
    sentence: str


@dataclass(frozen=True)
class FrameShares:
    """Shares, 0-1, of a frame's time without browser and codec, by visitors at once."""

    visitors: int
    frames_per_second: float
    detect: float
    network: float
    draw: float
    rest: float

    @property
    def overhead(self) -> float:
        """The share of all but MediaPipe and network."""
        return self.draw + self.rest


@dataclass(frozen=True)
class SpeedPart:
    """Speed in the browser, and the shares of a frame's time."""

    origin: Origin
    rounds: tuple[SpeedRound, ...]
    shares: tuple[FrameShares, ...]
    failed: tuple[FailedRound, ...] = ()


@dataclass(frozen=True)
class LiveReport:
    """The speed; None where it was never measured."""

    speed: SpeedPart | None = None


def read_report(path: Path = REPORT_FILE) -> LiveReport:
    """Read the report; an empty one where there is no file yet.

    Raises:
        RunError: the file is broken.
    """
    if not path.exists():
        return LiveReport()
    try:
        return build(LiveReport, read_json(path))
    except BrokenValueError as error:
        raise RunError(f"{path.name}: {error}; remove it and measure again.") from None


def keep_speed(speed: SpeedPart, path: Path = REPORT_FILE) -> LiveReport:
    """Write the report, and return it.

    Raises:
        RunError: the file cannot be written.
    """
    report = LiveReport(speed)
    write_json(path, asdict(report))
    return report
