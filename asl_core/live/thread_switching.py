"""How often Python's threads change places while video is read."""

import sys

SWITCH_SECONDS = 0.0005
"""How long Python lets one thread run while another waits; its default is 0.005.

A network's forward pass in torch gives the interpreter up and asks for it again some sixty times,
drawing does so for each call into OpenCV, and each time waits so long for a thread that computes in
Python, such as the page's. Beside one busy thread a reading in torch took 315 ms with the default,
95 ms with this.
"""


def switch_often() -> float:
    """Let the threads of this process change places each SWITCH_SECONDS; give what held before."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    return before
