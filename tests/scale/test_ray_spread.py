"""Ray Data with real processes; what they load and do are functions of this module."""

import functools
import os
import time

import pytest

from asl_core.errors import ImageError, ModelFileError, RunError
from asl_core.scale.ray_spread import ENTRIES_PER_TURN, RaySpread

pytestmark = pytest.mark.slow


def load():
    return os.getpid()


def load_nothing():
    raise ModelFileError("weights.safetensors was altered.")


def doubled(pid, number):
    return number * 2, pid


def doubled_together(folder, pid, number):
    """Wait until another process works too; the first entries wait longest of all."""
    (folder / f"{pid}").touch()
    deadline = time.monotonic() + 120
    while len(list(folder.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    return doubled(pid, number)


def fails_at(last, pid, number):
    if number == last:
        raise ImageError(f"{number} is no picture.")
    return number


def ends_at(last, pid, number):
    if number == last:
        os._exit(1)
    return number


def test_work_is_spread_and_comes_back_in_order(ray_here, tmp_path):
    count = 5 * ENTRIES_PER_TURN + 3
    work = functools.partial(doubled_together, tmp_path)
    outcomes = list(RaySpread()(load, work, range(count), 2))
    assert [value for value, _ in outcomes] == [2 * number for number in range(count)]
    pids = {pid for _, pid in outcomes}
    assert len(pids) == 2
    assert os.getpid() not in pids


def test_no_entries_start_nothing():
    assert list(RaySpread()(load, doubled, [], 2)) == []


def test_a_model_that_cannot_be_loaded_is_its_own_sentence(ray_here):
    with pytest.raises(ModelFileError, match=r"^weights\.safetensors was altered\.$"):
        list(RaySpread()(load_nothing, doubled, range(3), 1))


def test_what_work_raises_comes_after_what_came_before(ray_here):
    seen = []
    with pytest.raises(ImageError, match=r"^20 is no picture\.$"):
        for outcome in RaySpread()(load, functools.partial(fails_at, 20), range(40), 1):
            seen.append(outcome)
    assert seen == list(range(20))


def test_an_entry_that_ends_every_process_is_told(ray_here):
    with pytest.raises(RunError, match=r"^Reader processes ended 4 times"):
        list(RaySpread()(load, functools.partial(ends_at, 2), range(4), 1))
