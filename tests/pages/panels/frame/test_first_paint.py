"""The page before Streamlit's scripts holds the screen's heading, and nothing breaks it."""

import html
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit import file_util

from pages.panels.frame.first_paint import SENTENCE, painted, painted_pages
from pages.panels.frame.menu import APP_TITLE, PHOTO, SCREENS

STREAMLIT_PAGE = Path(file_util.get_static_dir()) / "index.html"


@pytest.mark.parametrize("prefix", ["", "asl", "/asl/"])
def test_every_screen_is_sent_with_its_heading(prefix):
    from asl_core.service.side_routes import page_routes

    app = Starlette(routes=page_routes(painted_pages(), prefix))
    app.router.redirect_slashes = False
    client = TestClient(app)
    below = "/asl" if prefix else ""
    for screen in SCREENS:
        answer = client.get(f"{below}/{screen.address}")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-cache"
        for text in (screen.title, screen.purpose, SENTENCE):
            assert html.escape(text) in answer.text
    assert client.get(f"{below}/elsewhere").status_code == 404


def test_all_that_streamlit_sends_is_still_there():
    page = STREAMLIT_PAGE.read_text("utf-8")
    own = painted(page, PHOTO)
    for line in page.splitlines():
        assert line in own or "<title>" in line
    assert own.index("first-paint") < own.index('<link rel="stylesheet"')
    assert f"<title>{APP_TITLE}</title>" in own


def test_a_heading_is_text_and_no_markup():
    own = painted('<div id="root"></div>', replace(PHOTO, title="<b>A & B</b>"))
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in own


def test_a_page_that_is_not_as_known_is_left_to_streamlit(tmp_path, monkeypatch):
    (tmp_path / "index.html").write_text("<main></main>", encoding="utf-8")
    monkeypatch.setattr(file_util, "get_static_dir", lambda: str(tmp_path))
    assert painted_pages() == {}
