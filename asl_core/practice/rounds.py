"""One round of practice: a letter or word that is signed and judged, or read and typed."""

from dataclasses import dataclass, field

from asl_core.practice.coach import Advice, advise
from asl_core.practice.coached_reader import SignedLetter
from asl_core.practice.text_measures import TextSums, aligned, sums_of
from asl_core.spelling.signs import START_POSES


@dataclass(frozen=True)
class Judgement:
    """What was made of one signed letter: the target, what was read, and what to change.

    `is_first` tells that it was the first try at this letter of the round. `advice` is there for a
    wrong letter.
    """

    target: str
    signed: SignedLetter
    is_first: bool
    advice: Advice | None = None

    @property
    def is_right(self) -> bool:
        """Whether the letter that was asked for was read."""
        return self.signed.letter == self.target


@dataclass
class SigningRound:
    """Letters or a word to sign; they are judged one by one, and a wrong one is tried again.

    `text` may grow while the round goes on. `place` is the letter that is asked for now.
    `judgements` are all tries, `skipped` the places that were given up. `first_s` and `last_s` are
    when the first and the last letter were right. Times are seconds of one clock that rises.
    """

    text: str
    started_s: float
    place: int = 0
    judgements: list[Judgement] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)
    is_pose_seen: bool = False
    first_s: float | None = None
    last_s: float | None = None
    _tries: int = 0

    @property
    def is_over(self) -> bool:
        """Whether all letters are done."""
        return self.place >= len(self.text)

    @property
    def target(self) -> str | None:
        """The letter that is asked for now, None after the last."""
        return None if self.is_over else self.text[self.place]

    @property
    def is_first_try(self) -> bool:
        """Whether the letter that is asked for was not tried yet."""
        return self._tries == 0

    def extend(self, letter: str) -> None:
        """Ask for one letter more."""
        self.text += letter

    def take(self, signed: SignedLetter, now_s: float) -> Judgement | None:
        """Judge a letter that counted, None where it is not to be judged.

        The start pose of a J or Z that is asked for is no mistake: it sets `is_pose_seen`.
        """
        target = self.target
        if target is None:
            return None
        if signed.letter != target and signed.letter in START_POSES.get(target, ()):
            self.is_pose_seen = True
            return None
        is_right = signed.letter == target
        advice = None if is_right else advise(target, signed.letter, signed.points, signed.is_left)
        judgement = Judgement(target, signed, self._tries == 0, advice)
        self.judgements.append(judgement)
        if is_right:
            self.first_s = now_s if self.first_s is None else self.first_s
            self.last_s = now_s
            self._go_on(now_s)
        else:
            self._tries += 1
        return judgement

    def skip(self, now_s: float) -> None:
        """Give up the present letter."""
        if not self.is_over:
            self.skipped.add(self.place)
            self._go_on(now_s)

    def sums(self, is_timed: bool) -> TextSums:
        """Return the sums of the round as far as it has come.

        T is what was signed rightly; the stream of inputs holds the wrong tries too.
        """
        done = "".join(c for i, c in enumerate(self.text[: self.place]) if i not in self.skipped)
        seconds = None
        if is_timed and self.first_s is not None and self.last_s is not None:
            seconds = self.last_s - self.first_s
        return sums_of(self.text[: self.place], done, len(self.judgements), seconds)

    def _go_on(self, now_s: float) -> None:
        self.place += 1
        self._tries = 0
        self.is_pose_seen = False
        self.started_s = now_s


@dataclass(frozen=True)
class ReadAnswer:
    """A typed answer to a word that was shown, letter by letter.

    `pairs` are letters of the word and of the answer; a missing letter of either is empty.
    """

    word: str
    typed: str
    pairs: tuple[tuple[str, str], ...]
    sums: TextSums

    @property
    def right(self) -> int:
        """How many letters of the word were read rightly."""
        return sum(1 for shown, typed in self.pairs if shown and shown == typed)

    @property
    def is_right(self) -> bool:
        """Whether the whole word was read."""
        return self.word == self.typed


def judged_answer(word: str, typed: str, seconds: float | None = None) -> ReadAnswer:
    """Score what was typed for `word`; case and anything but letters do not count.

    `seconds` is the time from the first letter shown to the answer, if it is timed.
    """
    letters = "".join(c for c in typed.upper() if c.isascii() and c.isalpha())
    sums = sums_of(word, letters, len(letters), seconds)
    return ReadAnswer(word, letters, aligned(word, letters), sums)
