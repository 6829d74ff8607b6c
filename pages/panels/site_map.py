"""The screens of the app in the order of the menu; menu and overview both read it."""

from dataclasses import dataclass


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
    "pages/live.py",
    "live",
    "Live",
    ":material/videocam:",
    "Spell into the camera and read letters and words as you sign.",
)
PHOTO = Screen(
    "pages/photo.py",
    "photo",
    "Photo",
    ":material/photo_camera:",
    "Upload or take a photo of a hand and read the letter.",
)
TRAINING = Screen(
    "pages/training.py",
    "training",
    "Training",
    ":material/trending_up:",
    "How the model learned, epoch by epoch; runs at work update by themselves.",
)
CONFUSION = Screen(
    "pages/confusion.py",
    "confusion",
    "Confusion",
    ":material/grid_on:",
    "Which letters are taken for which, with the photos behind every cell.",
)
LETTERS = Screen(
    "pages/letters.py",
    "letters",
    "Letters",
    ":material/sort_by_alpha:",
    "Precision, recall and F1 of each letter, and how far its confidence can be trusted.",
)
WHO = Screen(
    "pages/who.py",
    "who",
    "For whom",
    ":material/groups:",
    "Who does it work for: accuracy by signer, hand, size of the hand and light.",
)
COMPARE = Screen(
    "pages/compare.py",
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
