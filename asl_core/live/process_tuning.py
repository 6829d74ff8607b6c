"""What is tuned for the whole process while it reads video, with the reason and a measurement each.

Not tuned here, but part of the same matter:

- On a CPU a live frame is read by ONNX Runtime in one thread, a photo's looks and views in one
  thread each (`letters.onnx_network`); where torch reads, it keeps its threads.
- `MALLOC_ARENA_MAX=1` is set by `scripts/app.sh` and `asl app`, since glibc reads it when a process
  starts. Threads otherwise have stores of freed memory of their own, which the others do not use
  (measured by hand, in a script that was not kept):
  over 28 reconnects of a stream the C library's heap grew from 258 to 303 MiB with two stores, with
  one from 239 to 250, and a frame took as long. Every picture in a mapping of its own
  (`MALLOC_MMAP_THRESHOLD_=262144`) is flatter still, but a frame then took 46 ms in place of 37.
- Streamlit's `runner.postScriptGC` is off in `.streamlit/config.toml`: it would collect garbage in
  the whole process after each run of the board, three times a second for each visitor.
"""

import ctypes
import gc
import sys
from collections.abc import Callable

SWITCH_SECONDS = 0.0005
"""How long Python lets one thread run while another waits; its default is 0.005.

A call into a network or OpenCV gives the interpreter up and asks for it again, and each time waits
so long for a thread that computes in Python, such as the page's. Beside one busy thread a reading
in torch took 315 ms with the default, 95 ms with this. A server that serves its first page beside
the thread that imports the libraries waits likewise.
"""


def tune_for_video() -> Callable[[], None]:
    """Tune this process for reading video, once its models are loaded; idempotent.

    Returns a function that puts back what held before.
    """
    undo = (switch_threads_often(), _keep_opencv_in_its_thread(), _freeze_loaded_objects())

    def put_back() -> None:
        for step in undo:
            step()

    return put_back


def switch_threads_often() -> Callable[[], None]:
    """Let threads take turns every SWITCH_SECONDS; returns what puts back the time before."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    return lambda: sys.setswitchinterval(before)


def _keep_opencv_in_its_thread() -> Callable[[], None]:
    """Let OpenCV compute in the caller's thread.

    Its pool gains nothing on pictures of 640x480, and visitors would wait for one another in it.
    """
    # Late: whoever only wants threads to take turns needs no OpenCV.
    import cv2

    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    return lambda: cv2.setNumThreads(before)


def _freeze_loaded_objects() -> Callable[[], None]:
    """Take what is loaded by now out of garbage collection.

    Libraries and networks stay for good, and a full collection holds the interpreter, so the video
    too, while it goes through all of their objects: 555,000 with the shipped model took 1.8 s on
    two busy cores, and under a millisecond once they were frozen.
    """
    gc.collect()
    gc.freeze()
    return gc.unfreeze


def give_back_memory() -> None:
    """Give freed memory back to the system, where the C library can (glibc); idempotent.

    What a closed camera held stays with the process otherwise, in pieces that the next one does not
    fit into: 100 detectors that were opened, used and closed in threads, one after the other, took
    a process from 162 to 191 MiB, with this after each from 143 to 151.
    """
    if _trim is not None:
        _trim(0)


def _find_trim() -> "Callable[[int], int] | None":
    if not sys.platform.startswith("linux"):
        return None
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim


_trim = _find_trim()
