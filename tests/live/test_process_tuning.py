import gc
import sys

import cv2
import psutil
import pytest
import torch

from asl_core.live.process_tuning import SWITCH_SECONDS, give_back_memory, tune_for_video


@pytest.mark.slow
def test_the_process_is_tuned_until_it_is_undone():
    before = sys.getswitchinterval(), cv2.getNumThreads()
    undo = tune_for_video()
    try:
        assert sys.getswitchinterval() == pytest.approx(SWITCH_SECONDS)
        assert cv2.getNumThreads() == 1
        assert gc.get_freeze_count() > 0
    finally:
        undo()
    assert (sys.getswitchinterval(), cv2.getNumThreads()) == before
    assert gc.get_freeze_count() == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's")
def test_freed_memory_goes_back_to_the_system():
    process = psutil.Process()
    kept = []
    pieces = []
    for _ in range(50_000):
        pieces.append(bytes(2000))
        if len(pieces) % 100 == 0:
            kept.append(bytes(2000))
    held = process.memory_info().rss
    pieces.clear()
    give_back_memory()
    assert process.memory_info().rss < held - 40 * 2**20


@pytest.mark.slow
def test_photos_keep_the_threads_of_torch():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        tune_for_video()()
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
