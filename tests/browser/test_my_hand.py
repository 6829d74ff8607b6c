"""Teaches a hand in a real Chromium: by photos of one signer, and before a fake webcam."""

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, Page, expect

from asl_core import images
from asl_core.alphabet import STATIC_LETTERS
from scripts.fake_webcam import LEAD_SECONDS, Scene, fit, write_webcam_file
from scripts.live_page import start_source
from scripts.running_app import (
    PAGE_MS,
    chromium_path,
    running_app,
    running_browser,
    wait_until_idle,
)

SHARED = Path(__file__).parents[3] / "shared"
SIGNER = SHARED / "photos/validation/nihal"
EMPTY_SCENE = SHARED / "backgrounds/test/polyhaven_003.jpg"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.shared,
    pytest.mark.timeout(1800),  # 48 photos are looked at and six pages opened, on a busy machine
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
    pytest.mark.skipif(not SIGNER.is_dir(), reason="../shared/photos is not here"),
]

TEACH_MS = 240_000
BEFORE = "Misread before"
AFTER = "Misread after"


@pytest.fixture(scope="module")
def address():
    with running_app() as running:
        yield running


@pytest.fixture(scope="module")
def two_of_each(tmp_path_factory) -> list[Path]:
    """Return two photos of each letter of one signer, named as the page asks for."""
    folder = tmp_path_factory.mktemp("photos")
    named = []
    for letter in STATIC_LETTERS:
        photos = sorted((SIGNER / letter).iterdir())
        for number, photo in enumerate((photos[1], photos[3]), start=1):
            named.append(folder / f"{letter}-{number}.webp")
            shutil.copyfile(photo, named[-1])
    return named


def open_page(browser: Browser, address: str, name: str = "my-hand") -> Page:
    page = browser.new_context(accept_downloads=True).new_page()
    page.set_viewport_size({"width": 1280, "height": 1200})
    page.set_default_timeout(PAGE_MS)
    page.goto(f"{address}/{name}")
    wait_until_idle(page)
    return page


def metric(page: Page, name: str) -> tuple[int, int]:
    """Return such as (4, 48) of a metric that says "4 of 48"."""
    shown = page.get_by_test_id("stMetric").filter(has_text=name)
    words = shown.get_by_test_id("stMetricValue").inner_text().split()
    return int(words[0]), int(words[2])


def kept_in_browser(page: Page) -> dict | None:
    kept: dict | None = json.loads(page.evaluate("localStorage.getItem('asl-my-hand')") or "null")
    return kept


def test_photos_of_one_signer_are_taught_kept_used_and_forgotten(address, two_of_each, tmp_path):
    with running_browser() as browser:
        page = open_page(browser, address)
        page.get_by_text("Photos", exact=True).click()
        page.locator("input[type=file]").first.set_input_files(two_of_each)
        page.get_by_role("button", name="Teach these photos").click()
        page.get_by_text("it helps, and is on").wait_for(timeout=TEACH_MS)
        before, tested = metric(page, BEFORE)
        after, _ = metric(page, AFTER)
        assert tested >= 40
        assert before >= 4
        assert after <= before / 2
        page.wait_for_function("localStorage.getItem('asl-my-hand') !== null")
        kept = kept_in_browser(page)
        assert kept["is_on"] is True
        assert len(kept["hand"]) < 200_000

        page.reload()
        page.get_by_text("it helps, and is on").wait_for()
        assert metric(page, BEFORE) == (before, tested)
        assert metric(page, AFTER) == (after, tested)

        with page.expect_download() as download:
            page.get_by_role("button", name="Save as a file").click()
        saved = tmp_path / "hand.json"
        download.value.save_as(saved)
        assert json.loads(saved.read_text()) == json.loads(kept["hand"])

        page.goto(f"{address}/photo")
        wait_until_idle(page)
        page.get_by_role("button", name="V", exact=True).click()
        page.get_by_text("Reading with your taught hand.").wait_for()

        page.goto(f"{address}/my-hand")
        page.get_by_text("it helps, and is on").wait_for()
        page.get_by_text("Read with my hand").click()
        page.wait_for_function("JSON.parse(localStorage.getItem('asl-my-hand')).is_on === false")
        page.goto(f"{address}/photo")
        wait_until_idle(page)
        page.get_by_role("button", name="V", exact=True).click()
        page.wait_for_selector("[data-testid=stMetric]")
        expect(page.get_by_text("Reading with your taught hand.")).to_have_count(0)

        page.goto(f"{address}/my-hand")
        page.get_by_role("button", name="Forget it").click()
        page.get_by_role("button", name="Yes, forget my hand").click()
        page.wait_for_function("localStorage.getItem('asl-my-hand') === null")
        expect(page.get_by_test_id("stMetric")).to_have_count(0)


@pytest.mark.parametrize("source", ["Live video", "On this device"])
def test_letters_held_before_the_camera_are_taught_and_survive_a_reload(address, tmp_path, source):
    empty = fit(images.read(EMPTY_SCENE), 640, 480)
    shown = [fit(images.read(sorted((SIGNER / c).iterdir())[1]), 640, 480) for c in "BCDF"]
    clip = tmp_path / "webcam.mjpeg"
    scenes = [Scene(empty, LEAD_SECONDS)]
    for picture in shown:
        scenes += [Scene(picture, 6.0), Scene(empty, 1.0)]
    write_webcam_file(clip, scenes)
    with running_browser(clip) as browser:
        page = open_page(browser, address)
        page.get_by_role("button", name="Skip this letter").click()  # A, which the film lacks
        page.get_by_text("Press Start, then show B.").wait_for()
        start_source(page, source)
        page.wait_for_function(
            "(JSON.parse(localStorage.getItem('asl-my-hand') || '{}').hand || '')"
            ".split('\"label\"').length > 3",
            timeout=PAGE_MS,
        )
        page.reload()
        page.get_by_text("letters taught").wait_for()
        hand = json.loads(kept_in_browser(page)["hand"])
        labels = [photo["label"] for photo in hand["photos"]]
        assert labels[:3] == ["B", "C", "D"]
        page.get_by_text("Press Start, then show A.").wait_for()
        page.get_by_text("It stays off").wait_for()
