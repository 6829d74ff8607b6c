"""Small parts that run in the visitor's browser: Python wrappers of the files in `scripts/`."""

from pathlib import Path

_SCRIPTS = Path(__file__).with_name("scripts")


def browser_script(name: str) -> str:
    """Return the JavaScript of one part, without its `.js`."""
    return (_SCRIPTS / f"{name}.js").read_text(encoding="utf-8")
