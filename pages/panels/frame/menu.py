"""The site map: every screen, in the sections of the menu; menu and overview both read it."""

from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.pages_manager import PagesManager

APP_TITLE = "ASL fingerspelling"


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


@dataclass(frozen=True)
class Section:
    """Screens under one heading of the menu; a section without screens is not shown."""

    title: str
    screens: tuple[Screen, ...]


OVERVIEW = Screen(
    "pages/overview.py", "", "Overview", ":material/home:", "What this is and how good it is."
)
LIVE = Screen(
    "pages/read/live.py",
    "live",
    "Live",
    ":material/videocam:",
    "Spell to your camera and see the letters and words as you sign.",
)
PHOTO = Screen(
    "pages/read/photo.py",
    "photo",
    "Photo",
    ":material/photo_camera:",
    "Upload or take a photo of a hand and read its letter.",
)
ALPHABET = Screen(
    "pages/learn/alphabet.py",
    "alphabet",
    "Alphabet",
    ":material/sign_language:",
    "How each letter is signed, and what tells it from the letters that look like it.",
)
PRACTICE = Screen(
    "pages/learn/practice.py",
    "practice",
    "Practice",
    ":material/school:",
    "Sign letters and words and hear what to change; read a hand that spells.",
)
MY_HAND = Screen(
    "pages/learn/my_hand.py",
    "my-hand",
    "My hand",
    ":material/back_hand:",
    "Teach it your own letters in a minute, and see what that gives.",
)
TRAINING = Screen(
    "pages/model/training.py",
    "training",
    "Training",
    ":material/trending_up:",
    "How the model learned, epoch by epoch; runs in progress update by themselves.",
)
CONFUSION = Screen(
    "pages/model/confusion.py",
    "confusion",
    "Confusion matrix",
    ":material/grid_on:",
    "Which letters are mistaken for which, with the photos behind every cell.",
)
LETTERS = Screen(
    "pages/model/letters.py",
    "letters",
    "Per-class metrics",
    ":material/sort_by_alpha:",
    "Precision, recall and F1 of each letter, and how well confidence is calibrated.",
)
WHO = Screen(
    "pages/model/who.py",
    "who",
    "For whom",
    ":material/groups:",
    "Accuracy by signer, hand, hand size and light, and robustness to distortions.",
)
COMPARE = Screen(
    "pages/model/compare.py",
    "compare",
    "Comparison",
    ":material/stairs_2:",
    "From a tutorial's network to this model: what each step adds.",
)
SPEED = Screen(
    "pages/model/speed.py",
    "speed",
    "Speed",
    ":material/speed:",
    "How fast letters are read, and what this server does right now.",
)

READ = Section("Read", (LIVE, PHOTO))
LEARN = Section("Learn", (ALPHABET, PRACTICE, MY_HAND))
MODEL = Section("The model", (TRAINING, CONFUSION, LETTERS, WHO, COMPARE, SPEED))

SECTIONS: tuple[Section, ...] = tuple(
    section for section in (READ, LEARN, MODEL) if section.screens
)
"""The sections that have a screen, in the order of the menu."""

SCREENS: tuple[Screen, ...] = (
    OVERVIEW,
    *(screen for section in SECTIONS for screen in section.screens),
)


def page_of_menu() -> StreamlitPage:
    """Show the menu and return the page that the address asks for."""
    menu = {section.title: [_page(screen) for screen in section.screens] for section in SECTIONS}
    # Streamlit shows pages under an empty heading beside the sections, not inside of one.
    return st.navigation({"": [_page(OVERVIEW)], **menu}, position="top")


def screen_of(page: StreamlitPage) -> Screen | None:
    """Return the screen that a page of the menu shows."""
    return next((screen for screen in SCREENS if screen.address == page.url_path), None)


def keep_old_menu_away() -> None:
    """Tell Streamlit that `pages/` is not a menu of its older kind; call it once at start.

    Otherwise Streamlit treats the folder as one until `st.navigation` has been called in the
    process, and the first visitor of a deep link such as `/photo` meets "Page not found".
    """
    PagesManager.uses_pages_directory = False


def _page(screen: Screen) -> StreamlitPage:
    return st.Page(
        screen.script,
        title=screen.title,
        icon=screen.icon,
        url_path=screen.address or None,
        default=screen.is_start,
    )
