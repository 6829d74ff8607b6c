"""What teaching gave, measured on the spot, and what a person can do with it."""

import streamlit as st

from asl_core.alphabet import STATIC_LETTERS
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.letters.adaptation.trial import HandTrial, trial_sentence
from pages.panels.own_hand.this_hand import OwnHand, keep_hand, switch_hand

SWITCH = "own_hand_switch"
FORGET_ASKED = "own_hand_forget"


def show_verdict(own: OwnHand, hand: TaughtHand, trial: HandTrial) -> None:
    """Show the figures before and after, the switch, and save and forget."""
    st.subheader("What it gives", anchor=False)
    with st.container(border=True, key="verdict_card"):
        if trial.tested:
            _show_figures(trial)
        _show_sentence(trial)
        if not own.is_kept:
            st.warning(
                "This browser keeps nothing between visits; save the file to have it again.",
                icon=":material/lock:",
            )
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            _show_switch(own, trial)
            st.download_button(
                "Save as a file",
                own.text,
                "my-hand.json",
                "application/json",
                icon=":material/download:",
                key="own_hand_save",
                on_click="ignore",
            )
            _show_forget()
    show_letters(hand)


def show_letters(hand: TaughtHand) -> None:
    """Show how many photos of each letter were taught."""
    counts = {letter: hand.count(letter) for letter in STATIC_LETTERS}
    full = [f"{letter} {count}" for letter, count in counts.items() if count]
    with st.expander(f"{len(full)} of {len(counts)} letters taught", icon=":material/abc:"):
        st.markdown("Photos of each letter: " + ", ".join(full) + ".")
        if hand.missing:
            st.markdown(f"Without a photo: {', '.join(hand.missing)}.")
        st.caption(
            f"The model {hand.model} looked at them. Of each photo the features of its two "
            "networks are kept; the photo is not, and cannot be made from them."
        )


def _show_figures(trial: HandTrial) -> None:
    before, after, change = st.columns(3, gap="medium")
    before.metric("Misread before", f"{trial.before} of {trial.tested}", width="content")
    after.metric("Misread after", f"{trial.after} of {trial.tested}", width="content")
    change.metric(
        "Likeness of your photos",
        f"{trial.likeness:.2f}",
        width="content",
        help="The median likeness of two photos of one letter; 1 is the same photo. Photos taken "
        "within a minute are more alike than those of another day, so that in life it helps less.",
    )


def _show_sentence(trial: HandTrial) -> None:
    sentence = trial_sentence(trial)
    if trial.helps:
        st.success(sentence, icon=":material/check_circle:")
    elif trial.verdict in ("few letters", "few photos"):
        st.info(sentence, icon=":material/hourglass_top:")
    else:
        st.warning(sentence, icon=":material/toggle_off:")


def _show_switch(own: OwnHand, trial: HandTrial) -> None:
    # Set before the widget is made: the hand may have been switched by a file or a reload.
    st.session_state[SWITCH] = own.wanted and trial.helps
    st.toggle(
        "Read with my hand",
        key=SWITCH,
        disabled=not trial.helps,
        on_change=lambda: switch_hand(bool(st.session_state[SWITCH])),
        help="For the pages Live and Photo, in this browser alone.",
    )


def _show_forget() -> None:
    if not st.session_state.get(FORGET_ASKED):
        st.button(
            "Forget it",
            icon=":material/delete:",
            key="own_hand_forget_ask",
            on_click=lambda: st.session_state.__setitem__(FORGET_ASKED, True),
        )
        return
    st.button("Yes, forget my hand", key="own_hand_forget_yes", on_click=_forget, type="primary")
    st.button(
        "Keep it",
        key="own_hand_forget_no",
        on_click=lambda: st.session_state.pop(FORGET_ASKED, None),
    )


def _forget() -> None:
    st.session_state.pop(FORGET_ASKED, None)
    keep_hand(None)
