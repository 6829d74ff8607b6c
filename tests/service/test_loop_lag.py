"""The lateness of an event loop, on a real one."""

import asyncio
import time

from asl_core.service.loop_lag import PERIOD_S, LoopLag


def lag_after(work, rounds=30):
    async def run():
        lag = LoopLag()
        lag.start()
        for _ in range(rounds):
            work()
            await asyncio.sleep(PERIOD_S / 4)
        measured = lag.seconds
        lag.stop()
        return measured, lag.seconds

    return asyncio.run(run())


def test_a_loop_that_works_long_at_a_time_is_late():
    busy, stopped = lag_after(lambda: time.sleep(2 * PERIOD_S))
    idle, _ = lag_after(lambda: None)
    assert busy > PERIOD_S / 4
    assert idle < busy / 2
    assert stopped == 0


def test_it_is_begun_once_and_can_begin_again():
    async def run():
        lag = LoopLag()
        lag.start()
        lag.start()
        lag.stop()
        time.sleep(3 * PERIOD_S)
        await asyncio.sleep(2 * PERIOD_S)
        assert lag.seconds == 0, "a second timer still measures"
        lag.start()
        time.sleep(3 * PERIOD_S)
        await asyncio.sleep(PERIOD_S / 2)
        assert lag.seconds > 0
        lag.stop()

    asyncio.run(run())
