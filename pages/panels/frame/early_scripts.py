"""Which scripts of Streamlit a page needs first, so that a browser fetches them from the start on.

Streamlit's page names the scripts that every app needs. Those of a page's own parts it asks for
once that page has been run: forty more files for the uploader, one after another.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from pages.panels.frame.menu import LIVE, PHOTO, Screen

PARTS: dict[Screen, Sequence[str]] = {
    PHOTO: ("Selectbox", "ButtonGroup", "FileUploader", "BidiComponent", "ImageList", "Button"),
    LIVE: ("Selectbox", "ButtonGroup", "BidiComponent", "ComponentInstance", "Html", "Button"),
}
"""Streamlit's names of what these pages show first, by which it names its files; others wait for
no more than a few."""

_FOLDER = "static/js"
_IMPORTED = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')
_NAMED = re.compile(rf'"\./{_FOLDER}/([\w.-]+\.js)"')


def early_scripts(page: str, screen: Screen, static_folder: Path) -> str:
    """Return links for what `screen` needs of Streamlit's scripts beyond what its `page` names.

    Where a part has no file of its name, or several, its scripts are fetched when they are needed.
    """
    folder = static_folder / _FOLDER
    named, found = set(_NAMED.findall(page)), dict[str, None]()
    waiting = [file for part in PARTS.get(screen, ()) for file in _only(folder, part)]
    while waiting:
        file = waiting.pop(0)
        if file.name in named or file.name in found or not file.is_file():
            continue
        found[file.name] = None
        waiting += [folder / name for name in _IMPORTED.findall(file.read_text("utf-8"))]
    return "".join(
        f'<link rel="modulepreload" crossorigin href="./{_FOLDER}/{name}">' for name in found
    )


def _only(folder: Path, part: str) -> list[Path]:
    files = list(folder.glob(f"{part}.*.js"))
    return files if len(files) == 1 else []
