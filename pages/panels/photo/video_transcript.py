"""Reads a visitor's video and shows the spelled words with their times."""

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from asl_core.errors import AslError, VideoError
from asl_core.spelling.transcript import SPACE
from asl_core.transcription import Transcription
from pages.panels.frame.shared_recognizer import model_stamp
from pages.panels.frame.speeds import speed_help, speed_names
from pages.panels.own_hand.this_hand import own_hand
from pages.panels.photo.given_files import MOST_MB
from pages.panels.photo.video_reader import MOST_MINUTES, VideoWish, read_video

if TYPE_CHECKING:
    import pandas as pd

_RESULTS, _STOPPED = "video_results", "video_stopped"
_FEW_LETTERS, _TABLE_HEIGHT = 8, 320
# What browsers play; QuickTime and Matroska under the names of what is inside.
_PLAYED_AS = {
    **dict.fromkeys((".mp4", ".m4v", ".mov", ".3gp"), "video/mp4"),
    **dict.fromkeys((".webm", ".mkv"), "video/webm"),
    ".ogv": "video/ogg",
}
_TEXT_STYLE = (
    "font-size:clamp(1.8rem,4vw,3rem);font-weight:650;letter-spacing:0.05em;line-height:1.2;"
    "overflow-wrap:anywhere"
)

# A phone's upright video would be taller than the window.
_PLAYER_STYLE = (
    "<style>[class*=st-key-video_] video {max-height: 26rem; object-fit: contain; "
    "background: #0b0e16; border-radius: 0.6rem}</style>"
)


@dataclass(frozen=True)
class _Outcome:
    """What became of a video: its transcription, or one sentence why there is none."""

    transcription: Transcription | None
    error: str = ""


def show_videos(videos: Sequence[UploadedFile], model: Path) -> None:
    """Show each video beside the words that the run in folder `model` reads in it."""
    st.html(_PLAYER_STYLE)
    speed = st.segmented_control(
        "Speed of spelling in the video",
        [name.capitalize() for name in speed_names()],
        default="Standard",
        required=True,
        key="video_speed",
        help=f"{speed_help()} Videos of up to {MOST_MINUTES:g} minutes and {MOST_MB} MB are read.",
    )
    _keep_only({video.file_id for video in videos})
    for video in videos:
        with st.container(border=True, key=f"video_{video.file_id}"):
            _show_video(video, VideoWish(video, model, speed.lower()))


def letter_table(transcription: Transcription) -> "pd.DataFrame":
    """Return one row for each letter and space: letter, from_s, to_s, confidence in 0-1."""
    # Late: the page is there before a table is.
    import pandas as pd

    rows = [
        ("space" if letter.letter == SPACE else letter.letter, letter.start_s, letter.end_s)
        for letter in transcription.letters
    ]
    table = pd.DataFrame(rows, columns=["letter", "from_s", "to_s"])
    return table.assign(confidence=[letter.confidence for letter in transcription.letters])


def _show_video(video: UploadedFile, wish: VideoWish) -> None:
    st.markdown(f"**:material/movie: {_plain(video.name)}**")
    left, right = st.columns([2, 3], gap="medium")
    with left:
        player = st.empty()
    with right:
        outcome = _outcome(wish, lambda: _play(player, video))
    _play(player, video, outcome.transcription if outcome else None)
    if outcome is None or outcome.transcription is None:
        return
    with right:
        _show_words(outcome.transcription, video.file_id)
        _show_letters(outcome.transcription, video.file_id)


def _keep_only(file_ids: set[str]) -> None:
    """Forget what became of videos that are no longer given."""
    results: dict[str, _Outcome] = st.session_state.setdefault(_RESULTS, {})
    stopped: set[str] = st.session_state.setdefault(_STOPPED, set())
    for key in [key for key in results if key.partition("|")[0] not in file_ids]:
        del results[key]
    stopped.difference_update([key for key in stopped if key.partition("|")[0] not in file_ids])


def _outcome(wish: VideoWish, show_player: Callable[[], None]) -> _Outcome | None:
    """Return what became of the video, reading it now if it was not read; None where stopped."""
    results: dict[str, _Outcome] = st.session_state[_RESULTS]
    stopped: set[str] = st.session_state[_STOPPED]
    try:
        model = f"{wish.model}|{model_stamp(wish.model)}|{own_hand().number}"
        key = f"{wish.upload.file_id}|{model}|{wish.speed}"
        if key in stopped:
            st.info("The reading was stopped.", icon=":material/stop_circle:")
            st.button("Read it again", on_click=stopped.discard, args=(key,), key=f"again_{key}")
            return None
        if key not in results:
            show_player()
            results[key] = _read_or_reason(wish, key, stopped)
        outcome = results[key]
    except AslError as error:  # the model: it may be well again the next time
        outcome = _Outcome(None, str(error))
    if outcome.error:
        st.error(outcome.error, icon=":material/broken_image:")
    return outcome


def _read_or_reason(wish: VideoWish, key: str, stopped: set[str]) -> _Outcome:
    try:
        return _Outcome(_read_with_bar(wish, key, stopped))
    except VideoError as error:
        return _Outcome(None, str(error))


def _read_with_bar(wish: VideoWish, key: str, stopped: set[str]) -> Transcription:
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, text="Getting ready …")
        st.button("Stop", icon=":material/stop:", on_click=stopped.add, args=(key,), key=key)
        try:
            return read_video(wish, lambda share, text: bar.progress(share, text=text))
        finally:
            place.empty()


def _play(player: DeltaGenerator, video: UploadedFile, read: Transcription | None = None) -> None:
    ending = PurePath(video.name).suffix.lower()
    if ending not in _PLAYED_AS:
        kind = ending.removeprefix(".").upper()
        player.caption(f"Browsers do not play {kind} files; the letters are read all the same.")
        return
    words = read.as_srt() if read is not None else ""
    subtitles = io.BytesIO(words.encode()) if words else None
    player.video(
        video, format=_PLAYED_AS[ending], subtitles=subtitles, alt=f"The video {video.name}"
    )


def _show_words(read: Transcription, file_id: str) -> None:
    with st.container(key=f"video_text_{file_id}", gap="small"):
        # Nothing but A to Z and spaces is in the text.
        st.html(f'<div style="{_TEXT_STYLE}">{read.text or "–"}</div>')
    for note in read.notes:
        st.info(note, icon=":material/info:")
    st.caption(
        f"{read.video_s:.1f} s of video · {read.frames:,} frames looked at, a hand in "
        f"{read.hand_frames:,} · read in {read.seconds:.1f} s"
    )


def _show_letters(read: Transcription, file_id: str) -> None:
    if not read.letters:
        return
    share = st.column_config.ProgressColumn(
        "confidence", format="percent", min_value=0, max_value=1
    )
    seconds = {
        name: st.column_config.NumberColumn(label, format="%.2f s")
        for name, label in (("from_s", "from"), ("to_s", "to"))
    }
    st.dataframe(
        letter_table(read),
        hide_index=True,
        height="auto" if len(read.letters) < _FEW_LETTERS else _TABLE_HEIGHT,
        column_config={"confidence": share, **seconds},
        alt="The letters with their times and confidence",
    )
    stem = PurePath(read.name).stem or "video"
    ways = (
        ("JSON", f"{stem}.json", "application/json", json.dumps(read.as_json())),
        ("CSV", f"{stem}.csv", "text/csv", read.as_csv()),
        ("Subtitles (SubRip)", f"{stem}.srt", "application/x-subrip", read.as_srt()),
    )
    with st.container(horizontal=True, gap="small"):
        for label, name, kind, content in ways:
            st.download_button(
                label,
                content,
                name,
                kind,
                icon=":material/download:",
                key=f"save_{label}_{file_id}",
                on_click="ignore",
            )


def _plain(name: str) -> str:
    """Keep a file name from being taken for Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!:$<>~|" else sign for sign in name)
