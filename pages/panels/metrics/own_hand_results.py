"""What it gives that a signer teaches the model their own letters: signer by signer."""

from typing import TYPE_CHECKING, Any

import streamlit as st

from asl_core.errors import RunError
from asl_core.records.own_hand_page import own_hand_sentence
from asl_core.records.own_hand_report import OwnHandReport
from asl_core.records.training_run import PICTURE_ONLY_ENDING, TrainingRun
from pages.panels.frame.page_parts import offer_csv

if TYPE_CHECKING:
    import pandas as pd

OWN_HAND_COMMAND = "python -m asl_core own-hand {run} --photos DIR --split {split}"

_HELP = {
    "before": "Photos of the last third of this signer's that are read wrongly without teaching.",
    "after": "The same with the taught hand, where it is on; the mean of three draws.",
    "change": "Percentage points of this signer's photos; below zero fewer are read wrongly.",
    "on": "In how many of the draws leaving out one photo at a time showed that it helps.",
    "others before": "Other signers' photos that are read wrongly without this hand.",
    "others after": "Other signers' photos that are read wrongly with this signer's hand.",
    "likeness": "Median likeness of these photos to the taught ones of their letter; 1 is the same "
    "photo. Photos of one burst are nearly alike.",
}


def show_own_hand(run: TrainingRun, evaluation: str) -> None:
    """Show what was measured on the photos of `evaluation`, or the command that measures it."""
    st.subheader("Taught one's own hand", anchor=False)
    try:
        report = run.own_hand(evaluation)
    except RunError as error:
        st.error(str(error), icon=":material/error:")
        return
    if report is None:
        split = evaluation.removesuffix(PICTURE_ONLY_ENDING).rpartition("-")[2]
        st.caption("Not yet measured for these photos; DIR is their folder:")
        st.code(OWN_HAND_COMMAND.format(run=run.name, split=split), language="bash")
        return
    st.markdown(own_hand_sentence(report))
    rows = own_hand_rows(report)
    st.dataframe(
        rows,
        hide_index=True,
        column_config=_columns(),
        placeholder="–",
        alt="Errors of each signer before and after teaching, and of others read with their hand",
    )
    offer_csv(rows, "Save the signers as CSV", f"own-hand-{evaluation}.csv", "save_own_hand")
    st.caption("On photos in which a hand was found. Reproduce it with:")
    st.code(report.command, language="bash")


def own_hand_rows(report: OwnHandReport) -> "pd.DataFrame":
    """Return one row for each signer, the one who gains most first; shares in percent."""
    import pandas as pd

    rows = [
        {
            "signer": signer.signer,
            "photos": signer.photos,
            "before": signer.before,
            "after": signer.after,
            "change": signer.lost_points,
            "on": f"{sum(seed.is_on for seed in signer.seeds)} of {len(signer.seeds)}",
            "others before": 100 * signer.strangers_before / signer.strangers
            if signer.strangers
            else None,
            "others after": 100 * signer.strangers_after / signer.strangers
            if signer.strangers
            else None,
            "likeness": sum(seed.likeness for seed in signer.seeds) / len(signer.seeds),
        }
        for signer in sorted(report.signers, key=lambda s: (s.lost_points, s.signer))
    ]
    return pd.DataFrame(rows)


def _columns() -> dict[str, Any]:
    formats = {
        "before": None,
        "after": "%.1f",
        "change": "%+.1f",
        "others before": "%.1f %%",
        "others after": "%.1f %%",
        "likeness": "%.2f",
    }
    numbers = {
        name: st.column_config.NumberColumn(format=form, help=_HELP[name])
        for name, form in formats.items()
    }
    return {**numbers, "on": st.column_config.TextColumn(help=_HELP["on"])}
