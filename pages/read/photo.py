"""Upload or take photos of a hand and read the letters, or a video and read the words.

Whoever comes right after a start of the server can give a file before what reads it is loaded; it
is read then. So the libraries of reading are imported in functions, once the uploader is sent.
"""

import hashlib
import math
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from asl_core.errors import AslError
from asl_core.records.training_run import TrainingRun
from pages.panels.frame.loading import import_libraries, wait_in_place
from pages.panels.frame.page_parts import show_heading
from pages.panels.frame.run_choice import choose_model
from pages.panels.frame.shared_recognizer import model_stamp
from pages.panels.photo.given_files import SAMPLE, Given, GivenFile, own_files

if TYPE_CHECKING:
    from pages.panels.photo.photo_reader import PhotoReader, ReadPhoto, UnreadFile

CARDS_A_PAGE = 5


def with_sample(own: Given, place: DeltaGenerator) -> Given:
    """Show the drawn samples in a place, and return the chosen one, else the visitor's own."""
    from pages.panels.photo.sample_hands import choose_sample, sample_picture

    with place:
        st.markdown("No photo at hand? Try a hand that this project drew:")
        pressed = choose_sample()
    if pressed:
        st.session_state[SAMPLE] = pressed
    letter = st.session_state.get(SAMPLE)
    if not letter:
        return own
    sample = GivenFile(f"Drawn hand {letter}", f"drawn {letter}", lambda: sample_picture(letter))
    return Given([sample], [])


def read_files(
    files: list[GivenFile], reader: "PhotoReader", model: str
) -> "tuple[list[ReadPhoto], list[UnreadFile]]":
    """Read the files that were not read yet; one that cannot be read gives a sentence."""
    from pages.panels.photo.photo_reader import KeptReadings, ReadPhoto, UnreadFile

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


def show_results(photos: "list[ReadPhoto]", unread: "list[UnreadFile]", threshold: float) -> None:
    """Show sentences for bad files, a table where there are several files, and the cards."""
    from pages.panels.photo.reading_card import show_reading
    from pages.panels.photo.reading_table import reading_table, show_table

    for file in unread:
        st.error(file.reason, icon=":material/broken_image:")
    if len(photos) + len(unread) > 1:
        show_table(reading_table(photos, unread, threshold))
    pages = max(1, math.ceil(len(photos) / CARDS_A_PAGE))
    page = st.pagination(pages, key="card_page") if pages > 1 else 1
    for photo in photos[(page - 1) * CARDS_A_PAGE : page * CARDS_A_PAGE]:
        show_reading(photo, threshold)


def show_photos(photos: list[GivenFile], run: TrainingRun) -> None:
    """Read photos with a run's model, and with the visitor's taught hand where it helps.

    Raises:
        AslError: the model is broken.
    """
    from pages.panels.own_hand.this_hand import hand_to_use, own_hand, show_hand_line
    from pages.panels.photo.photo_reader import shared_reader

    with st.spinner("Loading the model …"):
        reader = shared_reader(run.folder)
    state = f"{run.folder}|{model_stamp(run.folder)}"
    hand = hand_to_use(reader.recognizer)
    if hand is not None:
        reader, state = reader.adapted(hand), f"{state}|{own_hand().number}"
    show_hand_line(reader.recognizer)
    key = hashlib.sha256(state.encode()).hexdigest()
    results = read_files(photos, reader, key)
    show_results(*results, reader.recognizer.calibration.rejection_threshold)


def show_given(own: Given, samples: DeltaGenerator, run: TrainingRun) -> None:
    """Show the samples, and what is read in what was given.

    Raises:
        AslError: the model is broken.
    """
    from pages.panels.own_hand.this_hand import sync_hand
    from pages.panels.photo.video_transcript import show_videos

    sync_hand()
    given = with_sample(own, samples)
    if given.photos:
        show_photos(given.photos, run)
    if given.videos:
        show_videos(given.videos, run.folder)


show_heading(
    "Read a photo", "Give a photo of one hand that fingerspells a letter, or a video of words."
)
run = choose_model("A photo can be read")
if run is not None:
    left, right = st.columns(2, gap="medium")
    with left:
        own = own_files()
    wait_in_place(import_libraries)
    try:
        show_given(own, right, run)
    except AslError as error:
        st.error(str(error), icon=":material/error:")
