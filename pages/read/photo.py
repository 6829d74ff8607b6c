"""Upload or take photos of a hand and read the letters, or a video and read the words."""

import hashlib
import math
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from asl_core.errors import AslError, ImageError
from pages.panels.frame.page_parts import show_heading
from pages.panels.frame.run_choice import choose_model
from pages.panels.frame.shared_recognizer import model_stamp
from pages.panels.photo.photo_reader import PhotoReader, ReadPhoto, read_bytes, shared_reader
from pages.panels.photo.reading_card import show_reading
from pages.panels.photo.reading_table import UnreadFile, reading_table, show_table
from pages.panels.photo.sample_hands import choose_sample, sample_picture
from pages.panels.photo.video_reader import MOST_MB
from pages.panels.photo.video_transcript import VIDEO_ENDINGS, is_video, show_videos

ENDINGS = ["jpg", "jpeg", "png", "webp", "heic", "heif", "bmp", "gif", "tif", "tiff"]
CARDS_A_PAGE = 5
UPLOAD, CAMERA = "Upload photos or a video", "Take a photo"


@dataclass(frozen=True)
class GivenFile:
    """A file from a visitor: its name and its bytes as they came."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Given:
    """What a visitor gave: photos to be read at once, and videos, which stay where they are."""

    photos: list[GivenFile]
    videos: list[UploadedFile]


def forget_sample() -> None:
    """Let newly given photos take the place of a sample."""
    st.session_state.pop("sample_letter", None)


def given_files() -> Given:
    """Show the ways to give a photo or video beside the drawn samples, and give what came."""
    left, right = st.columns(2, gap="medium")
    with left:
        files = own_files()
    with right:
        st.markdown("No photo at hand? Try a hand that this project drew:")
        pressed = choose_sample()
    if pressed:
        st.session_state["sample_letter"] = pressed
    letter = st.session_state.get("sample_letter")
    sample = [GivenFile(f"Drawn hand {letter}", sample_picture(letter))] if letter else []
    return Given(sample, []) if letter else files


def own_files() -> Given:
    """Show upload or camera, and give the visitor's own photos and videos."""
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
        return Given([GivenFile("camera.jpg", taken.getvalue())] if taken else [], [])
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
    return Given([GivenFile(photo.name, photo.getvalue()) for photo in photos], videos)


def read_files(
    files: list[GivenFile], reader: PhotoReader, model: str
) -> tuple[list[ReadPhoto], list[UnreadFile]]:
    """Read every file; one that cannot be read gives a sentence, and the others go on."""
    photos: list[ReadPhoto] = []
    unread: list[UnreadFile] = []
    bar = st.progress(0.0, text="Reading …") if len(files) > 1 else st.empty()
    for number, file in enumerate(files, start=1):
        try:
            photos.append(read_bytes(file.data, file.name, model, reader))
        except ImageError as error:
            unread.append(UnreadFile(file.name, str(error)))
        if len(files) > 1:
            bar.progress(number / len(files), text=f"Read {number} of {len(files)} photos")
    bar.empty()
    return photos, unread


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
    given = given_files()
    try:
        if given.photos:
            with st.spinner("Loading the model …"):
                reader = shared_reader(run.folder)
            key = hashlib.sha256(f"{run.folder}|{model_stamp(run.folder)}".encode()).hexdigest()
            results = read_files(given.photos, reader, key)
            show_results(*results, reader.recognizer.calibration.rejection_threshold)
        if given.videos:
            show_videos(given.videos, run.folder)
    except AslError as error:
        st.error(str(error), icon=":material/error:")
