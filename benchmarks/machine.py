"""What a measurement ran on, and what processes took of it."""

import os
import platform
import re
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from benchmarks.live_report import Origin, Package
from benchmarks.soak_report import SoakSample

PACKAGES = ("streamlit", "streamlit-webrtc", "aiortc", "av", "mediapipe", "torch")


def origin(browser_version: str, command: str) -> Origin:
    """Describe this moment and machine."""
    packages = [Package("Chromium", browser_version), *(Package(p, version(p)) for p in PACKAGES)]
    return Origin(
        command=command,
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        processor=processor_name(),
        cores=os.cpu_count() or 1,
        load_average=round(os.getloadavg()[0], 2),
        packages=tuple(packages),
    )


def processor_name() -> str:
    """Name this machine's processor."""
    known = Path("/proc/cpuinfo")
    if known.is_file():
        found = re.search(r"^model name\s*:\s*(.+)$", known.read_text(encoding="utf-8"), re.M)
        if found:
            return found[1].strip()
    return platform.processor() or platform.machine()


def server_at(address: str) -> psutil.Process:
    """Find the app's process among our children by its port.

    Raises:
        RuntimeError: there is none.
    """
    port = f"--server.port={address.rsplit(':', 1)[1]}"
    for child in psutil.Process().children(recursive=True):
        if port in child.cmdline():
            return child
    raise RuntimeError(f"The app at {address} is not a process that was started here.")


class CoreWatch:
    """How many cores the server and the browsers keep busy from now on."""

    def __init__(self, server: psutil.Process) -> None:
        self._server = server
        self._started, self._before = time.monotonic(), self._seconds()

    def cores(self) -> tuple[float, float]:
        """Return the server's and the browsers' processor seconds for each second since then."""
        passed, now = time.monotonic() - self._started, self._seconds()
        server, browsers = ((now[i] - self._before[i]) / passed for i in range(2))
        return round(server, 3), round(browsers, 3)

    def _seconds(self) -> tuple[float, float]:
        server = [self._server, *self._server.children(recursive=True)]
        ours = set(psutil.Process().children(recursive=True))
        return _processor_seconds(server), _processor_seconds(ours - set(server))


def _processor_seconds(processes: set[psutil.Process] | list[psutil.Process]) -> float:
    seconds = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system
    return seconds


def sample(server: psutil.Process, seconds: float, fps: float, number: int) -> SoakSample:
    """Ask for the server's memory, threads and open files."""
    with server.oneshot():
        return SoakSample(
            seconds=round(seconds, 1),
            memory_mib=round(server.memory_info().rss / 2**20, 1),
            threads=server.num_threads(),
            open_files=server.num_fds(),
            fps=round(fps, 1),
            server=number,
        )
