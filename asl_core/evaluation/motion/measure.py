"""Measures a MotionReader as it is used: frame by frame, not told where a sequence starts."""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import MOTION_LETTERS
from asl_core.letters.motion.letter import MotionLetter
from asl_core.letters.motion.model import MotionModel
from asl_core.letters.motion.reader import MotionReader
from asl_core.photos.motion_sequences import FRAMES_PER_SECOND, MotionSequence, find_stroke
from asl_core.records.motion_report import (
    FrameCost,
    MissedSequence,
    MotionReport,
    RateScore,
    SignerMotion,
    StillStreams,
)

TimedHand = tuple[float, NDArray[np.float32] | None]

RATES = (15.0, 24.0)
"""Frames a second at which the measurement is repeated."""

EMPTY_AFTER_S = 0.5
"""After its last frame each sequence is followed by this much of an empty picture."""

_TRANSIT_S = 0.3
_COST_SEQUENCES = 24
_COST_PASSES = 7


def measure_motion(
    model: MotionModel,
    sequences: tuple[MotionSequence, ...],
    model_name: str,
    file_name: str,
    command: str,
    note: str = "",
) -> MotionReport:
    """Read every sequence of one split and count what comes out."""
    outcomes = read_outcomes(model, sequences)
    delays = [
        outcome.letters[0].end_s - find_stroke(outcome.sequence).end_s
        for outcome in outcomes
        if outcome.sequence.letter in MOTION_LETTERS and outcome.is_right
    ]
    still = [o for o in outcomes if o.sequence.letter not in MOTION_LETTERS]
    frames = sum(outcome.frames for outcome in still)
    return MotionReport(
        model=model_name,
        sequences=file_name,
        split=sequences[0].split,
        command=command,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        signers=_by_signer(outcomes),
        delay_median_s=float(np.median(delays)) if delays else 0.0,
        delay_p95_s=float(np.percentile(delays, 95)) if delays else 0.0,
        rates=tuple(_at_rate(model, sequences, rate) for rate in RATES),
        still_streams=still_streams(model, [outcome.sequence for outcome in still]),
        still_tracing_share=sum(o.tracing for o in still) / max(frames, 1),
        cost=frame_cost(model, sequences),
        missed=tuple(_missed(o) for o in outcomes if not o.is_right and o.is_motion),
        note=note,
    )


class Outcome:
    """What came out of one sequence, followed by an empty picture.

    `frames` counts the frames and `tracing` those at which a stroke seemed under way.
    """

    def __init__(self, model: MotionModel, sequence: MotionSequence, rate: float) -> None:
        reader = MotionReader(model)
        self.sequence = sequence
        self.letters: list[MotionLetter] = []
        self.frames = self.tracing = 0
        for time_s, points in thinned(sequence.frames(), rate, EMPTY_AFTER_S):
            letter = reader.update(time_s, points, sequence.is_left)
            self.frames += 1
            self.tracing += reader.is_tracing
            if letter:
                self.letters.append(letter)

    @property
    def read(self) -> str:
        """The letters that came out, such as "J"."""
        return "".join(letter.letter for letter in self.letters)

    @property
    def is_motion(self) -> bool:
        """Whether a J or Z was signed."""
        return self.sequence.letter in MOTION_LETTERS

    @property
    def is_right(self) -> bool:
        """Whether exactly the signed J or Z came out, or nothing of another letter."""
        return self.read == (self.sequence.letter if self.is_motion else "")


def read_outcomes(
    model: MotionModel, sequences: tuple[MotionSequence, ...], rate: float = FRAMES_PER_SECOND
) -> list[Outcome]:
    """Read each sequence with a fresh reader, at about `rate` frames a second."""
    return [Outcome(model, sequence, rate) for sequence in sequences]


def thinned(frames: Iterable[TimedHand], rate: float, empty_s: float) -> Iterator[TimedHand]:
    """Keep about `rate` frames a second, then yield empty frames for `empty_s` seconds."""
    due, last = 0.0, 0.0
    for time_s, points in frames:
        if time_s >= due - 1e-6:
            yield time_s, points
            last, due = time_s, max(due + 1 / rate, time_s - 0.5 / rate)
    for number in range(1, round(empty_s * rate) + 1):
        yield last + number / rate, None


def _by_signer(outcomes: list[Outcome]) -> tuple[SignerMotion, ...]:
    rows = []
    for signer in sorted({outcome.sequence.signer for outcome in outcomes}):
        for letter in (*MOTION_LETTERS, "other"):
            of_letter = [
                outcome
                for outcome in outcomes
                if outcome.sequence.signer == signer
                and (outcome.sequence.letter if outcome.is_motion else "other") == letter
            ]
            if of_letter:
                rows.append(_row(signer, letter, of_letter))
    return tuple(rows)


def _row(signer: str, letter: str, outcomes: list[Outcome]) -> SignerMotion:
    is_motion = letter in MOTION_LETTERS
    wrong = [outcome.read for outcome in outcomes if not outcome.is_right]
    return SignerMotion(
        signer=signer,
        letter=letter,
        sequences=len(outcomes),
        right=len(outcomes) - len(wrong),
        other_letter=sum(is_motion and len(read) == 1 for read in wrong),
        repeated=sum(len(read) > 1 for read in wrong),
        missed=sum(is_motion and not read for read in wrong),
        false=0 if is_motion else len(wrong),
    )


def _missed(outcome: Outcome) -> MissedSequence:
    sequence = outcome.sequence
    fault = find_stroke(sequence).fault
    return MissedSequence(sequence.number, sequence.signer, sequence.letter, outcome.read, fault)


def _at_rate(model: MotionModel, sequences: tuple[MotionSequence, ...], rate: float) -> RateScore:
    outcomes = read_outcomes(model, sequences, rate)

    def share_right(letters: tuple[str, ...], others: bool = False) -> float:
        chosen = [o for o in outcomes if (o.sequence.letter in letters) != others]
        return sum(o.is_right for o in chosen) / max(len(chosen), 1)

    false = 1 - share_right(MOTION_LETTERS, others=True)
    return RateScore(rate, share_right(("J",)), share_right(("Z",)), false)


def still_streams(model: MotionModel, sequences: list[MotionSequence]) -> StillStreams:
    """Join each signer's still letters in a random order, the hand gliding from one to the next.

    Counts what comes out, which should be nothing.
    """
    seconds, false = 0.0, 0
    for signer in sorted({sequence.signer for sequence in sequences}):
        own = [sequence for sequence in sequences if sequence.signer == signer]
        order = np.random.default_rng(0).permutation(len(own))
        reader = MotionReader(model)
        time_s = 0.0
        for time_s, points in _joined([own[number] for number in order]):
            false += reader.update(time_s, points, own[0].is_left) is not None
        seconds += time_s
    return StillStreams(seconds / 60, false)


def _joined(sequences: list[MotionSequence]) -> Iterator[TimedHand]:
    step = 1 / FRAMES_PER_SECOND
    time_s = 0.0
    last: NDArray[np.float32] | None = None
    for sequence in sequences:
        first = sequence.points[int(np.argmax(sequence.present))]
        if last is not None:
            for share in np.arange(step, _TRANSIT_S, step) / _TRANSIT_S:
                yield time_s, (last + (first - last) * share).astype(np.float32)
                time_s += step
        for _, points in sequence.frames():
            last = last if points is None else points
            yield time_s, points
            time_s += step


def frame_cost(model: MotionModel, sequences: tuple[MotionSequence, ...]) -> FrameCost:
    """Time single frames of some sequences, those of J and Z first, in processor time.

    The worst frame is the slowest after each was timed in several passes and its quickest pass
    kept, so that a pause of the machine does not count.
    """
    chosen = sorted(sequences, key=lambda s: s.letter not in MOTION_LETTERS)[:_COST_SEQUENCES]
    passes = []
    for _ in range(_COST_PASSES):
        times = []
        for sequence in chosen:
            reader = MotionReader(model)
            for time_s, points in sequence.frames():
                start = time.thread_time()
                reader.update(time_s, points, sequence.is_left)
                times.append(time.thread_time() - start)
        passes.append(times)
    quickest = np.min(passes, axis=0) * 1e3
    return FrameCost(len(quickest), float(quickest.mean()), float(quickest.max()))
