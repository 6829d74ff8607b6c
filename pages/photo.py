"""Upload or take photos of a hand and read the letters."""

import hashlib
import math
from dataclasses import dataclass

import streamlit as st

from asl_core.errors import AslError, ImageError
from asl_core.records.training_run import TrainingRun, find_runs
from pages.panels.empty_state import TRAIN_COMMAND, show_empty_state
from pages.panels.heading import show_heading
from pages.panels.menu import run_inside_app
from pages.panels.photo_reader import PhotoReader, ReadPhoto, read_bytes, shared_reader
from pages.panels.reading_card import show_reading
from pages.panels.reading_table import UnreadFile, reading_table, show_table
from pages.panels.run_choice import run_label
from pages.panels.sample_hands import choose_sample, sample_picture
from pages.panels.shared_recognizer import model_stamp

ENDINGS = ["jpg", "jpeg", "png", "webp", "heic", "heif", "bmp", "gif", "tif", "tiff"]
CARDS_A_PAGE = 5
UPLOAD, CAMERA = "Upload photos", "Take a photo"


@dataclass(frozen=True)
class GivenFile:
    """A file from a visitor: its name and its bytes as they came."""

    name: str
    data: bytes


def choose_model() -> TrainingRun | None:
    """Give the model to read with; a choice is shown only where there are several."""
    runs = find_runs()
    finished = [run for run in runs if run.is_finished]
    if not finished:
        reason = "A photo can be read once a model was trained."
        if runs:
            reason = f"{runs[0].name} has no model.json: it is still training or incomplete."
        show_empty_state("No model yet", reason, TRAIN_COMMAND)
        return None
    if len(finished) == 1:
        return finished[0]
    return st.selectbox(
        "Model",
        finished,
        format_func=run_label,
        key="photo_model",
        persist_state="session",
        width=330,
    )


def forget_sample() -> None:
    """Let newly given photos take the place of a sample."""
    st.session_state.pop("sample_letter", None)


def given_files() -> list[GivenFile]:
    """Show the ways to give a photo beside the drawn samples, and give what came."""
    left, right = st.columns(2, gap="medium")
    with left:
        files = own_files()
    with right:
        st.markdown("No photo at hand? Try a hand that this project drew:")
        pressed = choose_sample()
    if pressed:
        st.session_state["sample_letter"] = pressed
    letter = st.session_state.get("sample_letter")
    return [GivenFile(f"Drawn hand {letter}", sample_picture(letter))] if letter else files


def own_files() -> list[GivenFile]:
    """Show upload or camera, and give the visitor's own photos."""
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
        return [GivenFile("camera.jpg", taken.getvalue())] if taken else []
    uploads = st.file_uploader(
        "Photos of one hand each",
        ENDINGS,
        accept_multiple_files=True,
        on_change=forget_sample,
        help="JPEG, PNG, WebP or HEIC. They are read in this app's memory and never stored.",
    )
    return [GivenFile(upload.name, upload.getvalue()) for upload in uploads]


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


run_inside_app()
show_heading("Read a photo", "Give a photo of one hand that fingerspells a letter.")
run = choose_model()
if run is not None:
    files = given_files()
    if files:
        try:
            with st.spinner("Loading the model …"):
                reader = shared_reader(run.folder)
            key = hashlib.sha256(f"{run.folder}|{model_stamp(run.folder)}".encode()).hexdigest()
            results = read_files(files, reader, key)
            show_results(*results, reader.recognizer.calibration.rejection_threshold)
        except AslError as error:
            st.error(str(error), icon=":material/error:")
