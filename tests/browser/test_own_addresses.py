"""Nothing that a page loads comes from elsewhere; below a base path all stands below it."""

from urllib.parse import urlsplit

import pytest

from pages.panels.frame.menu import PHOTO, SCREENS
from scripts.running_app import running_app, running_browser, wait_until_idle

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright")
WAIT_MS = 120_000
PREFIX = "asl"


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    from scripts.made_up_run import write_constant_model, write_made_up_run

    folder = tmp_path_factory.mktemp("models")
    write_made_up_run(folder / "stranger-resnet18")
    write_constant_model(folder / "stranger-resnet18")
    nothing = str(folder / "none")
    return {"ASL_MODELS": str(folder), "ASL_RUNS": nothing, "ASL_PHOTOS": str(folder)}


def test_every_request_of_every_page_goes_to_the_app(folders):
    with running_app(folders) as address, running_browser() as browser:
        page = browser.new_page()
        page.set_default_timeout(WAIT_MS)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        for screen in SCREENS:
            page.goto(f"{address}/{screen.address}")
            wait_until_idle(page)
        for path in ("camera", "docs"):
            page.goto(f"{address}/{path}")
            page.wait_for_timeout(1500)
    own = urlsplit(address).netloc
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert len(asked) > len(SCREENS)
    assert hosts == {own}


def test_below_a_base_path_service_and_links_stand_below_it(folders):
    settings = {**folders, "STREAMLIT_SERVER_BASE_URL_PATH": PREFIX}
    with (
        running_app(settings, health=f"/{PREFIX}/_stcore/health") as address,
        running_browser() as b,
    ):
        page = b.new_page()
        page.set_default_timeout(WAIT_MS)
        for path, word in (
            ("healthz", "alive"),
            ("metrics", "asl_requests"),
            ("openapi.json", "/predict"),
        ):
            answer = page.request.get(f"{address}/{PREFIX}/{path}")
            assert answer.status == 200
            assert word in answer.text()
        page.goto(f"{address}/{PREFIX}/{PHOTO.address}")
        wait_until_idle(page)
        assert page.get_by_text("Page not found").count() == 0
        broken = []
        page.on("response", lambda r: broken.append(r.url) if r.status >= 400 else None)
        page.goto(f"{address}/{PREFIX}/camera")
        page.wait_for_timeout(1500)
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        assert links
        assert all(link.startswith(f"{address}/{PREFIX}/") for link in links)
        assert all(page.request.get(link).status == 200 for link in links)
        assert broken == []
