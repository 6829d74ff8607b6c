"""Shows measured photos: the hand cut from the photo where it is on disk, else its skeleton."""

import math
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from asl_core import images
from asl_core.errors import ImageError
from asl_core.folders import PHOTOS_VARIABLE, ROOT
from asl_core.images import Frame
from asl_core.records.evaluation_report import PhotoResult
from pages.panels.charts.hand_skeleton import skeleton_svg
from pages.panels.metrics.confusion_counts import answer_to

PHOTOS_FOLDER = ROOT.parent / "shared" / "photos"
PHOTOS_A_PAGE = 12
_SIDE = 160


def photo_folder() -> Path | None:
    """Return the folder that measured photos are looked for in, None where there is none."""
    folder = Path(os.environ.get(PHOTOS_VARIABLE) or PHOTOS_FOLDER)
    return folder.resolve() if folder.is_dir() else None


def show_gallery(photos: Sequence[PhotoResult], key: str) -> None:
    """Show photos a page at a time, each with its signer, answer and confidence."""
    pages = max(1, math.ceil(len(photos) / PHOTOS_A_PAGE))
    page = 1
    if pages > 1:
        page = st.pagination(pages, max_visible_pages=5, key=f"{key}_page")
    folder = photo_folder()
    shown = photos[(page - 1) * PHOTOS_A_PAGE : page * PHOTOS_A_PAGE]
    grid = st.grid(min_column_width=110, gap="small")
    for photo in shown:
        with grid.cell(), st.container(gap="xxsmall"):
            _show_photo(photo, folder)


def thumbnail(photo: PhotoResult, folder: Path) -> Frame | None:
    """Cut the hand (or, without one, the middle) from a photo below `folder`, None if not there.

    The result is a square, RGB uint8; what lies beyond the photo is grey.
    """
    path = (folder / photo.photo_id).resolve()
    # A report comes from a file, so its names must not lead out of the folder.
    if not path.is_relative_to(folder) or not path.is_file():
        return None
    try:
        frame = images.read(path)
    except ImageError:
        return None
    return _square(frame, photo.box)


def _square(frame: Frame, box: tuple[int, int, int, int] | None) -> Frame:
    height, width = frame.shape[:2]
    side = min(height, width)
    left, top = (width - side) // 2, (height - side) // 2
    left, top, right, bottom = box or (left, top, left + side, top + side)
    square = np.full((bottom - top, right - left, 3), 139, np.uint8)
    inside = frame[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    row, column = max(-top, 0), max(-left, 0)
    square[row : row + inside.shape[0], column : column + inside.shape[1]] = inside
    return square


def _show_photo(photo: PhotoResult, folder: Path | None) -> None:
    picture = thumbnail(photo, folder) if folder else None
    alt = f"{photo.label} of {photo.signer}, read as {answer_to(photo)}"
    if picture is not None:
        st.image(picture, width="stretch", alt=alt)
    elif photo.landmarks:
        st.image(
            skeleton_svg(photo.landmarks, photo.width, photo.height, _SIDE),
            width="stretch",
            alt=f"Skeleton: {alt}",
        )
    else:
        reason = "no hand, no picture" if photo.predicted is None else "the picture is not here"
        st.markdown(f":gray[:material/hide_image: {reason}]")
    sure = f" · {photo.confidence:.0%}" if photo.confidence is not None else ""
    st.caption(f"{photo.signer}{sure}")
