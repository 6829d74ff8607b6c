"""What the natural mode reads: letters that stand, letters that may still change, words."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class FluentLetter:
    """A letter as it was spelled: when it was seen, and how sure it is in 0-1.

    `scores` are the mean scores in nats of all 26 letters while it was seen; empty where unknown.
    """

    letter: str
    start_s: float
    end_s: float
    confidence: float
    scores: tuple[float, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True)
class FluentWord:
    """A word that has ended.

    `letters` is what was read. `suggestion` is the known word that was probably meant, in
    capitals; None where the letters as read are likelier, as for most names. Nothing replaces
    what was read.
    """

    letters: tuple[FluentLetter, ...]
    suggestion: str | None = None

    @property
    def text(self) -> str:
        """The letters as read."""
        return "".join(letter.letter for letter in self.letters)


@dataclass(frozen=True)
class FluentReading:
    """What one frame changed, and the word as it stands.

    `settled` are letters that were settled by this frame; they do not change any more. The word
    under way is all that was settled since the last word ended, and then `unsettled`, which may
    change with any frame. `ended` is the word that ended with this frame, settled letters and all:
    the hand was lowered, left, or did nothing for long enough. None where no word ended; a word
    without letters never ends.
    """

    settled: tuple[FluentLetter, ...] = ()
    unsettled: tuple[FluentLetter, ...] = ()
    ended: FluentWord | None = None


NOTHING_READ = FluentReading()
