"""Draws J and Z before a real Chromium's fake webcam, and reads them from the page."""

from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from asl_core import images
from scripts.fake_strokes import stroke_film
from scripts.fake_webcam import LEAD_SECONDS, Scene, fit, write_webcam_file
from scripts.live_page import open_live, start_camera, transcript_of
from scripts.running_app import chromium_path, running_app, running_browser

SHARED = Path(__file__).parents[3] / "shared"
SIGNER = SHARED / "photos/test/hawkcodesz"  # a right hand, as the strokes ask for
EMPTY_SCENE = SHARED / "backgrounds/test/polyhaven_003.jpg"
ROUNDS = 8

pytestmark = [
    pytest.mark.browser,
    pytest.mark.shared,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
    pytest.mark.skipif(not SIGNER.is_dir(), reason="../shared/photos is not here"),
]


def film():
    """Begin with an empty scene, so that nothing is missed while the stream starts."""
    empty = images.read(EMPTY_SCENE)
    yield Scene(fit(empty, 640, 480), LEAD_SECONDS)
    yield from stroke_film(SIGNER, empty)


def test_j_and_z_are_read_as_motions_on_the_page(tmp_path):
    clip = tmp_path / "strokes.mjpeg"
    seconds = write_webcam_file(clip, film())
    with running_app() as address, running_browser(clip) as browser:
        page = open_live(browser, address)
        start_camera(page)
        words = []
        for _ in range(round(ROUNDS * seconds * 2)):
            words = transcript_of(page).split()
            if {"J", "Z"} <= set(words):
                break
            page.wait_for_timeout(500)
    assert {"J", "Z"} <= set(words), words
    assert set(words) <= {"J", "Z"}
