import pandas as pd

from pages.panels.frame.page_parts import as_safe_csv


def test_a_name_cannot_become_a_formula():
    table = pd.DataFrame({"group": ["=1+1", "ada", "+49"], "right": [1.0, 2.5, 3.0]})
    assert as_safe_csv(table, "group").decode().splitlines() == [
        "group,right",
        "'=1+1,1.0",
        "ada,2.5",
        "'+49,3.0",
    ]
    assert table["group"][0] == "=1+1", "the table itself stays as it is"
