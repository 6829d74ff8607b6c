"""A taught hand as a file: JSON that a person can keep, move to another machine and load again.

    schema_version   1
    model            name of the model that looked at the photos
    model_digest     SHA-256 of that model, `checkpoint.model_digest`
    photos           for each photo
        label               the letter that was signed
        log_probabilities   base64 of C float16, little-endian: what the model said
        picture             base64 of P int8: the picture's features, times a scale of no meaning
        landmarks           base64 of L int8: the landmarks' features; "" where there are none

No picture is in it, and none can be made from it. Features lose nothing that counts by eight bits:
on validation signers the same photos are read wrongly as with float32.
"""

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import STATIC_LETTERS
from asl_core.errors import HandFileError, RunError
from asl_core.letters.adaptation.taught_hand import (
    MOST_PHOTOS_A_LETTER,
    TaughtHand,
    TaughtPhoto,
)
from asl_core.letters.prediction import HandEvidence, unit
from asl_core.records.json_file import JsonRecord, write_json

SCHEMA_VERSION = 1
MOST_BYTES = 200_000
"""Of a hand file; a browser keeps a few million."""

_MOST_PHOTOS = MOST_PHOTOS_A_LETTER * len(STATIC_LETTERS)
_LONGEST_NAME = 200
_LEAST_LOG = -60.0
"""Less is kept as this: float16 ends at -65,504, and no letter is less probable in practice."""


@dataclass(frozen=True)
class PhotoRecord:
    """One photo as it is written."""

    label: str
    log_probabilities: str
    picture: str
    landmarks: str


@dataclass(frozen=True)
class HandRecord(JsonRecord):
    """The file as it is written."""

    model: str
    model_digest: str
    photos: tuple[PhotoRecord, ...]
    schema_version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        if not 0 < len(self.model) <= _LONGEST_NAME:
            raise ValueError(f"model has {len(self.model)} characters")
        if len(self.model_digest) != 64 or set(self.model_digest) - set("0123456789abcdef"):
            raise ValueError(f"model_digest is {self.model_digest[:80]!r}, not a SHA-256")
        if len(self.photos) > _MOST_PHOTOS:
            raise ValueError(f"photos has {len(self.photos)} entries, not {_MOST_PHOTOS} at most")


def hand_text(hand: TaughtHand) -> str:
    """Write a taught hand as the text of its file."""
    record = HandRecord(hand.model, hand.model_digest, tuple(map(_written, hand.photos)))
    return json.dumps(asdict(record), allow_nan=False, separators=(",", ":"))


def parse_hand(content: bytes, name: str) -> TaughtHand:
    """Read a taught hand from the content of its file, which messages call `name`.

    Raises:
        HandFileError: it is too large, no JSON, of another schema, or a field is broken.
    """
    if len(content) > MOST_BYTES:
        raise HandFileError(
            f"{name} has {len(content):,} bytes; a taught hand has {MOST_BYTES:,} at most."
        )
    try:
        record = HandRecord.parse(content, name)
        photos = tuple(_read(photo) for photo in record.photos)
        _require_one_model(photos)
    except RunError as error:
        raise HandFileError(str(error)) from None
    except ValueError as error:
        raise HandFileError(f"{name} is broken: {error}.") from None
    return TaughtHand(record.model, record.model_digest, photos)


def save_hand(hand: TaughtHand, path: Path) -> None:
    """Write a taught hand to a file, whole or not at all.

    Raises:
        RunError: the file cannot be written.
    """
    write_json(path, json.loads(hand_text(hand)), compact=True)


def load_hand(path: Path) -> TaughtHand:
    """Read a taught hand from a file.

    Raises:
        HandFileError: it is missing, or see `parse_hand`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
            size = path.stat().st_size
    except OSError as error:
        raise HandFileError(f"{path} cannot be read: {error.strerror}.") from None
    if size > MOST_BYTES:
        raise HandFileError(f"{path} has {size:,} bytes; a taught hand has {MOST_BYTES:,} at most.")
    return parse_hand(content, path.name)


def _written(photo: TaughtPhoto) -> PhotoRecord:
    seen = photo.evidence
    logs = np.maximum(seen.log_probabilities, _LEAST_LOG).astype("<f2")
    return PhotoRecord(
        label=photo.label,
        log_probabilities=_as_text(logs.tobytes()),
        picture=_as_text(_in_eight_bits(seen.picture)),
        landmarks=_as_text(_in_eight_bits(seen.landmarks)) if seen.landmarks is not None else "",
    )


def _read(photo: PhotoRecord) -> TaughtPhoto:
    logs = np.frombuffer(_as_bytes(photo.log_probabilities, "log_probabilities", 2), "<f2")
    if not np.isfinite(logs).all() or logs.max() > 0:
        raise ValueError("log_probabilities hold a value that is no logarithm of a share")
    landmarks = _features(photo.landmarks, "landmarks") if photo.landmarks else None
    evidence = HandEvidence(logs.astype(np.float32), _features(photo.picture, "picture"), landmarks)
    return TaughtPhoto(photo.label, evidence)


def _features(text: str, name: str) -> NDArray[np.float32]:
    values = np.frombuffer(_as_bytes(text, name, 1), np.int8).astype(np.float32)
    if not values.any():
        raise ValueError(f"{name} of a photo are all zero")
    return unit(values)


def _require_one_model(photos: tuple[TaughtPhoto, ...]) -> None:
    """Refuse photos whose features have different lengths."""
    sizes = {
        (
            photo.evidence.log_probabilities.size,
            photo.evidence.picture.size,
            None if photo.evidence.landmarks is None else photo.evidence.landmarks.size,
        )
        for photo in photos
    }
    if len(sizes) > 1:
        raise ValueError(
            f"its photos have features of different lengths: {sorted(map(str, sizes))}"
        )


def _in_eight_bits(features: NDArray[np.float32]) -> bytes:
    largest = max(float(np.abs(features).max()), 1e-9)
    return np.round(features * (127 / largest)).astype(np.int8).tobytes()


def _as_text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _as_bytes(text: str, name: str, width: int) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"{name} of a photo is no base64") from None
    if not content or len(content) % width:
        raise ValueError(f"{name} of a photo has {len(content)} bytes")
    return content
