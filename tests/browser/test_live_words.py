"""Spells before a real Chromium's fake webcam, and reads the words from the page."""

from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from asl_core import images
from scripts.fake_webcam import words_of_drawn_hands, words_of_signer, write_webcam_file
from scripts.live_page import open_live, start_camera, transcript_of
from scripts.running_app import chromium_path, running_app, running_browser, running_browsers

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

SHARED = Path(__file__).parents[3] / "shared"
SIGNER = SHARED / "photos/test/evriel_1"
EMPTY_SCENE = SHARED / "backgrounds/test/polyhaven_003.jpg"
ROUNDS = 8
"""How often the clip may be played until its words were read; a busy machine may need more."""
SLOW_LETTER_SECONDS = 3.0
"""Two browsers and the server on two cores read two frames a second."""


@pytest.fixture(scope="module")
def address():
    with running_app() as running:
        yield running


def read_until(page, wanted: set[str], seconds: float) -> list[str]:
    """Wait until every one of `wanted` stands in the transcript; give all words of it."""
    words: list[str] = []
    for _ in range(round(seconds * 2)):
        words = transcript_of(page).split()
        if wanted <= set(words):
            break
        page.wait_for_timeout(500)
    return words


def is_part_of(word: str, whole: str) -> bool:
    """Whether `word` is `whole` with letters left out, as a machine that is too busy reads it."""
    letters = iter(whole)
    return all(letter in letters for letter in word)


@pytest.mark.shared
@pytest.mark.skipif(not SIGNER.is_dir(), reason="../shared/photos is not here")
def test_two_words_of_an_unseen_signer_are_read(address, tmp_path):
    clip = tmp_path / "webcam.mjpeg"
    scenes = words_of_signer(("WORLD", "PIANO"), SIGNER, images.read(EMPTY_SCENE))
    seconds = write_webcam_file(clip, scenes)
    with running_browser(clip) as browser:
        page = open_live(browser, address)
        start_camera(page)
        words = read_until(page, {"WORLD", "PIANO"}, ROUNDS * seconds)
    assert {"WORLD", "PIANO"} <= set(words), words
    wrong = [w for w in words if not is_part_of(w, "WORLD") and not is_part_of(w, "PIANO")]
    assert wrong == []


def test_two_visitors_spell_drawn_words_and_see_their_own_alone(address, tmp_path):
    words = ("LUNAR", "HOTEL")
    clips = [tmp_path / f"{word}.mjpeg" for word in words]
    for word, clip in zip(words, clips, strict=True):
        scenes = words_of_drawn_hands((word,), letter_seconds=SLOW_LETTER_SECONDS)
        seconds = write_webcam_file(clip, scenes)
    with running_browsers(clips) as browsers:
        pages = [open_live(browser, address) for browser in browsers]
        for page in pages:
            start_camera(page)
        read = [
            read_until(page, {word}, ROUNDS * seconds)
            for page, word in zip(pages, words, strict=True)
        ]
        assert all(page.locator(".st-key-current_letter").count() == 1 for page in pages)
    for mine, own in zip(read, words, strict=True):
        assert own in mine, mine
        assert [word for word in mine if not is_part_of(word, own)] == []
