"""Names the processor that figures are measured on."""

import platform
from pathlib import Path


def processor_name() -> str:
    """Return the processor's name as Linux tells it, elsewhere what Python knows."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text("utf-8").splitlines() if known.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
