import sys

import cv2
import pytest

from asl_core.live.process_tuning import SWITCH_SECONDS, take_turns


def test_threads_take_turns_often_until_it_is_undone():
    before = sys.getswitchinterval(), cv2.getNumThreads()
    undo = take_turns()
    try:
        assert sys.getswitchinterval() == pytest.approx(SWITCH_SECONDS)
        assert cv2.getNumThreads() == 1
    finally:
        undo()
    assert (sys.getswitchinterval(), cv2.getNumThreads()) == before
