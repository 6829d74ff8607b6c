"""What a live video shows on itself: the hand, the letter and how far it is held, the words."""

import math
from functools import lru_cache

import cv2
import numpy as np

from asl_core.alphabet import NOTHING
from asl_core.drawing.overlay import RIM_COLOUR, TEXT_COLOUR, ShownLetter, draw_shown
from asl_core.frame_pipeline import FrameReading
from asl_core.images import Frame
from asl_core.live.snapshot import Spelled
from asl_core.spelling.transcript import SPACE

_FONT = cv2.FONT_HERSHEY_DUPLEX
_FONT_HEIGHT = 22.0  # pixels of a capital at scale 1
_STRIP_SHARE = 1 / 9  # 53 rows of 480, 80 of 720
_CAPITAL_SHARE = 0.46
_CURSOR_COLOUR = (52, 211, 153)
_UNSETTLED_COLOUR = (160, 170, 186)  # a contrast of 7 and more on the dark strip
_CUT = "..."  # the font has no single character for it
_DARKEN = 0.25  # what remains of the picture below the words; white on it is readable on any scene

_FLASH_S = 0.35  # the square stays green for so long after a letter was committed


class LetterLabel:
    """Chooses the letter beside the hand from frame to frame; not thread-safe."""

    def __init__(self) -> None:
        self._flash = ("", 0.0, -math.inf)  # committed last, its confidence, shown until then

    def choose(self, reading: FrameReading, spelled: Spelled, now_s: float) -> ShownLetter | None:
        """Return a letter just committed, else the smoothed one, else a doubtful one.

        None without a hand, and for the class that shows no hand. In natural spelling it is the
        letter that is being read, None between letters: one is settled only after the next.
        """
        if spelled.state.is_natural:
            current = spelled.state.letter
            return ShownLetter(current, spelled.state.confidence) if current else None
        if spelled.committed and spelled.committed[-1].letter != SPACE:
            last = spelled.committed[-1]
            self._flash = (last.letter, last.confidence, now_s + _FLASH_S)
        if reading.prediction is None:
            return None
        letter, confidence, until_s = self._flash
        if now_s < until_s:
            return ShownLetter(letter, confidence, held=1.0)
        best, state = reading.prediction.best, spelled.state
        if (state.letter or best.label) == NOTHING:
            return None
        if state.letter is None:
            return ShownLetter(best.label, best.confidence, is_certain=False)
        is_certain = state.waits_for not in ("certainty", "stillness")
        return ShownLetter(state.letter, state.confidence, is_certain, state.progress)


def draw_live(
    frame: Frame,
    reading: FrameReading,
    shown: ShownLetter | None,
    text: str,
    mirrored: bool = True,
    unsettled: str = "",
) -> Frame:
    """Return a copy of an RGB uint8 `(H, W, 3)` Frame as the visitor sees it.

    The hand and its letter are drawn by `overlay.draw_shown`; `text` stands on a dark strip along
    the bottom, its end where not all fits; `unsettled` letters follow it in grey. With `mirrored` the picture is shown as in a mirror,
    letter and words are not.

    Raises:
        ValueError: the Frame has another size than the one that was read.
    """
    strip = strip_height(frame.shape[0]) if text or unsettled else 0
    picture = draw_shown(frame, reading, shown, mirrored, free_below=strip)
    if strip:
        _draw_strip(picture, text, unsettled, strip)
    return picture


def strip_height(height: int) -> int:
    """Return the rows that the words take of a Frame of `height` rows."""
    return max(1, round(height * _STRIP_SHARE))


def as_mirror(frame: Frame, mirrored: bool) -> Frame:
    """Return the plain Frame as `draw_live` would show it."""
    return np.asarray(cv2.flip(frame, 1), np.uint8) if mirrored else frame


def _draw_strip(picture: Frame, text: str, unsettled: str, strip: int) -> None:
    height, width = picture.shape[:2]
    below = picture[height - strip :]
    cv2.addWeighted(below, _DARKEN, _dark(strip, width), 1 - _DARKEN, 0, dst=below)
    capital = strip * _CAPITAL_SHARE
    scale, weight = capital / _FONT_HEIGHT, max(1, round(capital / 12))
    pad = round(capital * 0.6)
    cursor = max(2, round(capital / 8))
    line = fitting_end(text + unsettled, scale, weight, width - 2 * pad - 3 * cursor)
    baseline = height - round((strip - capital) / 2)
    settled = line[: max(len(line) - len(unsettled), 0)]
    for part, start, colour in (
        (settled, pad, TEXT_COLOUR),
        (line[len(settled) :], pad + _text_width(settled, scale, weight), _UNSETTLED_COLOUR),
    ):
        cv2.putText(picture, part, (start, baseline), _FONT, scale, colour, weight, cv2.LINE_AA)
    end = pad + _text_width(line, scale, weight) + cursor
    top = baseline - round(capital)
    cv2.rectangle(picture, (end, top), (end + cursor - 1, baseline), _CURSOR_COLOUR, -1)


@lru_cache(maxsize=8)
def _dark(height: int, width: int) -> Frame:
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = RIM_COLOUR
    picture.flags.writeable = False
    return picture


@lru_cache(maxsize=256)
def _text_width(text: str, scale: float, weight: int) -> int:
    return int(cv2.getTextSize(text, _FONT, scale, weight)[0][0])


def fitting_end(text: str, scale: float, weight: int, width: int) -> str:
    """Return `text`, or as much of its end as fits into `width` pixels after three dots."""
    if _text_width(text, scale, weight) <= width:
        return text
    kept = text
    while kept and _text_width(_CUT + kept, scale, weight) > width:
        kept = kept[1:]
    return _CUT + kept
