"""Spells what a signer shows in a video file: letters with their times."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asl_core.frame_pipeline import FramePipeline
from asl_core.frame_speller import FrameSpeller
from asl_core.hands.detector import MediaPipeHandDetector
from asl_core.letters.adaptation.whose_hand import STRANGER, WhoseHand
from asl_core.letters.motion.model import MotionModel
from asl_core.letters.motion.reader import SHIPPED_MOTION_MODEL, MotionReader
from asl_core.spelling.settings import STANDARD, SpellingSettings
from asl_core.spelling.signs import SignReader
from asl_core.spelling.speller import Speller
from asl_core.spelling.transcript import SPACE, CommittedLetter, Transcript, as_csv, as_subrip
from asl_core.video_file import VideoFile

if TYPE_CHECKING:
    from asl_core.letters.recognizer import LetterRecognizer

NO_MOTION = "J and Z, which are motions, were not read: their model is not installed."


@dataclass(frozen=True)
class Progress:
    """How far the reading of a video is.

    `time_s` is the last frame's place in the video, `share` in 0-1 is None where the file does not
    say how long it is. `frames` were read so far; `text` is what they spelled.
    """

    time_s: float
    share: float | None
    frames: int
    text: str


@dataclass(frozen=True)
class Transcription:
    """What a video spells.

    Times of the letters are seconds from the video's start; a letter starts when its hold begins
    and ends when it counts; one that was not held spans the time in which it was seen. `video_s` is
    the time of the last frame, `frames` how many were looked at, `hand_frames` those with a hand,
    `seconds` what the reading took. `notes` are sentences on what a person should know of it, such
    as a file that is cut short.
    """

    name: str
    transcript: Transcript
    video_s: float
    frames: int
    hand_frames: int
    seconds: float
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The words in capitals, with one space between them."""
        return self.transcript.text

    @property
    def letters(self) -> tuple[CommittedLetter, ...]:
        """The letters, and the spaces between words, in order."""
        return self.transcript.letters

    def as_json(self) -> dict[str, Any]:
        """Return `{"text", "letters": [{"letter", "start_s", "end_s", "confidence"}]}`."""
        return _rounded(self.transcript).as_json()

    def as_csv(self) -> str:
        """Return one row for each letter: letter, start_s, end_s, confidence."""
        return as_csv(_rounded(self.transcript))

    def as_srt(self) -> str:
        """Return the words as SubRip subtitles."""
        return as_subrip(self.transcript)


def transcribe(
    video: VideoFile,
    frame_speller: FrameSpeller,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Transcription:
    """Read a video to its end, one picture in memory at a time.

    `on_progress` is called after every frame; what it raises ends the reading and reaches the
    caller. `frame_speller` must be fresh and stays open.

    Raises:
        VideoError: no picture can be decoded.
    """
    started = time.perf_counter()
    speller = frame_speller.speller
    duration_s = video.duration_s
    frames = hand_frames = letters = 0
    last_s = 0.0
    whose = WhoseHand()
    for frame in video.frames():
        reading = frame_speller.read(frame.picture, frame.time_s, frame.lasts_s)
        if len(speller.transcript.letters) > letters:
            whose.see(reading.prediction)
        letters = len(speller.transcript.letters)
        frames += 1
        hand_frames += reading.detection is not None
        last_s = frame.time_s
        share = min(last_s / duration_s, 1.0) if duration_s else None
        text = speller.transcript.text + speller.state.unsettled
        on_progress(Progress(last_s, share, frames, text))
    speller.finish()
    result = Transcription(
        name=video.name,
        transcript=_without_last_space(speller.transcript),
        video_s=last_s,
        frames=frames,
        hand_frames=hand_frames,
        seconds=time.perf_counter() - started,
    )
    notes = _notes(result, video, frame_speller)
    return replace(result, notes=(*notes, STRANGER) if whose.seems_another else notes)


def shipped_motion_model(folder: Path = SHIPPED_MOTION_MODEL) -> MotionModel | None:
    """Return the reader of J and Z, None where none is installed.

    Raises:
        ModelFileError: its files are altered or do not fit.
    """
    return MotionModel.load(folder) if folder.is_dir() else None


def video_speller(
    recognizer: "LetterRecognizer",
    motion: MotionModel | None,
    settings: SpellingSettings = STANDARD,
    reader: SignReader | None = None,
) -> FrameSpeller:
    """Make a FrameSpeller with a detector of its own for one video; close it afterwards.

    With `reader` that way of spelling decides which letters count, and `settings` say nothing. One
    that reads naturally reads J and Z itself and needs no `motion`.

    Raises:
        ModelFileError: MediaPipe's model is missing, altered or refused.
    """
    threshold = recognizer.calibration.rejection_threshold
    return FrameSpeller(
        FramePipeline(MediaPipeHandDetector("video"), recognizer),
        Speller(threshold, settings, reader),
        MotionReader(motion) if motion is not None else None,
    )


def _notes(result: Transcription, video: VideoFile, speller: FrameSpeller) -> tuple[str, ...]:
    notes = [video.shortfall] if video.shortfall else []
    is_natural = speller.speller.state.is_natural
    if not result.hand_frames:
        notes.append(f"No hand was found in {result.name}.")
    elif not result.letters and is_natural:
        notes.append(f"A hand was seen in {result.name}, but it spelled no letter.")
    elif not result.letters:
        hold = speller.speller.settings.hold_seconds
        notes.append(f"A hand was seen in {result.name}, but no letter was held for {hold:g} s.")
    if speller.motion is None and not is_natural:
        notes.append(NO_MOTION)
    return tuple(notes)


def _without_last_space(transcript: Transcript) -> Transcript:
    """A hand that is lowered at the end of the video begins no further word."""
    is_open = bool(transcript.letters) and transcript.letters[-1].letter == SPACE
    return transcript.without_last() if is_open else transcript


def _rounded(transcript: Transcript) -> Transcript:
    """Round times to milliseconds and confidence to four digits, as files show them."""
    return Transcript(
        tuple(
            CommittedLetter(
                letter.letter,
                round(letter.start_s, 3),
                round(letter.end_s, 3),
                round(letter.confidence, 4),
            )
            for letter in transcript.letters
        )
    )
