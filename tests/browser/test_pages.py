"""Opens every page in a real Chromium, clicks in the matrix and uploads a photo."""

import os
from pathlib import Path

import pytest

from pages.panels.frame.menu import ALPHABET, LETTERS, MODEL, PHOTO, SCREENS, SECTIONS

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from scripts.running_app import (
    chromium_path,
    open_from_menu,
    running_app,
    running_browser,
    wait_until_idle,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

WAIT_MS = 120_000
HEADINGS = {
    "": "Read ASL fingerspelling",
    "live": "Live",
    "photo": "Read a photo",
    "alphabet": "Alphabet",
    "practice": "Practice",
    "my-hand": "My hand",
    "training": "Training",
    "confusion": "Confusion matrix",
    "letters": "Per-class metrics",
    "who": "Who does it work for?",
    "compare": "Comparison",
    "speed": "Speed",
}
CELL_CENTRE = """([label, answer]) => {
    const plot = document.querySelector('.js-plotly-plot');
    const layout = plot._fullLayout, box = plot.getBoundingClientRect();
    const column = layout.xaxis.ticktext.indexOf(answer);
    const row = layout.yaxis.ticktext.indexOf(label);
    return [
        box.left + layout.xaxis._offset + layout.xaxis.l2p(column),
        box.top + layout.yaxis._offset + layout.yaxis.l2p(row),
    ];
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return the address of an app that shows a made-up run whose model reads every hand as A."""
    from scripts.made_up_run import write_constant_model, write_made_up_run

    folder = tmp_path_factory.mktemp("models")
    write_made_up_run(folder / "stranger-resnet18")
    write_constant_model(folder / "stranger-resnet18")
    nothing = str(folder / "none")
    folders = {"ASL_MODELS": str(folder), "ASL_RUNS": nothing, "ASL_PHOTOS": str(folder)}
    with running_app(folders) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    with running_browser() as running:
        yield running


@pytest.fixture
def open_page(browser, address):
    """Return a function that opens an address of the app in a new window."""
    contexts = []

    def open_it(path: str, width: int = 1440, scheme: str = "light"):
        context = browser.new_context(
            viewport={"width": width, "height": 1000}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.goto(f"{address}/{path}")
        wait_until_idle(page)
        return page

    yield open_it
    for context in contexts:
        context.close()


def assert_sound(page) -> None:
    for broken in ("stException", "stAlertContentError"):
        assert page.get_by_test_id(broken).count() == 0
    assert page.get_by_text("Page not found").count() == 0


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.address or "start")
def test_a_heading_is_there_before_the_scripts_and_goes_with_them(browser, address, screen):
    page = browser.new_page()
    page.set_default_timeout(WAIT_MS)
    page.route("**/static/js/*", lambda route: None)
    page.goto(f"{address}/{screen.address}", wait_until="commit")
    paint = page.locator("#first-paint")
    paint.get_by_text(screen.purpose, exact=True).wait_for()
    assert paint.get_by_text(screen.title, exact=True).is_visible()
    page.unroute("**/static/js/*")  # what waited goes on
    page.wait_for_selector("[data-testid=stMain] h1")
    paint.wait_for(state="detached")
    page.close()


def test_the_first_visitor_may_come_by_any_address(open_page):
    page = open_page(PHOTO.address)
    assert page.locator("h1").inner_text() == HEADINGS["photo"]
    assert page.get_by_test_id("stTopNavSection").all_inner_texts() == [
        section.title for section in SECTIONS
    ]
    assert page.url.endswith("/photo")
    assert_sound(page)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.address or "overview")
def test_each_page_opens_on_a_phone(open_page, screen):
    page = open_page(screen.address, width=390)
    assert page.locator("h1").inner_text() == HEADINGS[screen.address]
    assert_sound(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_menu_the_buttons_and_the_links_lead_to_pages(open_page):
    page = open_page("")
    page.get_by_role("button", name="Read a photo").click()
    page.get_by_role("heading", name=HEADINGS["photo"]).wait_for()
    open_from_menu(page, MODEL.title, LETTERS.title)
    page.get_by_role("heading", name=HEADINGS["letters"]).wait_for()
    assert page.url.endswith("/letters")
    page = open_page("")
    page.get_by_role("link", name=ALPHABET.title).click()
    page.get_by_role("heading", name=HEADINGS["alphabet"], exact=True).wait_for()
    assert page.url.endswith("/alphabet")


@pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
def test_the_theme_follows_the_system(open_page, scheme, is_dark):
    page = open_page("", scheme=scheme)
    colour = page.evaluate(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    red = int(colour.split("(")[1].split(",")[0])
    assert (red < 60) is is_dark


def test_a_click_in_the_matrix_lists_the_photos(open_page):
    page = open_page("confusion")
    x, y = page.evaluate(CELL_CENTRE, ["M", "M"])
    page.mouse.click(x, y)
    page.get_by_text("were read as M").wait_for()
    assert page.get_by_role("combobox", name="Signed").get_attribute("value") in ("M", None)
    assert page.locator("[data-testid=stImage] img").count() > 1
    assert_sound(page)


def test_a_second_click_moves_on(open_page):
    page = open_page("confusion")
    for label in ("B", "X"):
        x, y = page.evaluate(CELL_CENTRE, [label, label])
        page.mouse.click(x, y)
        page.get_by_text(f"photos of {label} were read as {label}").wait_for()
        wait_until_idle(page)


def test_an_uploaded_photo_is_read(open_page, tmp_path):
    from PIL import Image

    from asl_core.drawing.drawn_letters import drawn_letter

    picture, text = tmp_path / "hand.png", tmp_path / "=broken.jpg"
    Image.fromarray(drawn_letter("L", 320)).save(picture)
    text.write_text("not a picture")
    page = open_page("photo")
    page.locator("input[type=file]").set_input_files([os.fspath(picture), os.fspath(text)])
    page.get_by_test_id("stMetricValue").wait_for()
    assert page.get_by_test_id("stMetricValue").inner_text() == "A"
    assert "=broken.jpg is not a picture" in page.get_by_test_id("stAlert").inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save all results as CSV").click()
    rows = Path(download.value.path()).read_text().splitlines()
    assert rows[0].startswith("photo,letter,confidence")
    assert rows[1].startswith("hand.png,A,0.9")
    assert rows[2].startswith("'=broken.jpg,,")


def test_a_table_offers_no_csv_of_its_own(open_page):
    """Streamlit's would leave texts as they are, which a spreadsheet may take for formulas."""
    page = open_page(LETTERS.address)
    page.get_by_test_id("stDataFrame").first.hover()
    toolbar = page.get_by_test_id("stElementToolbarButton")
    toolbar.first.wait_for()
    labels = " ".join(button.inner_html() for button in toolbar.all())
    assert "Search" in labels
    assert "CSV" not in labels
    assert page.get_by_role("button", name="Save the letters as CSV").count() == 1


def test_a_drawn_hand_is_read_with_one_click(open_page):
    page = open_page("photo")
    page.get_by_role("button", name="V", exact=True).click()
    page.get_by_test_id("stMetricValue").wait_for()
    assert_sound(page)
