"""One read photo on the page: marks, crop, answer, times, and what to be careful about."""

import streamlit as st

from asl_core.alphabet import MOTION_LETTERS
from asl_core.frame_pipeline import FrameReading
from pages.panels.frame.run_choice import WHOLE_PICTURE
from pages.panels.photo.photo_reader import ReadPhoto

HINTS = (
    "Show the whole hand, fingers and wrist, with some room around it.",
    "Bring light to the hand's front; a window behind it makes it black.",
    "Hold still: a blurred hand is hard to find.",
    "Come so near that the hand fills about a third of the picture.",
)


def show_reading(photo: ReadPhoto, rejection_threshold: float) -> None:
    """Show a photo as a card; below `rejection_threshold` (0-1) its letter counts as uncertain."""
    with st.container(border=True):
        st.markdown(f"##### {_plain(photo.name)}", anchors=False)
        left, right = st.columns(2, gap="medium")
        with left:
            st.image(photo.marked, alt=f"{photo.name} with the marks of what was found")
        with right:
            if photo.reading.prediction is None:
                _show_no_hand()
            else:
                _show_answer(photo.reading, rejection_threshold)
            _show_times(photo.reading)


def cautions(reading: FrameReading, rejection_threshold: float) -> tuple[str, ...]:
    """Return one sentence for each reason to doubt the letter; none for a clear case."""
    prediction, detection = reading.prediction, reading.detection
    if prediction is None:
        return ()
    found = [WHOLE_PICTURE] if reading.is_whole_frame else []
    if prediction.best.confidence < rejection_threshold:
        found.append(
            f"Uncertain: {prediction.best.confidence:.0%} is below the {rejection_threshold:.0%} "
            "from which a letter counts as read."
        )
    image, landmarks = prediction.image_best, prediction.landmark_best
    if prediction.views_disagree and image and landmarks:
        found.append(
            f"Two views disagree: the picture alone says {image.label} ({image.confidence:.0%}), "
            f"the hand's 21 points alone say {landmarks.label} ({landmarks.confidence:.0%})."
        )
    if detection is not None and detection.hands_seen > 1:
        found.append(f"{detection.hands_seen} hands are in the picture; the largest one was read.")
    if prediction.best.label in MOTION_LETTERS:
        found.append(
            f"{prediction.best.label} is drawn in the air; a photo shows one moment of it."
        )
    return tuple(found)


def _show_answer(reading: FrameReading, rejection_threshold: float) -> None:
    assert reading.prediction is not None and reading.crop is not None
    best = reading.prediction.best
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.image(reading.crop, width=160, caption="what the network saw", alt=_crop_alt(reading))
        st.metric(
            "Letter",
            best.label,
            delta=f"{best.confidence:.1%} sure",
            delta_color="off" if best.confidence < rejection_threshold else "normal",
            delta_arrow="off",
            width="content",
        )
    for scored in reading.prediction.top(3):
        share = min(max(scored.confidence, 0.0), 1.0)
        st.progress(share, text=f"**{scored.label}** · {scored.confidence:.1%}")
    for sentence in cautions(reading, rejection_threshold):
        st.warning(sentence, icon=":material/visibility:")
    _show_side(reading)


def _crop_alt(reading: FrameReading) -> str:
    return "The whole picture, stretched" if reading.is_whole_frame else "The cut-out hand"


def _show_side(reading: FrameReading) -> None:
    if reading.detection is None:
        return
    side = reading.detection.handedness.lower()
    st.badge(
        f"{side} hand, {reading.detection.score:.0%}",
        icon=":material/back_hand:",
        color="gray",
        help="Which hand MediaPipe takes it for, in a picture that is not mirrored.",
    )


def _show_no_hand() -> None:
    st.info("**No hand found**, so no letter is named.", icon=":material/do_not_touch:")
    st.markdown("\n".join(f"- {hint}" for hint in HINTS))


def _show_times(reading: FrameReading) -> None:
    ms = reading.ms
    if reading.views > 1:
        st.caption(
            f":material/360: One look was not certain, so {reading.views} views of the photo "
            "were read and averaged."
        )
    st.caption(
        f":material/timer: finding the hand {ms.detect:.0f} ms · reading the letter "
        f"{ms.classify:.0f} ms · together {ms.total:.0f} ms · {reading.width}×{reading.height} px"
    )


def _plain(name: str) -> str:
    """Keep a file's name from being read as Markdown."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+-.!~:$<>|" else c for c in name)
