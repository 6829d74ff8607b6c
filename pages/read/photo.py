"""Upload or take photos of a hand and read the letters, or a video and read the words."""

import hashlib
import math
from dataclasses import dataclass
from pathlib import PurePath

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from asl_core.errors import AslError
from asl_core.images import SUFFIXES
from pages.panels.frame.page_parts import show_heading
from pages.panels.frame.run_choice import choose_model
from pages.panels.frame.shared_recognizer import model_stamp
from pages.panels.own_hand.this_hand import hand_to_use, own_hand, show_hand_line, sync_hand
from pages.panels.photo.photo_reader import (
    GivenFile,
    KeptReadings,
    PhotoReader,
    ReadPhoto,
    UnreadFile,
    shared_reader,
)
from pages.panels.photo.reading_card import show_reading
from pages.panels.photo.reading_table import reading_table, show_table
from pages.panels.photo.sample_hands import choose_sample, sample_picture
from pages.panels.photo.video_reader import MOST_MB
from pages.panels.photo.video_transcript import VIDEO_ENDINGS, is_video, show_videos

ENDINGS = [suffix.removeprefix(".") for suffix in SUFFIXES]
CARDS_A_PAGE = 5
UPLOAD, CAMERA = "Upload photos or a video", "Take a photo"


@dataclass(frozen=True)
class Given:
    """What a visitor gave: photos to be read at once, and videos, which stay where they are."""

    photos: list[GivenFile]
    videos: list[UploadedFile]


def forget_sample() -> None:
    """Let newly given photos take the place of a sample."""
    st.session_state.pop("sample_letter", None)


def given_files() -> Given:
    """Show the ways to give a photo or video beside the drawn samples, and return what came."""
    left, right = st.columns(2, gap="medium")
    with left:
        files = own_files()
    with right:
        st.markdown("No photo at hand? Try a hand that this project drew:")
        pressed = choose_sample()
    if pressed:
        st.session_state["sample_letter"] = pressed
    letter = st.session_state.get("sample_letter")
    if not letter:
        return files
    sample = GivenFile(f"Drawn hand {letter}", f"drawn {letter}", lambda: sample_picture(letter))
    return Given([sample], [])


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
        [*ENDINGS, *VIDEO_ENDINGS],
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


def read_files(
    files: list[GivenFile], reader: PhotoReader, model: str
) -> tuple[list[ReadPhoto], list[UnreadFile]]:
    """Read the files that were not read yet; one that cannot be read gives a sentence."""
    kept: KeptReadings = st.session_state.setdefault("kept_readings", KeptReadings())
    kept.keep_only(files)
    waiting = sum(not kept.has(file, model) for file in files)
    bar = st.progress(0.0, text="Reading …") if waiting > 1 else st.empty()
    outcomes, done = [], 0
    for file in files:
        done += not kept.has(file, model)
        outcomes.append(kept.outcome(file, model, reader))
        if waiting > 1:
            bar.progress(min(done / waiting, 1.0), text=f"Read {done} of {waiting} photos")
    bar.empty()
    photos = [outcome for outcome in outcomes if isinstance(outcome, ReadPhoto)]
    return photos, [outcome for outcome in outcomes if isinstance(outcome, UnreadFile)]


def show_results(photos: list[ReadPhoto], unread: list[UnreadFile], threshold: float) -> None:
    """Show sentences for bad files, a table where there are several files, and the cards."""
    for file in unread:
        st.error(file.reason, icon=":material/broken_image:")
    if len(photos) + len(unread) > 1:
        show_table(reading_table(photos, unread, threshold))
    pages = max(1, math.ceil(len(photos) / CARDS_A_PAGE))
    page = st.pagination(pages, key="card_page") if pages > 1 else 1
    for photo in photos[(page - 1) * CARDS_A_PAGE : page * CARDS_A_PAGE]:
        show_reading(photo, threshold)


show_heading(
    "Read a photo", "Give a photo of one hand that fingerspells a letter, or a video of words."
)
run = choose_model("A photo can be read")
if run is not None:
    sync_hand()
    given = given_files()
    try:
        if given.photos:
            with st.spinner("Loading the model …"):
                reader = shared_reader(run.folder)
            state = f"{run.folder}|{model_stamp(run.folder)}"
            hand = hand_to_use(reader.recognizer)
            if hand is not None:
                reader, state = reader.adapted(hand), f"{state}|{own_hand().number}"
            show_hand_line(reader.recognizer)
            key = hashlib.sha256(state.encode()).hexdigest()
            results = read_files(given.photos, reader, key)
            show_results(*results, reader.recognizer.calibration.rejection_threshold)
        if given.videos:
            show_videos(given.videos, run.folder)
    except AslError as error:
        st.error(str(error), icon=":material/error:")
