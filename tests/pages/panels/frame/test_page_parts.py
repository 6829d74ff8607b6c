import io
import tomllib
from pathlib import Path

import pytest

from pages.panels.frame.page_parts import as_safe_csv

ROOT = Path(__file__).parents[4]


@pytest.fixture
def pd():
    """Not imported above: collecting these tests is to be quick."""
    return pytest.importorskip("pandas")


def test_a_name_cannot_become_a_formula(pd):
    table = pd.DataFrame({"group": ["=1+1", "ada", "+49"], "right": [1.0, 2.5, 3.0]})
    assert as_safe_csv(table).decode().splitlines() == [
        "group,right",
        "'=1+1,1.0",
        "ada,2.5",
        "'+49,3.0",
    ]
    assert table["group"][0] == "=1+1", "the table itself stays as it is"


DANGEROUS = [
    "=1+1",
    "+49",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A",
]


def test_each_text_in_each_column_is_guarded_and_numbers_are_not(pd):
    table = pd.DataFrame({"photo": DANGEROUS, "note": DANGEROUS[::-1], "share": [-1.0] * 12})
    back = pd.read_csv(io.BytesIO(as_safe_csv(table)), keep_default_na=False)
    for column in ("photo", "note"):
        assert all(str(cell).startswith("'") for cell in back[column])
    assert (back["share"] == -1).all()


def test_plain_text_and_empty_cells_stay_as_they_are(pd):
    table = pd.DataFrame({"note": ["ada", "", None, "1-2", "a=b"]})
    assert as_safe_csv(table).decode().splitlines() == ["note", "ada", '""', '""', "1-2", "a=b"]


def settings_of_streamlit():
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def test_streamlits_own_csv_of_a_table_is_off():
    assert settings_of_streamlit()["client"]["disableDataExport"] is True


def test_two_runs_of_one_page_never_overlap():
    """Streamlit 1.67 lets both change the same state, and a click can be lost."""
    assert settings_of_streamlit()["runner"]["fastReruns"] is False


def test_each_table_has_a_guarded_download():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "pages").rglob("*.py")]
    tables = [source for source in sources if "st.dataframe(" in source]
    assert len(tables) >= 8
    for source in tables:
        guarded = source.count("offer_csv(") or source.count("read.as_csv()")
        assert guarded >= source.count("st.dataframe("), source.splitlines()[0]
