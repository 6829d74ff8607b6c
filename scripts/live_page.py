"""Drives the page /live in a browser, as a person does."""

from playwright.sync_api import Browser, BrowserContext, Page

from scripts.running_app import PAGE_MS, wait_until_idle


def open_live(browser: Browser | BrowserContext, address: str, asked: str = "") -> Page:
    """Open /live in a new window (of a new visitor, where a Browser is given).

    `asked` is the end of the address, such as `?speed=natural`.
    """
    context = browser if isinstance(browser, BrowserContext) else browser.new_context()
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.set_default_timeout(PAGE_MS)
    page.goto(f"{address}/live{asked}")
    wait_until_idle(page)
    return page


def start_camera(page: Page) -> None:
    """Press Start below the video."""
    camera = page.frame_locator('iframe[title*="webrtc"]')
    camera.get_by_role("button", name="Start").click()


def start_device_camera(page: Page) -> None:
    """Press Start of the camera that the browser reads itself."""
    page.get_by_role("button", name="Start", exact=True).click()


def start_source(page: Page, source: str) -> None:
    """Choose `Live video` or `On this device` on a page that has both, and press Start."""
    page.get_by_role("radio", name=source).click()
    wait_until_idle(page)
    if source == "On this device":
        start_device_camera(page)
    else:
        start_camera(page)


def transcript_of(page: Page) -> str:
    """Return the committed text as the page shows it."""
    return page.locator(".st-key-transcript .asl-text").inner_text()
