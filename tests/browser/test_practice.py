"""Practises before a real Chromium: a lesson with a fake webcam, a word to read, and a reload."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from asl_core import images
from asl_core.drawing.drawn_letters import drawn_letter
from asl_core.drawing.spelled_word import upon_wrist
from scripts.fake_webcam import words_of_drawn_hands, words_of_signer, write_webcam_file
from scripts.live_page import start_source
from scripts.running_app import (
    PAGE_MS,
    ROOT,
    chromium_path,
    running_app,
    running_browser,
    wait_until_idle,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

SHARED = Path(__file__).parents[3] / "shared"
SIGNER = SHARED / "photos/test/evriel_1"
EMPTY_SCENE = SHARED / "backgrounds/test/polyhaven_003.jpg"
ASKED, SIGNED = "LVF", "LVBF"
"""The word of the lesson, and the letters of the film: B in the place of F is one too many."""

WANTED = {("L", "L"), ("V", "V"), ("F", "B")}
LETTER_SECONDS = 4.0
SECONDS = 240
"""Until the lesson is done; a busy machine needs the film a few times."""
PATIENCE_S = 600


@pytest.fixture(scope="module")
def address():
    with running_app() as running:
        yield running


def open_practice(browser, address, part):
    page = browser.new_context(viewport={"width": 1280, "height": 1400}).new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.set_default_timeout(PAGE_MS)
    page.goto(f"{address}/practice?do={part}")
    wait_until_idle(page)
    return page


def choose_own_word(page, word):
    page.locator("[data-testid=stSelectbox]").filter(has_text="Lesson").locator("input").click()
    page.get_by_role("option", name="Your own list").click()
    page.get_by_label("Your words").fill(word)
    page.get_by_label("Your words").press("Control+Enter")
    wait_until_idle(page)


def kept(page):
    """Return what this browser keeps of the learner's progress."""
    text = page.evaluate("localStorage.getItem('asl-practice-progress')")
    return json.loads(text) if text else {"letters": [], "confusions": [], "days": []}


def answers(page, skill):
    return {
        (entry["letter"], entry["answer"])
        for entry in kept(page)["confusions"]
        if entry["skill"] == skill
    }


def practise_before_the_camera(page):
    """Sign until the wrong letter was judged and the word was done; return the coach's words.

    The film may begin in the middle of the word, and a slow machine may miss a letter of it: the
    word comes again until each letter was answered as the film signs it.
    """
    told = ""
    for _ in range(SECONDS * 2):
        verdict = page.locator(".st-key-practice_verdict")
        text = verdict.inner_text() if verdict.count() else ""
        if "read as B, not as F" in text:
            told = text
        is_done = any(day["skill"] == "sign" for day in kept(page)["days"])
        if told and is_done and answers(page, "sign") >= WANTED:
            break
        page.wait_for_timeout(500)
    return told


def check_lesson(address, clip, source="Live video"):
    with running_browser(clip) as browser:
        page = open_practice(browser, address, "sign")
        choose_own_word(page, ASKED)
        start_source(page, source)
        told = practise_before_the_camera(page)
        progress = kept(page)
        assert "Index finger" in told, told
        assert "Middle finger" not in told.partition("F")[0]
        assert answers(page, "sign") >= WANTED
        (day,) = [day for day in progress["days"] if day["skill"] == "sign"]
        assert day["sums"]["transcribed"] == len(ASKED) * day["sums"]["rounds"]
        assert day["sums"]["inputs"] > day["sums"]["transcribed"]
        page.reload()
        wait_until_idle(page)
        page.get_by_role("radio", name="Progress").click()
        page.get_by_text("Most often mistaken").first.wait_for()
        assert "F as B" in page.locator("[data-testid=stMain]").inner_text()
        assert page.complaints == []


@pytest.mark.timeout(PATIENCE_S)
@pytest.mark.parametrize("source", ["Live video", "On this device"])
def test_the_coach_names_the_finger_of_a_drawn_hand(address, tmp_path, source):
    clip = tmp_path / "webcam.mjpeg"
    write_webcam_file(clip, words_of_drawn_hands((SIGNED,), letter_seconds=LETTER_SECONDS))
    check_lesson(address, clip, source)


@pytest.mark.shared
@pytest.mark.timeout(PATIENCE_S)
@pytest.mark.skipif(not SIGNER.is_dir(), reason="../shared/photos is not here")
def test_the_coach_names_the_finger_of_an_unseen_signer(address, tmp_path):
    clip = tmp_path / "webcam.mjpeg"
    empty = images.read(EMPTY_SCENE)
    write_webcam_file(clip, words_of_signer((SIGNED,), SIGNER, empty))
    check_lesson(address, clip)


def test_a_word_is_read_and_the_progress_survives_a_reload(address):
    with running_browser() as browser:
        page = open_practice(browser, address, "read")
        choose_own_word(page, "cat")
        page.get_by_role("button", name="Pause").or_(
            page.get_by_role("button", name="Replay")
        ).wait_for()
        page.get_by_role("button", name="Replay").wait_for()
        page.get_by_role("button", name="Next letter").click()
        page.get_by_text("Letter 3 of 3").wait_for()
        page.get_by_role("button", name="Letter before").click()
        page.get_by_text("Letter 2 of 3").wait_for()
        page.get_by_label("What does the hand spell?").fill("cut")
        page.get_by_label("What does the hand spell?").press("Enter")
        page.get_by_text("It was CAT: 2 of 3 letters read.").first.wait_for()
        wait_until_idle(page)
        assert answers(page, "read") == {("C", "C"), ("A", "U"), ("T", "T")}
        page.reload()
        wait_until_idle(page)
        page.get_by_role("radio", name="Progress").click()
        page.get_by_role("radio", name="Reading").click()
        page.get_by_text("A as U").first.wait_for()
        page.get_by_role("button", name="Forget everything").click()
        page.get_by_role("button", name="Yes, forget it").click()
        page.get_by_text("Nothing was practised in reading yet").wait_for()
        wait_until_idle(page)
        assert page.evaluate("localStorage.getItem('asl-practice-progress')") is None
        assert page.complaints == []


def test_a_word_is_read_with_the_keyboard_alone_and_the_verdict_is_announced(address):
    with running_browser() as browser:
        page = open_practice(browser, address, "read")
        field = page.get_by_label("What does the hand spell?")
        tab_to(page, field)
        page.keyboard.type("zzz")
        page.keyboard.press("Enter")
        page.get_by_role("status").filter(has_text="It was ").wait_for(state="attached")
        wait_until_idle(page)
        tab_to(page, page.get_by_role("radio", name="Sign it"))
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        page.get_by_text("Your progress is yours").wait_for()
        assert page.complaints == []


def tab_to(page, wanted):
    """Press Tab until the element has the focus, from the top of the page."""
    page.evaluate("document.activeElement.blur()")
    wanted.wait_for()
    for _ in range(80):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab never leads there")


PAINT = """(hands) => {
  const size = 300;
  const painter = new HandPainter(size);
  return hands.map(([points, unit]) => Array.from(painter.paint(points, unit, false).data));
}"""


@pytest.mark.parametrize("letters", ["ABGSY"])
def test_the_browser_draws_the_hands_that_the_server_draws(letters):
    size = 300
    hands = [placed(letter, size) for letter in letters]
    script = (ROOT / "pages/panels/browser/scripts/drawn_hand.js").read_text(encoding="utf-8")
    with running_browser() as browser:
        page = browser.new_page()
        page.add_script_tag(content=f"{script}\nwindow.HandPainter = HandPainter;")
        painted = page.evaluate(PAINT, hands)
    for letter, pixels in zip(letters, painted, strict=True):
        theirs = np.array(pixels, np.float32).reshape(size, size, 4)[..., :3]
        ours = drawn_letter(letter, size).astype(np.float32)
        assert np.abs(theirs - ours).mean() < 2.5, letter


def placed(letter, size):
    """Place a letter's hand as `letter_landmarks` does: its points, and a palm in pixels."""
    points = upon_wrist(letter).astype(float)
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    unit = min(0.36, 0.74 / (high - low).max()) * size
    points[:, :2] -= (low + high) / 2
    points *= unit
    points[:, :2] += np.array([0.5, 0.46]) * size
    return [points.tolist(), unit]
