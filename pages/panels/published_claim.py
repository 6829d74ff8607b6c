"""What others publish, quoted with its source and never mixed with what was measured here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedClaim:
    """Somebody's figure, as published; nobody here has measured it."""

    figure: str
    photos: str
    source: str


SAME_SIGNER_CLAIM = PublishedClaim(
    figure="99.60 %",
    photos="on the Kaggle ASL Alphabet test split, neighbouring frames of one signer",
    source="the published ResNet18 recogniser (`best_model.pth`) whose layers this model shares",
)
