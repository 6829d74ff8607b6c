"""Holds docs/architecture.md to the code: each stop of a walk exists, each word is defined."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
NOT_CLASSES = {"Frame", "ModelCard"}
"""A type alias, and a file."""


def modules():
    return [path for folder in ("asl_core", "pages") for path in (ROOT / folder).rglob("*.py")]


def named_files():
    found = set(re.findall(r"`([\w/]+\.py)`", ARCHITECTURE))
    return sorted(name for name in found if not name.startswith("tests/"))


def glossary_words():
    table = ARCHITECTURE.partition("## Glossary")[2].partition("## Decisions")[0]
    words = re.findall(r"\*\*(\w+)\*\*", table)
    return sorted(word for word in words if word[0].isupper() and word not in NOT_CLASSES)


@pytest.mark.parametrize("name", named_files())
def test_each_file_on_a_walk_exists(name):
    places = [path.relative_to(ROOT).as_posix() for path in modules()] + ["app.py"]
    assert [place for place in places if place == name or place.endswith("/" + name)]


def test_each_word_of_the_glossary_is_a_class():
    classes = {
        node.name
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    assert len(glossary_words()) > 30
    assert [word for word in glossary_words() if word not in classes] == []
