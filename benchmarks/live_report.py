"""The report of benchmarks/live_browser.py, in two parts that are measured apart."""

from dataclasses import asdict, dataclass, replace
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
    """How, when and on what a part was measured.

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
class SoakSample:
    """The server at one moment; `seconds` since the stream began, memory resident."""

    seconds: float
    memory_mib: float
    threads: int
    open_files: int
    fps: float


@dataclass(frozen=True)
class SoakPart:
    """A long stream of one visitor, with reconnects and page switches in its middle.

    `reconnect_start_s` and `reconnect_end_s` tell when they were. `idle` is the server before the
    first stream, `ended` after the last one was stopped.
    """

    origin: Origin
    minutes: float
    reconnects: int
    page_switches: int
    reconnect_start_s: float
    reconnect_end_s: float
    idle: SoakSample
    samples: tuple[SoakSample, ...]
    ended: SoakSample


@dataclass(frozen=True)
class LiveReport:
    """Both parts; one that was never measured is None."""

    speed: SpeedPart | None = None
    soak: SoakPart | None = None


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


def keep_part(part: SpeedPart | SoakPart, path: Path = REPORT_FILE) -> LiveReport:
    """Write a part into the report beside the other one, and return the whole.

    Raises:
        RunError: the file is broken or cannot be written.
    """
    report = read_report(path)
    if isinstance(part, SpeedPart):
        report = replace(report, speed=part)
    else:
        report = replace(report, soak=part)
    write_json(path, asdict(report))
    return report
