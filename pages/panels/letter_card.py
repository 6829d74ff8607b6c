"""The current letter beside the video: large, with its hold, the runners-up, hand and hints."""

from html import escape

from asl_core.live.snapshot import LiveSnapshot, LiveTimes
from asl_core.spelling.spelling_state import WaitsFor

WAITING: dict[WaitsFor, str] = {
    "hand": "Show a letter",
    "stroke": "Finish the stroke",
    "stillness": "Keep still",
    "certainty": "Not sure yet",
    "release": "Open your hand for the same letter again",
    "hold": "Hold it",
}
"""What a person does next, for each thing that the speller waits for."""


def letter_html(snapshot: LiveSnapshot | None) -> str:
    """Give the letter in a ring that fills while it is held; its only text is the letter."""
    if snapshot is None:
        return '<div class="asl-letter"><span></span></div>'
    state = snapshot.spelling
    share = min(max(state.progress, 0.0), 1.0)
    unsure = "" if state.waits_for in ("hold", "release") else " is-unsure"
    letter = escape(snapshot.letter or "")
    return (
        f'<div class="asl-letter{unsure}" style="--share:{share:.2f}"><span>{letter}</span></div>'
    )


def details_html(snapshot: LiveSnapshot | None, is_playing: bool) -> str:
    """Give what to do next, the three most probable letters, the hand, hints and times."""
    if snapshot is None:
        waiting = "Waiting for the first picture" if is_playing else "Press Start and show a letter"
        return f'<div class="asl-state">{waiting}</div>'
    parts = [
        f'<div class="asl-state">{WAITING[snapshot.spelling.waits_for]}</div>',
        _bars(snapshot),
        f'<div class="asl-hand">{_hand(snapshot)}</div>',
        f'<div class="asl-hints">{_hints(snapshot)}</div>',
        f'<div class="asl-times" title="{exact_times(snapshot.ms)}">'
        f"{times_line(snapshot.fps, snapshot.ms)}</div>",
    ]
    return "".join(parts)


def times_line(fps: float, ms: LiveTimes) -> str:
    """Give the speed in one line: pictures a second and milliseconds of each stage."""
    stages = (
        ("receive", ms.receive),
        ("detect", ms.detect),
        ("classify", ms.classify),
        ("draw", ms.draw),
    )
    return f"{fps:.0f} FPS · " + " · ".join(f"{name} {value:.0f} ms" for name, value in stages)


def exact_times(ms: LiveTimes) -> str:
    """Give all stages of a picture to the tenth of a millisecond, for who points at the line."""
    return (
        f"receive {ms.receive:.1f} ms, detect {ms.detect:.1f} ms, classify {ms.classify:.1f} ms, "
        f"draw {ms.draw:.1f} ms, words {ms.spell:.1f} ms"
    )


def _bars(snapshot: LiveSnapshot) -> str:
    rows = [(scored.label, scored.confidence) for scored in snapshot.top[:3]]
    rows += [("", 0.0)] * (3 - len(rows))
    cells = "".join(_bar(label, share) for label, share in rows)
    return f'<div class="asl-bars" role="img" aria-label="Most probable letters">{cells}</div>'


def _bar(label: str, share: float) -> str:
    width = f"{min(max(share, 0.0), 1.0):.1%}"
    return (
        f'<b>{escape(label) or "&nbsp;"}</b><i><u style="width:{width}"></u></i>'
        f"<small>{f'{share:.0%}' if label else ''}</small>"
    )


def _hand(snapshot: LiveSnapshot) -> str:
    return f"{snapshot.handedness.lower()} hand" if snapshot.handedness else "no hand"


def _hints(snapshot: LiveSnapshot) -> str:
    return "".join(f"<span>{escape(hint)}</span>" for hint in snapshot.hints[:2])
