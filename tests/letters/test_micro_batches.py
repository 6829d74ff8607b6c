import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from asl_core.letters.micro_batches import FixedSizes, MicroBatches
from asl_core.letters.networks import PictureAnswer


def crops(*values):
    return np.array(values, np.uint8)[:, None, None, None] * np.ones((1, 2, 2, 3), np.uint8)


class Gated:
    """Answers with each crop's value; computes only while the gate is open."""

    def __init__(self):
        self.gate, self.is_inside = threading.Event(), threading.Event()
        self.batches = []

    def __call__(self, pixels):
        self.is_inside.set()
        assert self.gate.wait(10)
        self.batches.append(len(pixels))
        if (pixels == 99).any():
            raise RuntimeError("out of memory")
        values = pixels[:, 0, 0, :1].astype(np.float32)
        return PictureAnswer(values, values * 2)


def ask_all(network, batches, given):
    """Ask with the first, then with the others while the first is computed."""
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(batches, given[0])]
        assert network.is_inside.wait(10)
        answers += [pool.submit(batches, pixels) for pixels in given[1:]]
        while len(batches._waiting) < len(given) - 1:
            pass
        network.gate.set()
        return answers


def test_whoever_finds_it_idle_is_answered_at_once():
    network = Gated()
    network.gate.set()
    assert MicroBatches(network)(crops(5)).log_probabilities.tolist() == [[5]]
    assert network.batches == [1]


def test_those_who_wait_are_asked_for_together_and_each_gets_its_own():
    network = Gated()
    batches = MicroBatches(network)
    answers = ask_all(network, batches, [crops(1), crops(2, 3), crops(4), crops(5)])
    assert network.batches == [1, 4]
    assert [a.result().log_probabilities[:, 0].tolist() for a in answers] == [[1], [2, 3], [4], [5]]
    assert answers[1].result().features[:, 0].tolist() == [4, 6]


def test_a_batch_has_its_limit_and_keeps_the_order():
    network = Gated()
    batches = MicroBatches(network, most_rows=3)
    answers = ask_all(network, batches, [crops(1), crops(2, 3), crops(4, 5), crops(*range(6, 12))])
    assert sorted(network.batches) == [1, 2, 2, 6]
    assert answers[3].result().log_probabilities[:, 0].tolist() == list(range(6, 12))


def test_an_error_reaches_all_of_its_batch_and_the_next_is_answered():
    network = Gated()
    batches = MicroBatches(network)
    answers = ask_all(network, batches, [crops(1), crops(99), crops(3)])
    assert answers[0].result().features.tolist() == [[2]]
    for answer in answers[1:]:
        with pytest.raises(RuntimeError, match="out of memory"):
            answer.result()
    assert batches(crops(7)).features.tolist() == [[14]]


def test_fixed_sizes_fill_up_and_drop_what_was_filled():
    made, asked = [], []

    def make(size):
        made.append(size)

        def run(rows):
            assert len(rows) == size
            asked.append(size)
            return rows * 2.0, rows + 1.0

        return run

    sizes = FixedSizes(make, (4, 1, 2))
    for count in (1, 3, 4, 9):
        rows = np.arange(count, dtype=np.float32)[:, None]
        twice, more = sizes(rows)
        assert np.array_equal(twice, rows * 2)
        assert np.array_equal(more, rows + 1)
    assert made == [1, 4]
    assert asked == [1, 4, 4, 4, 4, 1]
