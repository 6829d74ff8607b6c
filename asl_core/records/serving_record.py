"""What `model.json` tells of the networks that ONNX Runtime reads with: files, making, parity."""

from dataclasses import dataclass
from pathlib import Path

FLOAT32 = "float32"
INT8 = "int8"
FORMS = (INT8, FLOAT32)
"""Forms of a picture network: weights and sums of 8 bits, or of 32-bit floats."""

MOST_POINTS_LOST = 0.2
"""Points of accuracy on validation crops that the eight-bit form may cost."""


@dataclass(frozen=True)
class ServedFile:
    """A file in the run's folder and the SHA-256 of its bytes."""

    file: str
    sha256: str

    def __post_init__(self) -> None:
        if Path(self.file).name != self.file:
            raise ValueError(f"{self.file!r} lies outside of the run's folder")


@dataclass(frozen=True)
class EightBitMaking:
    """How the eight-bit form was made.

    The ranges of the activations were taken from `photos` training crops, each as it is and
    mirrored, chosen by `seed`; `method` is ONNX Runtime's name of how. Weights have a scale for
    each output channel and `weight_bits` bits. `kept_in_float` names operations left as they were.
    """

    photos: int
    photo_set: str
    split: str
    seed: int
    method: str
    weight_bits: int
    kept_in_float: tuple[str, ...]


@dataclass(frozen=True)
class Parity:
    """The picture network of a form beside torch's, on the same validation crops.

    `looks` is 2 where crop and mirror image are averaged, as photos are read, and 1 for live
    video. `torch_accuracy` and `accuracy` in 0-1 are over all classes, `same_answer` is the share
    of crops with the same best class, `mean_difference` the mean absolute difference of all
    probabilities.
    """

    form: str
    looks: int
    photos: int
    torch_accuracy: float
    accuracy: float
    same_answer: float
    mean_difference: float

    @property
    def points_lost(self) -> float:
        """Accuracy lost against torch in points; below 0 where it is better."""
        return 100 * (self.torch_accuracy - self.accuracy)


@dataclass(frozen=True)
class ServingRecord:
    """The exported networks of a run.

    `float32` is a graph without weights; it takes them from the run's safetensors file. `int8` and
    `landmarks` are whole. Without `int8` eight bits cost too much accuracy.
    """

    opset: int
    float32: ServedFile
    int8: ServedFile | None
    landmarks: ServedFile | None
    making: EightBitMaking | None
    parity: tuple[Parity, ...]
