"""Draws the 21 landmarks of a hand as a small SVG: no photo, no image library."""

from collections.abc import Sequence

from asl_core.hands.landmarks import BONES, FINGERS

FINGER_COLOURS: tuple[tuple[str, str], ...] = (
    ("#ee7d1d", "orange"),
    ("#c79a0a", "yellow"),
    ("#0fa177", "green"),
    ("#2292da", "blue"),
    ("#a455e0", "violet"),
)
"""Thumb to little finger, hues as in the photos; dark enough for light and dark pages alike."""

_PALM = "#8b93a7"
_MARGIN = 0.12
_FINGER_OF = {point: number for number, finger in enumerate(FINGERS) for point in finger}


def skeleton_svg(
    points: Sequence[tuple[float, float]], width: int, height: int, side: int = 160
) -> str:
    """Draw `points` ((x, y) in 0-1 of a `width` by `height` photo) as a square SVG of `side` px.

    The hand is scaled to fill the square; its proportions are kept. Each finger has its colour.
    """
    xs = [x * width for x, _ in points]
    ys = [y * height for _, y in points]
    extent = max(max(xs) - min(xs), max(ys) - min(ys), 1e-6)
    scale = side * (1 - 2 * _MARGIN) / extent
    centre_x, centre_y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    placed = [
        ((x - centre_x) * scale + side / 2, (y - centre_y) * scale + side / 2)
        for x, y in zip(xs, ys, strict=True)
    ]
    bones = "".join(_bone(placed[a], placed[b], _colour(a, b)) for a, b in BONES)
    joints = "".join(_joint(point, _colour(i, i)) for i, point in enumerate(placed))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" '
        f'viewBox="0 0 {side} {side}">'
        f'<rect width="{side}" height="{side}" rx="10" fill="{_PALM}" fill-opacity="0.12"/>'
        f'<g stroke-width="4" stroke-linecap="round">{bones}</g><g>{joints}</g></svg>'
    )


def _colour(first: int, second: int) -> str:
    """Return the color of the finger that both points belong to, else that of the palm."""
    finger = _FINGER_OF.get(first)
    is_one = finger is not None and finger == _FINGER_OF.get(second)
    return FINGER_COLOURS[finger][0] if finger is not None and is_one else _PALM


def _bone(start: tuple[float, float], end: tuple[float, float], colour: str) -> str:
    ends = f'x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"'
    return f'<line {ends} stroke="{colour}"/>'


def _joint(point: tuple[float, float], colour: str) -> str:
    return f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="3.5" fill="{colour}"/>'
