"""Takes a picture of every page: python scripts/screenshots.py FOLDER [PAGE ...].

Each page in light and dark, at 1440 and 390 px. The folders of runs come from ASL_MODELS and
ASL_RUNS as in the app itself.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, Page

from pages.panels.frame.menu import PHOTO, SCREENS, Screen
from scripts.running_app import running_app, running_browser, wait_until_idle

WIDTHS = {"desktop": 1440, "phone": 390}
HEIGHT = 900
TALLEST = 6000
SHOT_MS = 120_000


def take(browser: Browser, address: str, screen: Screen, folder: Path) -> None:
    """Save one page's four pictures below `folder`."""
    for device, width in WIDTHS.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": HEIGHT},
                color_scheme="dark" if scheme == "dark" else "light",
                device_scale_factor=1 if width > 1000 else 2,
            )
            page = context.new_page()
            page.goto(f"{address}/{screen.address}")
            wait_until_idle(page)
            if screen == PHOTO:
                page.get_by_role("button", name="V", exact=True).click()
                page.mouse.move(0, 0)
                page.wait_for_selector("[data-testid=stMetric]", timeout=SHOT_MS)
            show_all(page, width)
            page.screenshot(
                path=folder / f"{screen.address or 'overview'}-{device}-{scheme}.png",
                timeout=SHOT_MS,
            )
            context.close()


def show_all(page: Page, width: int) -> None:
    """Make the window as tall as the page: Streamlit scrolls a container inside of it."""
    tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": min(max(int(tall), HEIGHT), TALLEST)})
    wait_until_idle(page)


def main(folder: Path, names: list[str]) -> None:
    """Start app and browser and take the pictures of the named pages, or of all."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = [s for s in SCREENS if not names or (s.address or "overview") in names]
    with running_app() as address, running_browser() as browser:
        for screen in chosen:
            take(browser, address, screen, folder)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python scripts/screenshots.py FOLDER [PAGE ...]")
    main(Path(sys.argv[1]), sys.argv[2:])
