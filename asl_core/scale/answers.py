"""What replicas answer, beside readings; known on both sides, and without Ray."""

from dataclasses import dataclass

from asl_core.letters.model_file import Calibration


@dataclass(frozen=True)
class ModelSummary:
    """What an answer names of the model that a replica reads with."""

    name: str
    digest: str
    version: str
    calibration: Calibration
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """Why a replica has no reading, or no model, in a sentence for a person.

    A value and no exception: Ray would put its own traceback around the sentence.
    """

    sentence: str
