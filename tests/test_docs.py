"""The documents reach each other: the index names every one, and no link leads nowhere."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "models/README.md"])


def links(document):
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return [link.partition("#")[0] for link in found if "://" not in link and link[0] != "#"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_link_leads_nowhere(document):
    assert [link for link in links(document) if not (document.parent / link).exists()] == []


def test_the_index_names_every_document():
    named = set(links(ROOT / "docs/README.md"))
    every = {path.name for path in ROOT.glob("docs/*.md")} - {"README.md"}
    assert every - named == set()


def test_the_newest_entry_of_the_changelog_is_this_version():
    from asl_core import __version__

    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+) - \d{4}-\d{2}-\d{2}$", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == __version__


def test_the_readme_names_the_ratio_that_was_measured():
    measured = json.loads((ROOT / "models/stranger-resnet18/speed.json").read_text("utf-8"))
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    ratio = f"{measured['pipeline']['ratio']:.1f}"
    assert f"{ratio} times as many video frames as the reference's loop" in readme
