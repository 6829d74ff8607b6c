"""docs/deploy.md has a row for every environment variable that the code reads, and for no other."""

import ast
import re
from dataclasses import fields
from pathlib import Path

from asl_core.service.settings import PREFIX, ServiceSettings

ROOT = Path(__file__).parents[1]
SOURCES = [ROOT / "app.py", *(p for f in ("asl_core", "pages") for p in (ROOT / f).rglob("*.py"))]
OWN = re.compile("ASL_[A-Z_]*[A-Z]")
MAPPINGS = {"os.environ", "environment"}
CALLS = {f"{mapping}.{verb}" for mapping in MAPPINGS for verb in ("get", "pop", "setdefault")}
OF_STREAMLIT, SET_FOR_THE_DASHBOARD = "STREAMLIT_*", "MALLOC_ARENA_MAX"
PASSED_ON = {"PYTHONPATH"}
"""Python's own; Ray's processes get it with one place more, and nobody sets it for us."""


def names_read(tree):
    """Return the names of variables: our own wherever they stand, others where they are read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if OWN.fullmatch(node.value):
                yield node.value
            if node.value == PREFIX:
                yield from (PREFIX + field.name.upper() for field in fields(ServiceSettings))
        asked = None
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {*CALLS, "os.getenv"}:
            asked = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) in MAPPINGS:
            asked = node.slice
        if isinstance(asked, ast.Constant):
            yield asked.value


def read_by_the_code():
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES)
    return {name for tree in trees for name in names_read(tree)}


def told(document):
    """Return the variables in the tables of a document that have a row."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    section = text.partition("## Settings\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    # The last cell explains; those before it name what the row is for.
    names = (cell for row in rows for cell in row.split("|")[:-2])
    return {
        name for cell in names for name in re.findall(r"`([A-Za-z_]+\*?)`", cell) if "_" in name
    }


def test_every_variable_has_a_row():
    documented = told("deploy.md") | told("service.md")
    found = read_by_the_code()
    assert len(found) > 20
    assert found - documented == PASSED_ON


def test_no_row_is_for_a_variable_that_nothing_reads():
    documented = told("deploy.md") | told("service.md")
    covered = {OF_STREAMLIT, SET_FOR_THE_DASHBOARD, f"{PREFIX}*"}
    assert documented - read_by_the_code() - covered == set()


def test_the_one_place_leads_to_the_rows_that_stand_elsewhere():
    text = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
    assert re.search(r"`ASL_SERVICE_\*`.*\(service\.md", text)


def test_a_variable_is_found_however_it_is_read():
    source = (
        "NAME = 'ASL_MADE_UP'\nos.environ.get('ONE')\nos.environ['TWO']\nos.getenv('THREE')\n"
        "environment.get('FOUR')\nother.get('NOT')\nPREFIX = 'ASL_SERVICE_'\n"
    )
    found = set(names_read(ast.parse(source)))
    assert {"ASL_MADE_UP", "ONE", "TWO", "THREE", "FOUR", "ASL_SERVICE_WORKERS"} <= found
    assert "NOT" not in found
