"""Where networks compute, decided without torch: importing it takes seconds and 300 MB."""

import ctypes.util
import importlib.util
import os
import sys
from pathlib import Path

CPU = "cpu"

_TRACES = ("/dev/nvidiactl", "/dev/nvidia0", "/proc/driver/nvidia/version", "/dev/dxg", "/dev/kfd")
"""What a driver that torch may compute with leaves on Linux: NVIDIA's, WSL's, AMD's."""


def reading_device(asked: str | None = None) -> str:
    """Return the name of the device to read on: what was `asked` for, else a GPU, else "cpu".

    Torch is imported only where the machine shows a driver of a GPU, or another device than "cpu"
    is asked for; what was asked for is checked by `torch_networks`.
    """
    if asked is not None:
        return asked
    if not may_have_gpu():
        return CPU
    import torch

    return "cuda" if torch.cuda.is_available() else CPU


def may_have_gpu(traces: tuple[str, ...] = _TRACES) -> bool:
    """Tell whether torch is installed and the machine shows the driver of a GPU."""
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return False
    if importlib.util.find_spec("torch") is None:
        return False
    if sys.platform == "win32":
        return ctypes.util.find_library("nvcuda") is not None
    return any(Path(trace).exists() for trace in traces)


def usable_cores() -> int:
    """Return how many processor cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        return os.cpu_count() or 1
