"""The letters of the ASL fingerspelling alphabet."""

from string import ascii_uppercase

LETTERS: tuple[str, ...] = tuple(ascii_uppercase)
"""A to Z, the class order of the published reference checkpoint."""

MOTION_LETTERS: tuple[str, ...] = ("J", "Z")
"""Letters that are drawn in the air; a still picture shows only one moment of them."""

STATIC_LETTERS: tuple[str, ...] = tuple(c for c in LETTERS if c not in MOTION_LETTERS)
"""The 24 letters that one picture shows completely."""

NOTHING = "nothing"
"""The class of pictures that show no hand; also the answer where no hand is found."""

COMMAND_CLASSES: tuple[str, ...] = ("del", NOTHING, "space")
"""The further classes of the Kaggle ASL Alphabet; never folded into a letter."""

KAGGLE_CLASSES: tuple[str, ...] = LETTERS + COMMAND_CLASSES
"""The 29 class folders of the Kaggle ASL Alphabet."""
