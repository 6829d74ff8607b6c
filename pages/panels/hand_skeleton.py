"""Draws a hand's 21 points as a small SVG: no photo, no image library."""

from collections.abc import Sequence

from asl_core.hands.landmarks import BONES

_BONE = "#8b93a7"
_JOINT = "#6366f1"
_MARGIN = 0.12


def skeleton_svg(
    points: Sequence[tuple[float, float]], width: int, height: int, side: int = 160
) -> str:
    """Draw `points` ((x, y) in 0-1 of a `width` by `height` photo) as a square SVG of `side` px.

    The hand is scaled to fill the square; its proportions are kept.
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
    bones = "".join(
        f'<line x1="{placed[a][0]:.1f}" y1="{placed[a][1]:.1f}" '
        f'x2="{placed[b][0]:.1f}" y2="{placed[b][1]:.1f}"/>'
        for a, b in BONES
    )
    joints = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in placed)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" '
        f'viewBox="0 0 {side} {side}">'
        f'<rect width="{side}" height="{side}" rx="10" fill="{_BONE}" fill-opacity="0.12"/>'
        f'<g stroke="{_BONE}" stroke-width="4" stroke-linecap="round">{bones}</g>'
        f'<g fill="{_JOINT}">{joints}</g></svg>'
    )
