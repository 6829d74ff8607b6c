"""Opens what the commands read with: a run, and the hand that it was taught."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from asl_core.commands.chosen_model import model_path

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FramePipeline
    from asl_core.letters.recognizer import LetterRecognizer


@contextmanager
def open_pipeline(
    run: str, device: str | None, hand: Path | None = None
) -> Iterator["FramePipeline"]:
    """Open a run for photos, adapted to the hand in a file; see `with_hand`.

    Raises:
        ModelFileError: the model or the detector's file is missing, altered or does not fit.
        HandFileError: the hand's file is missing or broken, or was made for another model.
    """
    from asl_core.frame_pipeline import FramePipeline
    from asl_core.hands.detector import MediaPipeHandDetector
    from asl_core.letters.recognizer import LetterRecognizer

    recognizer = with_hand(LetterRecognizer.load(model_path(run), device), hand)
    with MediaPipeHandDetector("photo") as detector:
        yield FramePipeline(detector, recognizer)


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
