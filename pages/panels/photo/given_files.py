"""Where a visitor gives photos and videos; light, so that it is there before what reads them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from asl_core.file_kinds import PICTURE_SUFFIXES, VIDEO_SUFFIXES, is_video

MOST_MB = 200
"""Most MB of a file; a longer video is better cut."""

ENDINGS = [suffix.removeprefix(".") for suffix in (*PICTURE_SUFFIXES, *VIDEO_SUFFIXES)]
UPLOAD, CAMERA = "Upload photos or a video", "Take a photo"
SAMPLE = "sample_letter"
"""Key in the session state: the letter of the drawn hand that is read."""


@dataclass(frozen=True)
class GivenFile:
    """A file from a visitor: its name, a key of this app's own, and how to get its bytes.

    Names may be equal, as every phone writes an IMG_0001; keys never are.
    """

    name: str
    key: str
    content: Callable[[], bytes]


@dataclass(frozen=True)
class Given:
    """What a visitor gave: photos to be read at once, and videos, which stay where they are."""

    photos: list[GivenFile]
    videos: list[UploadedFile]


def forget_sample() -> None:
    """Let newly given photos take the place of a sample."""
    st.session_state.pop(SAMPLE, None)


def own_files() -> Given:
    """Show upload or camera, and return the visitor's own photos and videos."""
    way = st.segmented_control(
        "Where is the photo?",
        [UPLOAD, CAMERA],
        default=UPLOAD,
        required=True,
        label_visibility="collapsed",
        key="photo_way",
    )
    if way == CAMERA:
        taken = st.camera_input(
            "Show one hand, palm or back to the camera", on_change=forget_sample, resolution="720p"
        )
        return Given([_given(taken)] if taken else [], [])
    uploads = st.file_uploader(
        "Photos of one hand each, or a video of spelling",
        ENDINGS,
        accept_multiple_files=True,
        on_change=forget_sample,
        max_upload_size=MOST_MB,
        help="JPEG, PNG, WebP or HEIC; MP4, MOV, WebM, MKV or AVI. They are read by this app and "
        "never stored: a video's temporary file goes as soon as it was read.",
    )
    photos = [upload for upload in uploads if not is_video(upload.name)]
    videos = [upload for upload in uploads if is_video(upload.name)]
    return Given([_given(photo) for photo in photos], videos)


def _given(upload: UploadedFile) -> GivenFile:
    return GivenFile(PurePath(upload.name).name, upload.file_id, upload.getvalue)
