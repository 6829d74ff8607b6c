"""The JSON that the service answers; FastAPI writes the OpenAPI document from these types."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FrameReading
    from asl_core.letters.recognizer import LetterRecognizer

NO_HAND = "nothing"
"""`prediction` where no hand is seen: the class that the 29-class tutorial has for it.

Its clients compare with this word and join it to strings, where null would show as "null".
"""

TOP_COUNT = 3

Share = Annotated[float, Field(ge=0, le=1)]
Milliseconds = Annotated[float, Field(ge=0)]


class Answer(BaseModel):
    """What all answers share: they do not change, and have no other fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ScoredAnswer(Answer):
    """A letter and how sure the model is of it."""

    label: str
    confidence: Share


class HandAnswer(Answer):
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


class TimesAnswer(Answer):
    """Milliseconds that the picture took on the server, without waiting and transfer."""

    decode: Milliseconds
    detect: Milliseconds
    classify: Milliseconds
    total: Milliseconds


class PictureAnswer(Answer):
    """Size of the picture as it was read, in pixels; large ones are reduced to 2048 a side."""

    width: int = Field(ge=1)
    height: int = Field(ge=1)


class PredictAnswer(Answer):
    """What was read in a picture."""

    prediction: str = Field(
        description=f'The most probable class; "{NO_HAND}" where no hand is found.'
    )
    confidence: Share = Field(description="How sure the model is; 0 without a hand.")
    certain: bool = Field(description="Whether the confidence reaches the model's threshold.")
    top: list[ScoredAnswer] = Field(
        max_length=TOP_COUNT, description="The three most probable letters; empty without a hand."
    )
    hand: HandAnswer | None = Field(
        description="The hand that was read; null without one, and for models of whole pictures."
    )
    box: tuple[int, int, int, int] | None = Field(
        description="Left, top, right and bottom of the square that was read, in pixels of "
        "the picture; it may reach past the edge. The whole picture for models that seek no hand."
    )
    picture: PictureAnswer
    ms: TimesAnswer
    model: str = Field(description="Name of the model.")


class ErrorAnswer(Answer):
    """Why there is no answer."""

    error: str = Field(description="One sentence for a person.", min_length=1)


class HealthAnswer(Answer):
    """The process is alive."""

    status: Literal["alive"] = "alive"


class ReadyAnswer(Answer):
    """The model is loaded."""

    status: Literal["ready"] = "ready"
    model: str


def predict_answer(
    reading: "FrameReading", recognizer: "LetterRecognizer", decode_ms: float
) -> PredictAnswer:
    """Put a reading into the words of the service."""
    prediction, box = reading.prediction, reading.box
    best = prediction.best if prediction else None
    threshold = recognizer.calibration.rejection_threshold
    top = prediction.top(TOP_COUNT) if prediction else ()
    return PredictAnswer(
        prediction=best.label if best else NO_HAND,
        confidence=_share(best.confidence) if best else 0.0,
        certain=best is not None and best.confidence >= threshold,
        top=[ScoredAnswer(label=s.label, confidence=_share(s.confidence)) for s in top],
        hand=_hand_answer(reading),
        box=(box.left, box.top, box.right, box.bottom) if box else None,
        picture=PictureAnswer(width=reading.width, height=reading.height),
        ms=TimesAnswer(
            decode=round(decode_ms, 2),
            detect=round(reading.ms.detect, 2),
            classify=round(reading.ms.classify, 2),
            total=round(decode_ms + reading.ms.total, 2),
        ),
        model=recognizer.name,
    )


def _hand_answer(reading: "FrameReading") -> HandAnswer | None:
    detection = reading.detection
    if detection is None:
        return None
    # Through float64: a rounded float32 would be written with twice the digits.
    points = detection.landmarks.points.astype(float).round(5).tolist()
    return HandAnswer(
        handedness=detection.handedness,
        score=_share(detection.score),
        hands_seen=detection.hands_seen,
        landmarks=[(x, y, z) for x, y, z in points],
    )


def _share(value: float) -> float:
    """Round a share for JSON; float32 arithmetic may leave it a hair above 1."""
    return round(min(max(value, 0.0), 1.0), 6)
