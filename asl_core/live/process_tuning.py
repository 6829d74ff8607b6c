"""How the threads of a process share its cores while video is read."""

import sys
from collections.abc import Callable

import cv2

SWITCH_SECONDS = 0.0005
"""How long Python lets one thread run while another waits; its default is 0.005.

A network's forward pass in torch gives the interpreter up and asks for it again some sixty times,
drawing does so for each call into OpenCV, and each time waits so long for a thread that computes in
Python, such as the page's. Beside one busy thread a reading in torch took 315 ms with the default,
95 ms with this.
"""


def take_turns() -> Callable[[], None]:
    """Let threads change places each SWITCH_SECONDS, and OpenCV use one thread for each caller.

    OpenCV's pool of threads gains nothing on pictures of this size, and visitors wait for it. Gives
    a function that puts back what held before.
    """
    interval, threads = sys.getswitchinterval(), cv2.getNumThreads()
    sys.setswitchinterval(SWITCH_SECONDS)
    cv2.setNumThreads(1)

    def undo() -> None:
        sys.setswitchinterval(interval)
        cv2.setNumThreads(threads)

    return undo
