"""Keeps text in a CSV file from becoming a formula where a spreadsheet opens it."""

from typing import Any

# Excel, LibreOffice and Google Sheets take these, and their wide forms, for a formula's beginning;
# some of them pass over spaces before it.
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def no_formula(cell: Any) -> Any:
    """Return a cell as it is, or text that would begin a formula with an apostrophe before it."""
    if not isinstance(cell, str):
        return cell
    cell = cell.replace("\r", "\n")  # pandas does not quote a lone CR, which would end the row
    if not (cell + " ").lstrip(" ").startswith(_FORMULA_STARTS):
        return cell
    return f"'{cell}"
