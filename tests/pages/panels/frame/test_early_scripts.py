"""Links to the scripts that a page's parts need, so that a browser fetches them from the start."""

import re
from pathlib import Path

import pytest
from streamlit import file_util

from pages.panels.frame import early_scripts as home
from pages.panels.frame.early_scripts import PARTS, early_scripts
from pages.panels.frame.first_paint import painted_pages
from pages.panels.frame.menu import OVERVIEW, PHOTO

PAGE = '<script type="module" src="./static/js/index.1.js"></script>'
LINK = re.compile(r'<link rel="modulepreload" crossorigin href="\./static/js/([\w.-]+)">')


@pytest.fixture
def static(tmp_path, monkeypatch):
    monkeypatch.setattr(home, "PARTS", {PHOTO: ("FileUploader", "Missing", "Twice")})
    folder = tmp_path / "static/js"
    folder.mkdir(parents=True)
    files = {
        "FileUploader.a.js": 'import"./index.1.js";import{a as b}from"./hooks.b.js";',
        "hooks.b.js": 'import{c}from"./icons.c.js";import x from"./gone.d.js";',
        "icons.c.js": 'import"./hooks.b.js";',
        "Twice.e.js": "",
        "Twice.f.js": "",
        "index.1.js": "",
    }
    for name, content in files.items():
        (folder / name).write_text(content)
    return tmp_path


def test_what_a_part_imports_is_linked_once_and_what_the_page_names_is_not(static):
    links = LINK.findall(early_scripts(PAGE, PHOTO, static))
    assert links == ["FileUploader.a.js", "hooks.b.js", "icons.c.js"]


def test_other_pages_have_no_links(static):
    assert early_scripts(PAGE, OVERVIEW, static) == ""


@pytest.mark.parametrize("part", sorted({part for parts in PARTS.values() for part in parts}))
def test_streamlit_still_names_its_files_so(part):
    scripts = Path(file_util.get_static_dir()) / "static/js"
    assert len(list(scripts.glob(f"{part}.*.js"))) == 1


@pytest.mark.parametrize("screen", PARTS, ids=lambda screen: screen.address)
def test_a_painted_page_links_to_files_that_are_there(screen):
    _, after = painted_pages()[screen.address].split('id="first-paint"')
    links = LINK.findall(after)
    assert len(links) == len(set(links)) > 10
    folder = Path(file_util.get_static_dir()) / "static/js"
    assert all((folder / name).is_file() for name in links)
