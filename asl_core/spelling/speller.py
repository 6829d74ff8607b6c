"""One visitor's spelling: what the hand holds and what the person commands, with undo."""

from collections import deque

from asl_core.errors import TranscriptError
from asl_core.spelling.letter_stabilizer import LetterStabilizer
from asl_core.spelling.settings import STANDARD, SpellingSettings
from asl_core.spelling.signs import HandObservation, SignReader, SpellingState, StableSign
from asl_core.spelling.transcript import SPACE, CommittedLetter, Transcript

UNDO_DEPTH = 200
"""Changes that can be taken back; older ones are forgotten."""
_GAP_S = 1.0
"""Between the end of earlier letters and the first of those that stand already."""


class Speller:
    """Turns observations into a Transcript, and carries out the person's commands.

    A SignReader decides which signs count. Every change, signed or commanded, can be undone, the
    last one first. A command acts on what is shown: unsettled letters are written before it, so
    that none of them comes back after it. Not thread-safe.
    """

    def __init__(
        self,
        rejection_threshold: float,
        settings: SpellingSettings = STANDARD,
        reader: SignReader | None = None,
    ) -> None:
        """`rejection_threshold` in 0-1 is the model's: below it a reading is not believed.

        Without `reader` a letter counts when it is held (LetterStabilizer with both arguments).
        """
        self._reader = reader or LetterStabilizer(rejection_threshold, settings)
        self._transcript = Transcript()
        # An earlier transcript, or how many letters it had where letters were only added to it: two
        # hundred transcripts of an hour's words would be megabytes.
        self._earlier: deque[Transcript | int] = deque(maxlen=UNDO_DEPTH)
        self._time_s = 0.0

    @property
    def reader(self) -> SignReader:
        """The way of spelling; another one starts without a hand, and the old one is finished."""
        return self._reader

    @reader.setter
    def reader(self, reader: SignReader) -> None:
        self.finish()
        reader.reset()
        self._reader = reader

    @property
    def settings(self) -> SpellingSettings:
        """The times and speeds in use; setting them keeps what is being held."""
        return self._reader.settings

    @settings.setter
    def settings(self, settings: SpellingSettings) -> None:
        self._reader.settings = settings

    @property
    def transcript(self) -> Transcript:
        """What was spelled so far."""
        return self._transcript

    @property
    def state(self) -> SpellingState:
        """What is made of the hand right now."""
        return self._reader.state

    @property
    def is_empty(self) -> bool:
        """Whether nothing was spelled yet."""
        return not self._transcript.letters

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._earlier or self._reader.state.unsettled)

    def observe(self, observation: HandObservation) -> tuple[CommittedLetter, ...]:
        """Take one frame and return the letters and spaces that it committed, mostly none.

        An observation that is older than the last one is left out.
        """
        before = self.finish() if observation.is_resumed else ()
        self._time_s = observation.time_s
        return (*before, *self._carry_out(self._reader.update(observation)))

    def type_letter(self, letter: str) -> None:
        """Add a letter A-Z by hand; lower case is taken too.

        Raises:
            TranscriptError: it is no letter from A to Z.
        """
        try:
            typed = CommittedLetter(letter.strip().upper(), self._time_s, self._time_s, 1.0)
        except ValueError:
            raise TranscriptError(f"{letter!r} is no letter from A to Z.") from None
        self._settle()
        self._change(self._transcript.with_letter(typed))

    def type_space(self) -> None:
        """Add a space; at the start and after another space nothing happens."""
        self._settle()
        space = CommittedLetter(SPACE, self._time_s, self._time_s, 1.0)
        self._change(self._transcript.with_letter(space))

    def delete(self) -> None:
        """Remove the last letter or space."""
        self._settle()
        self._change(self._transcript.without_last())

    def clear(self) -> None:
        """Remove everything."""
        self._settle()
        self._change(Transcript())

    def replace_word(self, word: str) -> None:
        """Write the last word as `word`, as a chosen suggestion does; a space after it stays.

        Raises:
            TranscriptError: `word` is empty or holds something else than A to Z.
        """
        self._settle()
        self._change(self._transcript.with_last_word(word.strip().upper(), self._time_s))

    def put_before(self, earlier: Transcript) -> None:
        """Put an earlier transcript, such as one kept over a reload, before what is spelled."""
        self._settle()
        self._change(earlier.before(self._transcript, _GAP_S))

    def undo(self) -> None:
        """Take back the last change; nothing happens where there is none."""
        self._settle()
        if self._earlier:
            before = self._earlier.pop()
            if isinstance(before, int):
                before = Transcript(self._transcript.letters[:before])
            self._transcript = before

    def finish(self) -> tuple[CommittedLetter, ...]:
        """End the stream, or a part of it, and return what its end committed.

        What is being held is forgotten; a word spelled naturally is complete.
        """
        return self._carry_out(self._reader.finish())

    def _settle(self) -> None:
        self._carry_out(self._reader.settle())

    def _carry_out(self, signs: tuple[StableSign, ...]) -> tuple[CommittedLetter, ...]:
        added = [self._added(sign) for sign in signs]
        return tuple(letter for letter in added if letter is not None)

    def _added(self, sign: StableSign) -> CommittedLetter | None:
        """Return the letter that a sign added, None for a deletion or a space out of place."""
        before = self._transcript
        if sign.label == "del":
            self.delete()
            return None
        label = SPACE if sign.label == "space" else sign.label
        letter = CommittedLetter(label, sign.start_s, sign.end_s, sign.confidence)
        self._change(self._without_start_pose(sign).with_letter(letter))
        return letter if self._transcript is not before else None

    def _without_start_pose(self, sign: StableSign) -> Transcript:
        """Return the transcript without the still letter that was only the start of a J or Z."""
        pose, letters = sign.replaces, self._transcript.letters
        if pose is None or not letters:
            return self._transcript
        is_last = (letters[-1].letter, letters[-1].end_s) == (pose.label, pose.end_s)
        return self._transcript.without_last() if is_last else self._transcript

    def _change(self, transcript: Transcript) -> None:
        if transcript != self._transcript:
            before = self._transcript.letters
            is_longer = transcript.letters[: len(before)] == before
            self._earlier.append(len(before) if is_longer else self._transcript)
            self._transcript = transcript
