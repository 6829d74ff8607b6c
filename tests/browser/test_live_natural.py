"""Spells without holds before a real Chromium's fake webcam, and reads the words from the page."""

import re
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from asl_core.evaluation.fluent.measure import edit_distance
from scripts.fake_spelling import word_of_drawn_hand, word_of_video
from scripts.fake_webcam import write_webcam_file
from scripts.live_page import open_live, start_camera, transcript_of
from scripts.running_app import chromium_path, running_app, running_browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

VIDEOS = Path(__file__).parents[3] / "shared/fluent"
ROUNDS = 6
"""How often the clip is played at most: the first round may begin before the video is there."""

FEWEST_FRAMES = 10.0
"""Frames a second below which a letter of a quarter of a second has one or two pictures."""

READ_WITH_TWO_ERRORS = pytest.mark.xfail(
    reason="the shipped model reads HERTE in horse.mp4: evaluations/real-1.json of its folder"
)


@pytest.fixture(scope="module")
def address():
    with running_app() as running:
        yield running


def nearest(word: str, text: str) -> tuple[int, str]:
    """The word on the page that is nearest to `word`, and how many letters are wrong in it."""
    return min(((edit_distance(word, read), read) for read in text.split()), default=(99, ""))


def frames_a_second(page) -> float:
    found = re.match(r"(\d+) FPS", page.locator(".asl-times").inner_text())
    return float(found.group(1)) if found else 0.0


def read_naturally(page, word: str, seconds: float) -> tuple[int, str, float]:
    """Wait for the word with at most one wrong letter; give errors, word, frames a second."""
    start_camera(page)
    page.locator(".asl-times").wait_for()
    paces, best = [], (99, "")
    for _ in range(round(ROUNDS * seconds * 2)):
        page.wait_for_timeout(500)
        paces.append(frames_a_second(page))
        # The last word may still be under way; one that ended is followed by a space or another.
        best = min(best, nearest(word, transcript_of(page)))
        if best[0] <= 1:
            break
    return (*best, sorted(paces)[len(paces) // 2])


def check(address, clip: Path, word: str, scenes) -> None:
    """At most one wrong letter; a machine that is too slow to see the letters says nothing."""
    seconds = write_webcam_file(clip, scenes)
    with running_browser(clip) as browser:
        page = open_live(browser, address, "?speed=natural")
        assert page.get_by_text("spell at your own pace").count() > 0
        errors, read, pace = read_naturally(page, word, seconds)
        assert page.locator(".asl-letter:not(.is-natural)").count() == 0, "there is no ring"
    if errors > 1 and pace < FEWEST_FRAMES:
        pytest.skip(f"machine too slow: {pace:.0f} frames a second; {word} was read as {read!r}")
    assert errors <= 1, f"{word} was read as {read!r} at {pace:.0f} frames a second"


@pytest.mark.shared
@pytest.mark.skipif(not VIDEOS.is_dir(), reason="../shared/fluent is not here")
@pytest.mark.parametrize("word", ["WHALE", pytest.param("HORSE", marks=READ_WITH_TWO_ERRORS)])
def test_a_skilled_signers_word_is_read(address, tmp_path, word):
    video = VIDEOS / f"{word.lower()}.mp4"
    check(address, tmp_path / "word.mjpeg", word, word_of_video(video))


def test_a_drawn_hand_that_holds_nothing_is_read(address, tmp_path):
    """Slower than people spell, so that a busy machine sees each letter; held it would be none."""
    check(address, tmp_path / "drawn.mjpeg", "LUNAR", word_of_drawn_hand("LUNAR", pace=0.5))
