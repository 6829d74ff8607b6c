"""Real processes, with a pipeline that imports neither torch nor MediaPipe."""

import functools
import os
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from asl_core.errors import RunError
from asl_core.evaluation.photo_results import PipelinePool, UnreadablePhoto
from asl_core.photos.photo_set import read_photo_set


def test_workers_give_the_outcomes_in_order(colour_photos):
    (colour_photos / "test/anna/B/002.png").write_bytes(b"")
    nothing_found = SimpleNamespace(width=80, height=40, detection=None, box=None, prediction=None)
    load = functools.partial(Mock, **{"read.return_value": nothing_found})
    photos = read_photo_set(colour_photos).photos
    outcomes = list(PipelinePool(load, 2).read(photos))
    assert [outcome.photo_id for outcome in outcomes] == [photo.photo_id for photo in photos]
    assert outcomes[2] == UnreadablePhoto("test/anna/B/002.png", "002.png is empty (0 bytes).")
    assert [o.brightness for o in outcomes if o is not outcomes[2]] == [29.9, 0, 59.8, 59.8, 29.9]


def test_a_worker_that_dies_gives_one_sentence(colour_photos):
    pool = PipelinePool(functools.partial(os._exit, 1), 1)
    with pytest.raises(RunError, match=r"worker processes ended.*--workers 1\."):
        list(pool.read(read_photo_set(colour_photos).photos))
