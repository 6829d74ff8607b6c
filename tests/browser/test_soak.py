"""Five minutes of one live stream with all that interrupts it; benchmarks/soak.py does an hour."""

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from benchmarks.soak import soak
from benchmarks.soak_page import rise_of, settled_samples
from scripts.running_app import chromium_path

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
    pytest.mark.timeout(1200),
]

MINUTES, RECONNECTS, SWITCHES, RESTARTS = 5.0, 8, 4, 1
MOST_RISE_SHARE = 0.1
"""Of memory, in two minutes: caches still fill, which the hour tells apart from a leak."""

MOST_MORE = 6
"""Threads and files: one per stream that leaks would be more."""


def test_five_minutes_with_interruptions_lose_no_word_and_leak_nothing():
    report = soak(MINUTES, RECONNECTS, SWITCHES, RESTARTS)
    assert report.lost == ()
    assert report.letters > 10
    assert len(report.servers) == 1 + RESTARTS
    for server in report.servers:
        settled = settled_samples(server)
        assert max(sample.fps for sample in settled) > 0
        memory = [sample.memory_mib for sample in settled]
        assert rise_of(settled, memory) <= MOST_RISE_SHARE * memory[0]
        assert rise_of(settled, [sample.threads for sample in settled]) <= MOST_MORE
        assert rise_of(settled, [sample.open_files for sample in settled]) <= MOST_MORE
    assert report.ended.threads <= report.idle.threads + MOST_MORE
    assert report.ended.open_files <= report.idle.open_files + MOST_MORE
