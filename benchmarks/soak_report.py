"""The report of benchmarks/soak.py: a long stream, what disturbed it, and what the server kept."""

from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

from asl_core.errors import RunError
from asl_core.records.json_file import BrokenValueError, build, read_json, write_json
from benchmarks.live_report import Origin

REPORT_FILE = Path(__file__).parent / "results" / "soak.json"
PAGE_FILE = Path(__file__).parents[1] / "docs" / "soak.md"
"""What `soak_page.markdown` makes of the report for readers."""


@dataclass(frozen=True)
class SoakSample:
    """The server at one moment; `seconds` since the stream began, memory resident.

    `server` counts the servers: 0 is the first, 1 the one after the first restart.
    """

    seconds: float
    memory_mib: float
    threads: int
    open_files: int
    fps: float
    server: int = 0


@dataclass(frozen=True)
class SoakReport:
    """A long stream of one visitor, with stops, page switches and server restarts spread over it.

    `idle` is the first server before its first stream, `ended` the last one after the last stop.
    `letters` were spelled; `lost` has a sentence for each disturbance after which words that had
    stood on the page were gone. `second_starts` counts how often no video came and Start had to be
    pressed once more.
    """

    origin: Origin
    minutes: float
    reconnects: int
    page_switches: int
    restarts: int
    letters: int
    lost: tuple[str, ...]
    idle: SoakSample
    samples: tuple[SoakSample, ...]
    ended: SoakSample
    second_starts: int

    @property
    def servers(self) -> tuple[tuple[SoakSample, ...], ...]:
        """The samples of each server."""
        groups = groupby(self.samples, key=lambda sample: sample.server)
        return tuple(tuple(samples) for _, samples in groups)


def read_soak(path: Path = REPORT_FILE) -> SoakReport:
    """Read the report.

    Raises:
        RunError: the file is missing or broken.
    """
    try:
        return build(SoakReport, read_json(path))
    except BrokenValueError as error:
        raise RunError(f"{path.name}: {error}; remove it and measure again.") from None


def write_soak(report: SoakReport, path: Path = REPORT_FILE) -> None:
    """Write the report.

    Raises:
        RunError: the file cannot be written.
    """
    write_json(path, asdict(report))
