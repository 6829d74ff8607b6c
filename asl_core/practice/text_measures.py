"""Measures of text entry for fingerspelling: how fast, how many errors, how many inputs.

The terms are those of the literature on text entry: P is the presented text, T the transcribed
one, IS the stream of inputs, here every letter that was signed or typed.
"""

from dataclasses import dataclass

LETTERS_PER_WORD = 5
"""What a word is by convention, spaces included (Yamada 1980)."""


@dataclass(frozen=True)
class TextSums:
    """Sums over some rounds, from which every measure follows; add two with `+`.

    `inputs` counts the letters of IS, `transcribed` those of T, `longest` the larger of P and T of
    each round, `distance` the edit distance of each. `intervals` (letters of T less one, of each
    round) and `seconds` are of timed rounds alone.
    """

    rounds: int = 0
    inputs: int = 0
    transcribed: int = 0
    longest: int = 0
    distance: int = 0
    intervals: int = 0
    seconds: float = 0.0

    def __add__(self, other: "TextSums") -> "TextSums":
        return TextSums(
            self.rounds + other.rounds,
            self.inputs + other.inputs,
            self.transcribed + other.transcribed,
            self.longest + other.longest,
            self.distance + other.distance,
            self.intervals + other.intervals,
            self.seconds + other.seconds,
        )

    @property
    def words_per_minute(self) -> float | None:
        """WPM = (|T| - 1) / S * 60 / 5, None without timed rounds.

        The first letter starts the clock, so |T| - 1 (MacKenzie 2002, "A note on calculating text
        entry speed").
        """
        rate = self.letters_per_minute
        return None if rate is None else rate / LETTERS_PER_WORD

    @property
    def letters_per_minute(self) -> float | None:
        """(|T| - 1) / S * 60, None without timed rounds."""
        if self.seconds <= 0 or self.intervals <= 0:
            return None
        return self.intervals / self.seconds * 60

    @property
    def error_rate(self) -> float | None:
        """CER = MSD(P, T) / max(|P|, |T|), 0 to 1; None without rounds.

        The minimum string distance error rate (Soukoreff and MacKenzie 2001, "Measuring errors in
        text entry tasks"); over several rounds, sums are divided.
        """
        return self.distance / self.longest if self.longest else None

    @property
    def keystrokes_per_character(self) -> float | None:
        """KSPC = |IS| / |T|: 1 where no input was in vain; None while nothing was transcribed.

        Soukoreff and MacKenzie 2003, "Metrics for text entry research".
        """
        return self.inputs / self.transcribed if self.transcribed else None


def sums_of(
    presented: str, transcribed: str, inputs: int, seconds: float | None = None
) -> TextSums:
    """Return the sums of one round; `seconds` from the first to the last letter, if it is timed."""
    is_timed = seconds is not None and seconds > 0
    return TextSums(
        rounds=1,
        inputs=inputs,
        transcribed=len(transcribed),
        longest=max(len(presented), len(transcribed)),
        distance=edit_distance(presented, transcribed),
        intervals=max(len(transcribed) - 1, 0) if is_timed else 0,
        seconds=float(seconds) if seconds is not None and is_timed else 0.0,
    )


def edit_distance(presented: str, transcribed: str) -> int:
    """MSD(P, T): the fewest insertions, deletions and substitutions (Levenshtein 1966)."""
    return _distances(presented, transcribed)[0][0]


def aligned(presented: str, transcribed: str) -> tuple[tuple[str, str], ...]:
    """Pair the letters of P with those of T, with as few differences as there can be.

    A letter that was left out is paired with "", one that is too many stands beside "".
    """
    table = _distances(presented, transcribed)
    pairs = []
    i = j = 0
    while i < len(presented) or j < len(transcribed):
        here = table[i][j]
        both = i < len(presented) and j < len(transcribed)
        if both and here == table[i + 1][j + 1] + (presented[i] != transcribed[j]):
            pairs.append((presented[i], transcribed[j]))
            i, j = i + 1, j + 1
        elif i < len(presented) and here == table[i + 1][j] + 1:
            pairs.append((presented[i], ""))
            i += 1
        else:
            pairs.append(("", transcribed[j]))
            j += 1
    return tuple(pairs)


def _distances(presented: str, transcribed: str) -> list[list[int]]:
    """Edit distances of all ends: `[i][j]` is that of presented[i:] and transcribed[j:]."""
    rows, columns = len(presented), len(transcribed)
    table = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows, -1, -1):
        for j in range(columns, -1, -1):
            if i == rows or j == columns:
                table[i][j] = rows - i + columns - j
                continue
            change = table[i + 1][j + 1] + (presented[i] != transcribed[j])
            table[i][j] = min(change, table[i + 1][j] + 1, table[i][j + 1] + 1)
    return table
