"""The screens of the app in the order of the menu; menu and overview both read it."""

from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.pages_manager import PagesManager


@dataclass(frozen=True)
class Screen:
    """One page: its script below the app's folder, address, menu title, icon and what it is for."""

    script: str
    address: str
    title: str
    icon: str
    purpose: str

    @property
    def is_start(self) -> bool:
        """Whether this is the page at `/`."""
        return not self.address


OVERVIEW = Screen(
    "pages/overview.py", "", "Overview", ":material/home:", "What this is and how good it is."
)
LIVE = Screen(
    "pages/read/live.py",
    "live",
    "Live",
    ":material/videocam:",
    "Spell into the camera and read letters and words as you sign.",
)
PHOTO = Screen(
    "pages/read/photo.py",
    "photo",
    "Photo",
    ":material/photo_camera:",
    "Upload or take a photo of a hand and read the letter.",
)
TRAINING = Screen(
    "pages/model/training.py",
    "training",
    "Training",
    ":material/trending_up:",
    "How the model learned, epoch by epoch; runs at work update by themselves.",
)
CONFUSION = Screen(
    "pages/model/confusion.py",
    "confusion",
    "Confusion",
    ":material/grid_on:",
    "Which letters are taken for which, with the photos behind every cell.",
)
LETTERS = Screen(
    "pages/model/letters.py",
    "letters",
    "Letters",
    ":material/sort_by_alpha:",
    "Precision, recall and F1 of each letter, and how far its confidence can be trusted.",
)
WHO = Screen(
    "pages/model/who.py",
    "who",
    "For whom",
    ":material/groups:",
    "Who does it work for: accuracy by signer, hand, size of the hand and light.",
)
COMPARE = Screen(
    "pages/model/compare.py",
    "compare",
    "Compare",
    ":material/stairs_2:",
    "What each step from a tutorial's network to this model buys.",
)

SCREENS: tuple[Screen, ...] = (
    OVERVIEW,
    LIVE,
    PHOTO,
    TRAINING,
    CONFUSION,
    LETTERS,
    WHO,
    COMPARE,
)


def page_of_menu() -> StreamlitPage:
    """Show the menu and return the page that the address asks for."""
    return st.navigation(
        [
            st.Page(
                screen.script,
                title=screen.title,
                icon=screen.icon,
                url_path=screen.address or None,
                default=screen.is_start,
            )
            for screen in SCREENS
        ],
        position="top",
    )


def keep_old_menu_away() -> None:
    """Tell Streamlit that the folder `pages/` is no menu of its older kind; call it once at start.

    It would take it for one until `st.navigation` was called once in the process, and the first
    visitor of a deep link such as `/photo` would meet "Page not found".
    """
    PagesManager.uses_pages_directory = False
