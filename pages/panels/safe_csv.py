"""A table as a CSV file that a spreadsheet opens without running anything in it."""

import pandas as pd

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_safe_csv(table: pd.DataFrame, column: str) -> bytes:
    """Write the table as UTF-8 CSV; no text in `column` can become a formula in a spreadsheet."""
    safe = table.copy()
    safe[column] = [
        f"'{text}" if str(text).startswith(_FORMULA_STARTS) else text for text in safe[column]
    ]
    return bytes(safe.to_csv(index=False).encode("utf-8"))
