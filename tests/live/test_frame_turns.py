import threading
import time

from asl_core.live.frame_turns import FrameTurns, Turn


def wait_until(condition, seconds=3.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.002)


def test_the_newest_of_those_that_wait_goes_on():
    turns = FrameTurns(free=lambda: None)
    assert turns.enter() is Turn.GO
    results = {}
    threads = []
    for number in range(4):
        arrivals = number + 2
        thread = threading.Thread(target=lambda n=number: results.update({n: turns.enter()}))
        thread.start()
        threads.append(thread)
        wait_until(lambda count=arrivals: turns._arrivals == count)
    for thread in threads[:3]:
        thread.join(2)
    assert results == {0: Turn.OVERTAKEN, 1: Turn.OVERTAKEN, 2: Turn.OVERTAKEN}
    turns.leave()
    threads[3].join(2)
    assert results[3] is Turn.GO
    assert turns.overtaken == 3


def test_freed_once_and_only_when_nobody_is_inside():
    freed = []
    turns = FrameTurns(free=lambda: freed.append(1))
    turns.enter()
    turns.close()
    turns.close()
    assert freed == []
    turns.leave()
    assert freed == [1]
    turns.close()
    assert turns.enter() is Turn.CLOSED
    assert freed == [1]
    assert turns.is_closed


def test_those_who_wait_are_sent_home_by_closing():
    turns = FrameTurns(free=lambda: None)
    turns.enter()
    results = []
    thread = threading.Thread(target=lambda: results.append(turns.enter()))
    thread.start()
    wait_until(lambda: turns._arrivals == 2)
    turns.close()
    thread.join(2)
    assert results == [Turn.CLOSED]
