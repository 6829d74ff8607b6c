"""Photos that are read at once are parted from those that are looked at again."""

from types import SimpleNamespace

import numpy as np

from benchmarks.photos_in_doubt import row, sorted_frames


def reading(views=1, is_sure=True, found=True):
    detection = SimpleNamespace(is_sure=is_sure) if found else None
    return SimpleNamespace(views=views, detection=detection)


def test_a_photo_without_a_hand_is_neither_sure_nor_in_doubt():
    frames = [np.full((2, 2, 3), n, np.uint8) for n in range(4)]
    readings = [reading(), reading(views=3), reading(is_sure=False), reading(found=False)]
    pipeline = SimpleNamespace(read=lambda frame: readings[frame[0, 0, 0]])
    sure, doubtful = sorted_frames(pipeline, frames)
    assert [int(frame[0, 0, 0]) for frame in sure] == [0]
    assert [int(frame[0, 0, 0]) for frame in doubtful] == [1, 2]


def test_a_row_tells_how_much_longer_than_a_sure_one():
    assert row("in doubt", [80.0, 90.0, 130.0], 30.0) == (
        "| in doubt | 3 | 90 ms | 100 ms | 126 ms | 3.0 |"
    )
