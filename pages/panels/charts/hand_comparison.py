"""A learner's hand as lines over the drawn hand of the letter, with what is to change marked."""

import base64
from collections.abc import Sequence

from asl_core.hands.landmarks import BONES, FINGERS
from asl_core.practice.hand_shape import PARTS, Part

_OWN = "#1463b8"
_CHANGE = "#c2410c"
_HALO = "#ffffff"


def comparison_svg(
    picture: bytes,
    own: Sequence[tuple[float, float]],
    wanted: Sequence[tuple[float, float]],
    part: Part | None,
    side: int,
    is_left: bool = False,
) -> str:
    """Draw the points `own` over `picture`, the JPEG of a hand with the points `wanted`.

    Both are 21 points in pixels of a square of `side`. The finger `part` is thick and dashed, and
    an arrow leads from its tip to where it belongs: form, not color alone, tells it.
    All is mirrored for a left hand.
    """
    finger = PARTS.index(part) if part in PARTS[:5] else None
    marked = set(FINGERS[finger]) if finger is not None else set()
    scale = side / 100
    plain = "".join(_bone(own, bone) for bone in BONES if not marked.issuperset(bone))
    thick = "".join(_bone(own, bone) for bone in BONES if marked.issuperset(bone))
    image = base64.b64encode(picture).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" '
        f'viewBox="0 0 {side} {side}"><defs><marker id="end" viewBox="0 0 10 10" refX="7" '
        'refY="5" markerWidth="4" markerHeight="4" orient="auto">'
        f'<path d="M 0 0 L 10 5 L 0 10 z" fill="{_CHANGE}"/></marker></defs>'
        f'<g transform="{"translate(" + str(side) + ",0) scale(-1,1)" if is_left else ""}">'
        f'<image href="data:image/jpeg;base64,{image}" width="{side}" height="{side}"/>'
        f'<g stroke-linecap="round" stroke="{_HALO}" stroke-opacity="0.85" '
        f'stroke-width="{2.2 * scale:.2f}">{plain}</g>'
        f'<g stroke-linecap="round" stroke="{_OWN}" stroke-width="{1.1 * scale:.2f}">{plain}</g>'
        f'<g stroke="{_HALO}" stroke-width="{3.6 * scale:.2f}" stroke-linecap="round">{thick}</g>'
        f'<g stroke="{_CHANGE}" stroke-width="{2.2 * scale:.2f}" '
        f'stroke-dasharray="{3.2 * scale:.2f} {1.6 * scale:.2f}">{thick}</g>'
        f"{_arrow(own, wanted, finger, scale)}</g></svg>"
    )


def _bone(points: Sequence[tuple[float, float]], bone: tuple[int, int]) -> str:
    (x1, y1), (x2, y2) = points[bone[0]], points[bone[1]]
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _arrow(
    own: Sequence[tuple[float, float]],
    wanted: Sequence[tuple[float, float]],
    finger: int | None,
    scale: float,
) -> str:
    if finger is None:
        return ""
    (x1, y1), (x2, y2) = own[FINGERS[finger][3]], wanted[FINGERS[finger][3]]
    if abs(x2 - x1) + abs(y2 - y1) < 5 * scale:
        return ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return (
        f'<line {ends} stroke="{_HALO}" stroke-width="{3 * scale:.2f}" stroke-linecap="round"/>'
        f'<line {ends} stroke="{_CHANGE}" stroke-width="{1.5 * scale:.2f}" '
        'marker-end="url(#end)"/>'
    )
