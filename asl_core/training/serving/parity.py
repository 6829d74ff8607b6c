"""Compares an exported picture network with torch's on validation crops."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from asl_core.hands.crop import CropBox, cut
from asl_core.letters.networks import PictureNetwork
from asl_core.letters.prediction import softmax
from asl_core.letters.preprocessing import Preprocessing
from asl_core.photos.hand_crops import HandCrops
from asl_core.records.serving_record import Parity

_BATCH = 16


def network_pixels(
    crops: HandCrops, chosen: NDArray[np.int64], preprocessing: Preprocessing
) -> NDArray[np.uint8]:
    """Return what a network sees of kept crops, RGB uint8 `(B, S, S, 3)`, cut as photos are."""
    kept = crops.crops(chosen)
    whole = kept.shape[1]
    side = round(whole * crops.seen_share(preprocessing.crop_scale))
    box = CropBox((whole - side) // 2, (whole - side) // 2, side)
    return np.stack([cut(crop, box, preprocessing.input_size) for crop in kept])


@dataclass(frozen=True)
class Answers:
    """Log-probabilities of N crops and of their mirror images, float32 `(N, C)` each."""

    plain: NDArray[np.float32]
    mirrored: NDArray[np.float32]

    @classmethod
    def of(cls, network: PictureNetwork, crops: HandCrops, preprocessing: Preprocessing) -> Self:
        """Ask a network about all `crops`."""
        plain, mirrored = [], []
        for chosen in _batches(len(crops)):
            pixels = network_pixels(crops, chosen, preprocessing)
            plain.append(network(pixels).log_probabilities)
            flipped = np.ascontiguousarray(pixels[:, :, ::-1])
            mirrored.append(network(flipped).log_probabilities)
        return cls(np.concatenate(plain), np.concatenate(mirrored))

    def probabilities(self, looks: int) -> NDArray[np.float32]:
        """Return the shares `(N, C)` after one look or two."""
        mean = self.plain if looks == 1 else (self.plain + self.mirrored) / 2
        return softmax(np.asarray(mean, np.float32))


def parity(
    form: str, looks: int, exported: Answers, torch: Answers, truth: NDArray[np.int64]
) -> Parity:
    """Compare an exported form's answers with torch's; `truth` is int64 `(N,)`."""
    ours, theirs = exported.probabilities(looks), torch.probabilities(looks)
    best, their_best = ours.argmax(1), theirs.argmax(1)
    return Parity(
        form=form,
        looks=looks,
        photos=len(truth),
        torch_accuracy=round(float((their_best == truth).mean()), 5),
        accuracy=round(float((best == truth).mean()), 5),
        same_answer=round(float((best == their_best).mean()), 5),
        mean_difference=round(float(np.abs(ours - theirs).mean()), 7),
    )


def _batches(count: int) -> Iterator[NDArray[np.int64]]:
    for start in range(0, count, _BATCH):
        yield np.arange(start, min(start + _BATCH, count))
