"""The public form of a reading: what `predict --json` prints and `POST /predict` answers.

`python -m asl_core.public_reading` prints the JSON Schema that docs/reading.schema.json holds.
"""

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, SkipValidation, TypeAdapter

from asl_core.alphabet import NOTHING

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FrameReading, StageTimes
    from asl_core.letters.model_file import Calibration

SCHEMA_VERSION: Literal[1] = 1
TOP_COUNT = 3

Share = Annotated[float, Field(ge=0, le=1)]
Milliseconds = Annotated[float, Field(ge=0)]


class ReadingModel(Protocol):
    """What an answer tells of the model that read it: a LetterRecognizer, or its ModelSettings."""

    @property
    def name(self) -> str:
        """The run's name."""

    @property
    def digest(self) -> str:
        """See `letters.model_file.model_digest`."""

    @property
    def version(self) -> str:
        """The version of this package that trained it; "" where it is not known."""

    @property
    def calibration(self) -> "Calibration":
        """From which confidence on a letter is certain."""


class _Record(BaseModel):
    """Immutable, and without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ScoredClass(_Record):
    """A class and how sure the model is of it."""

    label: str
    confidence: Share


class ReadHand(_Record):
    """The hand that was read."""

    handedness: Literal["Left", "Right"] = Field(
        description="The signer's own hand, if the picture is not mirrored."
    )
    score: Share = Field(description="How sure the detector is of left or right.")
    hands_seen: int = Field(ge=1, description="Hands in the picture; the largest one is read.")
    landmarks: list[tuple[float, float, float]] = Field(
        min_length=21,
        max_length=21,
        description="21 points in MediaPipe's order: x and y in 0-1 of the picture, z the depth "
        "relative to the wrist.",
    )


class ReadingTimes(_Record):
    """Milliseconds that the picture took, without waiting and transfer."""

    decode: Milliseconds
    detect: Milliseconds
    classify: Milliseconds
    total: Milliseconds

    @classmethod
    def of(cls, stages: "StageTimes", decode_ms: float) -> Self:
        """Round the times of a reading to hundredths."""
        return cls(
            decode=round(decode_ms, 2),
            detect=round(stages.detect, 2),
            classify=round(stages.classify, 2),
            total=round(decode_ms + stages.total, 2),
        )


class PictureSize(_Record):
    """Size of the picture as it was read, in pixels; large ones are reduced to 2048 a side."""

    width: int = Field(ge=1)
    height: int = Field(ge=1)


class PublicReading(_Record):
    """What was read in a picture."""

    schema_version: Literal[1] = Field(description="Version of this form.")
    prediction: str = Field(
        description=f'The most probable class; "{NOTHING}" where no hand is found.'
    )
    confidence: Share = Field(description="How sure the model is; 0 without a hand.")
    certain: bool = Field(description="Whether the confidence reaches the model's threshold.")
    top: list[ScoredClass] = Field(
        max_length=TOP_COUNT, description="The three most probable classes; empty without a hand."
    )
    hand: ReadHand | None = Field(
        description="The hand that was read; null without one, and for models of whole pictures."
    )
    whole_picture: bool = Field(
        description="Whether the model reads whole pictures and looks for no hand."
    )
    box: tuple[int, int, int, int] | None = Field(
        description="Left, top, right and bottom of the square that was read, in pixels of "
        "the picture; it may reach past the edge. The whole picture for models that seek no hand."
    )
    picture: PictureSize
    ms: ReadingTimes
    model: str = Field(description="Name of the model.")
    model_version: str = Field(
        description="Version of this package that trained the model; empty where none is known."
    )
    model_digest: str = Field(
        description="SHA-256 of the model's weights in hexadecimal; empty where none is known."
    )
    notes: list[str] = Field(
        description="Sentences on what of the file was not read, such as the further pictures of "
        "an animation; empty where all of it was."
    )

    @classmethod
    def of(
        cls,
        reading: "FrameReading",
        model: ReadingModel,
        decode_ms: float,
        note: str | None = None,
    ) -> "PublicReading":
        """Put what `model` read into its public form; `decode_ms` is what decoding took.

        `note` is the decoder's sentence on what of the file was not read.

        Without a hand `prediction` is "nothing", the word that the 29-class tutorial has for it:
        its clients compare with it and join it to strings, where null would show as "null".
        """
        prediction, box = reading.prediction, reading.box
        top = prediction.top(TOP_COUNT) if prediction else ()
        best = top[0] if top else None
        return PublicReading(
            schema_version=SCHEMA_VERSION,
            prediction=best.label if best else NOTHING,
            confidence=_share(best.confidence) if best else 0.0,
            certain=best is not None and best.confidence >= model.calibration.rejection_threshold,
            top=[ScoredClass(label=s.label, confidence=_share(s.confidence)) for s in top],
            hand=_read_hand(reading),
            whole_picture=reading.is_whole_frame,
            box=(box.left, box.top, box.right, box.bottom) if box else None,
            picture=PictureSize(width=reading.width, height=reading.height),
            ms=ReadingTimes.of(reading.ms, decode_ms),
            model=model.name,
            model_version=model.version,
            model_digest=model.digest,
            notes=[note] if note else [],
        )


class _OfFile(_Record):
    # Not validated: a name that is not UTF-8 is a str with surrogates, which pydantic refuses.
    path: Annotated[str, SkipValidation] = Field(description="The picture's path as it was given.")


class FileReading(PublicReading, _OfFile):
    """A line of `predict --json`: a reading, and the file that was read."""

    @classmethod
    def of_file(cls, path: str, reading: PublicReading) -> Self:
        """Add a file's path to its reading."""
        return cls(path=path, **dict(reading))


class FileError(_OfFile):
    """A line of `predict --json` for a file that cannot be read."""

    error: str = Field(description="One sentence for a person.", min_length=1)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a line of `predict --json` and of an answer.

    The whole describes a line; `$defs/PublicReading` the answer of `POST /predict`.
    """
    forms = TypeAdapter(FileReading | FileError | PublicReading)
    schema = forms.json_schema(mode="serialization")
    lines = [{"$ref": f"#/$defs/{form.__name__}"} for form in (FileReading, FileError)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of `predict --json`",
        "anyOf": lines,
        "$defs": schema["$defs"],
    }


def _read_hand(reading: "FrameReading") -> ReadHand | None:
    detection = reading.detection
    if detection is None:
        return None
    # Through float64: a rounded float32 would be written with twice the digits.
    points = detection.landmarks.points.astype(float).round(5).tolist()
    return ReadHand(
        handedness=detection.handedness,
        score=_share(detection.score),
        hands_seen=detection.hands_seen,
        landmarks=[(x, y, z) for x, y, z in points],
    )


def _share(value: float) -> float:
    """Round a share for JSON; float32 arithmetic may leave it a hair above 1."""
    return round(min(max(value, 0.0), 1.0), 6)


if __name__ == "__main__":
    print(json.dumps(json_schema(), indent=2))
