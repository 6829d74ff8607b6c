"""Draws the path of the fingertip over the hand of a letter that is a motion, J or Z."""

import base64
from dataclasses import dataclass

from asl_core.drawing.drawn_letters import letter_landmarks

_COLOR = "#f07f1f"
_WIDTH = 0.022


@dataclass(frozen=True)
class Stroke:
    """The path of one fingertip, as the person facing a right-handed signer sees it.

    The hand starts in the shape of the letter `start`. `path` continues an SVG path that has moved
    to the fingertip, `landmark` of that hand; its steps are relative, one unit being a tenth of the
    picture's side. `words` describe the path to the signer.
    """

    start: str
    landmark: int
    path: str
    words: str


STROKES: dict[str, Stroke] = {
    # Both are written for the signer's own eyes, so from the front they are mirrored.
    "J": Stroke(
        "I",
        20,
        "v 4.4 c 0 2.2 3.2 2.2 3.2 -0.4",
        "Draw a J with the little finger, as if writing on a board in front of you: straight down, "
        "then a hook toward the thumb's side, turning the wrist.",
    ),
    "Z": Stroke(
        "Z",
        8,
        "h -2.6 l 2.6 2.9 h -2.4",
        "Draw a Z with the index finger, as if writing on a board in front of you: across, back "
        "down along the diagonal, and across again.",
    ),
}


def stroke_svg(letter: str, picture: bytes, side: int) -> str:
    """Lay the path of a motion letter, with an arrowhead, over the hand it starts with.

    `picture` is the JPEG of that hand, `STROKES[letter].start` as drawn by `drawn_letter` at `side`
    pixels.

    Raises:
        KeyError: `letter` is not a motion letter.
    """
    stroke = STROKES[letter]
    x, y = letter_landmarks(stroke.start, side, side).points[stroke.landmark][:2] * 10
    image = base64.b64encode(picture).decode("ascii")
    line = f'd="M {x:.2f} {y:.2f} {stroke.path}" fill="none" stroke-linejoin="round"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" '
        'viewBox="0 0 10 10"><defs>'
        '<marker id="tip" viewBox="0 0 10 10" refX="5" refY="5" markerWidth="3.4" '
        'markerHeight="3.4" orient="auto">'
        f'<path d="M 0 0 L 10 5 L 0 10 z" fill="{_COLOR}"/></marker></defs>'
        f'<image href="data:image/jpeg;base64,{image}" width="10" height="10"/>'
        f'<path {line} stroke="#ffffff" stroke-width="{_WIDTH * 16:.2f}" opacity="0.75"/>'
        f'<path {line} stroke="{_COLOR}" stroke-width="{_WIDTH * 10:.2f}" marker-end="url(#tip)"/>'
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="0.22" fill="{_COLOR}"/></svg>'
    )
