"""The remaining confusions: the hands they happened with, and what a signer can do about each."""

import math
from collections import Counter
from collections.abc import Sequence

import streamlit as st

from asl_core.alphabet import STATIC_LETTERS
from asl_core.hands.landmarks import PALM_OUTLINE
from asl_core.letter_tips import DARK_TIP, NO_HAND_TIP, SMALL_HAND_TIP, no_hand_tip, pair_tip
from asl_core.records.evaluation_report import NO_HAND, EvaluationReport, PhotoResult
from asl_core.records.photo_groups import (
    BRIGHTNESS_BANDS,
    SHARE_BANDS,
    band_of,
    hand_share,
    static_photos,
)
from pages.panels.charts.chart_style import percent
from pages.panels.charts.hand_skeleton import FINGER_COLOURS, skeleton_svg
from pages.panels.metrics.confusion_counts import ConfusedPair, count_confusions

PAIRS_SHOWN = 8
HANDS_SHOWN = 3
_SIDE = 160
_CARD_WIDTH = 330
_HAND_WIDTH = 85  # three on a phone: the confused hands in a row, the right ones below
_MATTERS, _FEWEST = 1 / 3, 2
"""A cause is named if it holds for this share of a pair's photos and at least this many."""

_SMALL = tuple(band.name for band in SHARE_BANDS[:1])
_DARK = tuple(band.name for band in BRIGHTNESS_BANDS[:2])


def show_remaining_confusions(report: EvaluationReport) -> None:
    """Show the most frequent confusions of the static letters, with skeletons and tips."""
    photos = static_photos(report)
    st.subheader("Remaining confusions", anchor=False)
    pairs = count_confusions(report, photos).confused_pairs
    letters = [pair for pair in pairs if pair.read_as != NO_HAND]
    missed = [pair for pair in pairs if pair.read_as == NO_HAND]
    if not pairs:
        st.success("Every static letter was read correctly.", icon=":material/check:")
        return
    shown = letters[:PAIRS_SHOWN]
    st.caption(_coverage(shown, letters, missed, len(photos)))
    grid = st.grid(2, min_column_width=_CARD_WIDTH, gap="small")
    for pair in shown:
        with grid.cell(), st.container(border=True, gap="small", height="stretch"):
            _show_pair(pair, photos)
    if missed:
        with st.container(border=True, gap="small"):
            _show_missed(missed, photos)


def hints_on(photos: Sequence[PhotoResult]) -> tuple[str, ...]:
    """Return a sentence per cause that holds for a third of the photos: small hand, dim light."""
    small = [photo for photo in photos if _is_small(photo)]
    dark = [p for p in photos if band_of(p.brightness, BRIGHTNESS_BANDS).name in _DARK]
    causes = ((small, "small in the picture", SMALL_HAND_TIP), (dark, "in dim light", DARK_TIP))
    return tuple(
        f"{len(part)} of {len(photos)} were {words}. {tip}"
        for part, words, tip in causes
        if len(part) >= max(_FEWEST, _MATTERS * len(photos))
    )


def examples_of(confused: Sequence[PhotoResult]) -> list[PhotoResult]:
    """Return up to HANDS_SHOWN hands, the most confident of each signer first.

    The hands of one signer look alike, so no signer comes twice before every other came once.
    """
    sure_first = sorted(
        (photo for photo in confused if photo.landmarks), key=lambda p: -(p.confidence or 0.0)
    )
    seen: Counter[str] = Counter()
    turns = []
    for photo in sure_first:
        turns.append((seen[photo.signer], photo))
        seen[photo.signer] += 1
    return [photo for _, photo in sorted(turns, key=lambda turn: turn[0])][:HANDS_SHOWN]


def right_example(
    photos: Sequence[PhotoResult], letter: str, like: PhotoResult
) -> PhotoResult | None:
    """Return the correctly read hand of `letter` whose palm is turned most like that of `like`."""
    palm = _palm(like)
    right = [p for p in photos if p.label == letter and p.is_right and p.landmarks]
    return min(right, key=lambda photo: math.dist(palm, _palm(photo)), default=None)


def _palm(photo: PhotoResult) -> list[float]:
    """Return the palm's points relative to the wrist, in units of the palm's farthest point."""
    points = [(x * photo.width, y * photo.height) for x, y in photo.landmarks]
    wrist = points[0]
    away = [(points[i][0] - wrist[0], points[i][1] - wrist[1]) for i in PALM_OUTLINE]
    size = max(math.hypot(*point) for point in away) or 1.0
    return [value / size for point in away for value in point]


def _coverage(
    shown: Sequence[ConfusedPair],
    letters: Sequence[ConfusedPair],
    missed: Sequence[ConfusedPair],
    photos: int,
) -> str:
    wrong, lost = (sum(pair.photos for pair in pairs) for pairs in (letters, missed))
    part = sum(pair.photos for pair in shown)
    text = f"Of {photos:,} photos of the 24 static letters, {wrong} were read as another letter"
    text += f" and in {lost} no hand was found." if lost else "."
    if len(letters) > len(shown):
        text += (
            f" The {len(shown)} most frequent of {len(letters)} pairs account for {part} of them."
        )
    fingers = ("thumb", "index", "middle", "ring", "little finger")
    colours = [f"{name} {hue}" for name, (_, hue) in zip(fingers, FINGER_COLOURS, strict=True)]
    return f"{text} In the drawings: {', '.join(colours)}."


def _show_pair(pair: ConfusedPair, photos: Sequence[PhotoResult]) -> None:
    confused = [p for p in photos if p.label == pair.label and p.answer == pair.read_as]
    st.markdown(
        f"**{pair.label} read as {pair.read_as}** &nbsp; "
        f":gray[{_photos(pair.photos)}, {percent(pair.share)} of {pair.label}]"
    )
    _show_hands(pair, confused, photos)
    tip = pair_tip(pair.label, pair.read_as)
    for sentence in (tip, *hints_on(confused)):
        if sentence:
            st.markdown(f":material/lightbulb: {sentence}")


def _show_hands(
    pair: ConfusedPair, confused: Sequence[PhotoResult], photos: Sequence[PhotoResult]
) -> None:
    """Draw hands that were confused, then a correctly read one of each of the two letters."""
    drawn = examples_of(confused)
    if not drawn:
        st.caption("This model reads whole pictures, so there are no landmarks to draw.")
        return
    tiles = [(photo, f":orange[read as {pair.read_as}]") for photo in drawn]
    for letter in (pair.label, pair.read_as):
        example = right_example(photos, letter, drawn[0]) if letter in STATIC_LETTERS else None
        if example is not None:
            tiles.append((example, f":violet[{letter}, read correctly]"))
    grid = st.grid(HANDS_SHOWN + 2, min_column_width=_HAND_WIDTH, gap="xsmall")
    for photo, words in tiles:
        with grid.cell(), st.container(gap="xxsmall"):
            st.image(
                skeleton_svg(photo.landmarks, photo.width, photo.height, _SIDE),
                width="stretch",
                alt=f"Skeleton of {photo.label} by {photo.signer}, read as {photo.answer}",
            )
            st.caption(words)


def _show_missed(missed: Sequence[ConfusedPair], photos: Sequence[PhotoResult]) -> None:
    lost = [photo for photo in photos if photo.answer == NO_HAND]
    letters = ", ".join(f"{pair.label} ({pair.photos})" for pair in missed)
    st.markdown(f"**No hand found** &nbsp; :gray[{_photos(len(lost))}: {letters}]")
    signers = Counter(photo.signer for photo in lost).most_common(3)
    st.caption("Mostly by " + ", ".join(f"{name} ({count})" for name, count in signers) + ".")
    for sentence in (NO_HAND_TIP, *_turning_tips(missed), *hints_on(lost)):
        st.markdown(f":material/lightbulb: {sentence}")


def _turning_tips(missed: Sequence[ConfusedPair]) -> tuple[str, ...]:
    letters: dict[str, list[str]] = {}
    for pair in missed:
        if tip := no_hand_tip(pair.label):
            letters.setdefault(tip, []).append(pair.label)
    return tuple(f"{', '.join(sorted(names))}: {tip}" for tip, names in letters.items())


def _photos(count: int) -> str:
    return f"{count} photo{'s' if count > 1 else ''}"


def _is_small(photo: PhotoResult) -> bool:
    share = hand_share(photo)
    return share is not None and band_of(share, SHARE_BANDS).name in _SMALL
