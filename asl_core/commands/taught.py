"""Takes a taught hand into a recognizer for the commands that read, and says so on stderr."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from asl_core.letters.recognizer import LetterRecognizer


def with_hand(recognizer: "LetterRecognizer", hand: Path | None) -> "LetterRecognizer":
    """Return the recognizer adapted to the hand in a file, or as it is where that does not help.

    Raises:
        HandFileError: the file is missing or broken, or was made for another model.
    """
    from asl_core.letters.adaptation.hand_file import load_hand
    from asl_core.letters.adaptation.trial import trial_sentence, try_hand

    if hand is None:
        return recognizer
    taught = load_hand(hand)
    taught.require_model(recognizer.name, recognizer.digest)
    trial = try_hand(taught, recognizer.classes)
    if not trial.helps:
        typer.secho(
            f"{hand.name} is left off: {trial_sentence(trial)}", err=True, fg=typer.colors.YELLOW
        )
        return recognizer
    return recognizer.adapted(taught)
