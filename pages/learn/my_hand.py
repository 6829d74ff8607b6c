"""Teach the recognizer one's own letters, and see at once what that gives."""

from functools import partial

import streamlit as st

from asl_core.errors import AslError, HandFileError
from asl_core.letters.adaptation.hand_file import MOST_BYTES, parse_hand
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.live.lesson_visit import LessonVisit
from asl_core.records.training_run import TrainingRun
from pages.panels.frame.menu import LIVE, PHOTO
from pages.panels.frame.page_parts import show_heading
from pages.panels.frame.run_choice import choose_model
from pages.panels.frame.shared_recognizer import shared_live_recognizer
from pages.panels.live.camera.camera_stream import SIZES, show_camera
from pages.panels.live.camera.device_mode import OtherSource, show_device
from pages.panels.live.camera.ice_servers import ice_servers
from pages.panels.live.camera.sources import (
    DEVICE,
    SOURCE_OF_VISIT,
    VIDEO,
    first_source,
    privacy_of,
)
from pages.panels.live.visitor import last_admission
from pages.panels.own_hand.lesson_card import show_lesson
from pages.panels.own_hand.photo_teacher import ask_for_photos, teach_photos
from pages.panels.own_hand.running_lesson import (
    RunningLesson,
    end_lesson,
    running_lesson,
    this_lesson,
)
from pages.panels.own_hand.this_hand import OwnHand, keep_hand, own_hand, sync_hand, trial_of
from pages.panels.own_hand.verdict_card import show_verdict
from pages.panels.photo.photo_reader import shared_reader

PHOTOS, FILE = "Photos", "A saved file"
WAYS = (VIDEO, DEVICE, PHOTOS, FILE)
CAMERAS = (VIDEO, DEVICE)
WAY = "own_hand_way"
LEFT_OUT = "own_hand_left_out"
REFRESH_SECONDS = 0.35

PRIVACY = (
    ":material/lock: What you teach stays in this browser, and in files that you save. The server "
    "keeps none of it: pictures are looked at in memory or on your device, and only numbers made "
    "of them go to your browser."
)


def hand_of(run: TrainingRun, own: OwnHand) -> TaughtHand:
    """Return the visitor's hand if it was taught to this model, else an empty one."""
    recognizer = shared_live_recognizer(run.folder)
    if own.hand is not None and own.hand.model_digest == recognizer.digest:
        return own.hand
    return TaughtHand(recognizer.name, recognizer.digest)


def show_camera_lesson(way: str, run: TrainingRun, hand: TaughtHand, exchanges: bool) -> None:
    """Show the camera beside the letter that is asked for; see `show_running_lesson`."""
    running = this_lesson(run, hand)
    running.lesson.source = SOURCE_OF_VISIT[way]
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(key="camera_side"):
        is_playing = show_lesson_camera(way, running.lesson, run)
        st.caption(
            "Sit as you will when you spell, in the same light. Each letter is taken by itself "
            "once you hold it still. You may stop at any time and go on later."
        )
        st.caption(f":material/shield_person: {privacy_of(way, last_admission())}")
    with right:
        refresh = REFRESH_SECONDS if is_playing else None
        part = st.fragment(show_running_lesson, run_every=refresh)
        part(running, is_playing, exchanges)


def show_lesson_camera(way: str, lesson: LessonVisit, run: TrainingRun) -> bool:
    """Show live video, or the camera that the browser reads itself; return whether it runs."""
    if way == DEVICE:
        others = (OtherSource("Use live video", partial(use, VIDEO)),)
        return show_device(lesson, run, "lesson_device", compares_hands=True, others=others)
    camera = show_camera(lesson, SIZES[0], ice_servers(), key="lesson_camera")
    if not camera.is_playing and not camera.is_connecting:
        lesson.end_stream()
    return camera.is_playing


def use(way: str) -> None:
    """Go on with another way to teach."""
    st.session_state[WAY] = way


def show_running_lesson(running: RunningLesson, is_playing: bool, exchanges: bool) -> None:
    """Show the lesson as it is now; what was taught since goes to the session.

    With `exchanges` it goes to the browser too; else the page itself has exchanged it in this run.
    """
    running.take_over()
    if exchanges:
        sync_hand()
    elif is_playing and own_hand().is_asked:
        st.rerun(scope="app")
    show_lesson(running.lesson, is_playing)
    is_over = running.lesson.state.letter is None
    if is_over and not running.is_over and is_playing:
        running.is_over = True
        st.rerun(scope="app")


def show_photos(run: TrainingRun, hand: TaughtHand) -> None:
    """Teach by photos."""
    files = ask_for_photos()
    if st.button("Teach these photos", type="primary", disabled=not files, key="teach"):
        with st.spinner("Loading the model …"):
            reader = shared_reader(run.folder)
        result = teach_photos(hand, files, reader)
        keep_hand(result.hand)
        st.session_state[LEFT_OUT] = result.left_out
        end_lesson()
        st.rerun()
    for sentence in st.session_state.get(LEFT_OUT, ()):
        st.warning(f"Left out: {sentence}.", icon=":material/hide_image:")


def show_file(run: TrainingRun) -> None:
    """Load a hand that was saved."""
    upload = st.file_uploader(
        "A hand saved on this page or made by `python -m asl_core adapt`",
        ["json"],
        key="own_hand_file",
        max_upload_size=1,
    )
    if upload is None or st.session_state.get("own_hand_loaded") == upload.file_id:
        return
    try:
        content = upload.getvalue()[: MOST_BYTES + 1]
        hand = parse_hand(content, upload.name)
        recognizer = shared_live_recognizer(run.folder)
        hand.require_model(recognizer.name, recognizer.digest)
    except HandFileError as error:
        st.error(str(error), icon=":material/broken_image:")
        return
    st.session_state["own_hand_loaded"] = upload.file_id
    keep_hand(hand)
    end_lesson()
    st.rerun()


def first_camera() -> str:
    """Return the camera to begin with: the one that this installation's live page opens with."""
    first = first_source(None)
    return first if first in CAMERAS else VIDEO


def show_way(run: TrainingRun, hand: TaughtHand, exchanges: bool) -> None:
    """Show where the letters come from, and that way itself."""
    way = st.segmented_control(
        "Where do your letters come from?",
        WAYS,
        default=first_camera(),
        required=True,
        key=WAY,
        persist_state="session",
    )
    if way in CAMERAS:
        show_camera_lesson(way, run, hand, exchanges)
        return
    end_lesson()
    if way == PHOTOS:
        show_photos(run, hand)
    else:
        show_file(run)


def show_page(run: TrainingRun) -> None:
    """Show the ways to teach and what it gave.

    Raises:
        AslError: the model or a setting is broken.
    """
    running_lesson()
    was_asked = own_hand().is_asked
    # With the camera the exchange runs in the part that is shown again and again.
    exchanges = was_asked and st.session_state.get(WAY, VIDEO) in CAMERAS
    own = own_hand() if exchanges else sync_hand()
    if own.is_asked and not was_asked:
        st.rerun()
    with st.spinner("Loading the model …"):
        hand = hand_of(run, own)
    if own.trouble:
        st.warning(own.trouble, icon=":material/broken_image:")
    if own.hand is not None and own.hand is not hand:
        st.info(
            f"The hand that this browser keeps was taught to {own.hand.model}; with {run.name} it "
            "is not used. What you teach here takes its place.",
            icon=":material/info:",
        )
    show_way(run, hand, exchanges)
    if own.hand is not None and own.hand is hand:
        recognizer = shared_live_recognizer(run.folder)
        show_verdict(own, hand, trial_of(hand, recognizer.classes))
        with st.container(horizontal=True):
            st.page_link(LIVE.script, label="Spell with it", icon=LIVE.icon)
            st.page_link(PHOTO.script, label="Read a photo with it", icon=PHOTO.icon)


show_heading(
    "My hand",
    "Show each letter twice, about a minute: from then on it reads your hand in your light.",
)
st.caption(PRIVACY)
chosen = choose_model("A hand can be taught")
if chosen is not None:
    try:
        show_page(chosen)
    except AslError as error:
        st.error(str(error), icon=":material/error:")
