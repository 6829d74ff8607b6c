"""In a separate process: torch's threads keep the setting that they were started with."""

import subprocess
import sys

import pytest
import torch

pytestmark = pytest.mark.slow

SHARED_AMONG_THREADS = """
import torch
from asl_core.training.run import flush_denormals
{call}
torch.set_num_threads(2)
tiny = torch.full((1 << 22,), 1e-39)
print(int((tiny * 1.0 != 0).sum()))
"""


def left_over(call):
    """Count the numbers, of four millions, that are not 0 after a product in two threads."""
    program = SHARED_AMONG_THREADS.format(call=call)
    command = [sys.executable, "-c", program]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


@pytest.mark.skipif(not torch.set_flush_denormal(False), reason="this processor cannot do it")
def test_every_thread_takes_almost_nothing_for_nothing():
    assert left_over("") == 1 << 22
    assert left_over("flush_denormals()") == 0
