"""How good a network is between two epochs, on photos that it does not learn."""

import numpy as np
import torch
import torch.nn.functional as F
from lightning_fabric import Fabric
from torch import nn

from asl_core.alphabet import STATIC_LETTERS
from asl_core.training.augmentation import view_batch
from asl_core.training.labelled_crops import LabelledCrops
from asl_core.training.settings import TrainingSettings

_BATCH = 64


@torch.inference_mode()
def validation_scores(
    network: nn.Module,
    validation: LabelledCrops,
    settings: TrainingSettings,
    size: int,
    fabric: Fabric,
) -> tuple[float, float]:
    """Measure cross-entropy on found hands, and accuracy as `EpochRow` defines it.

    Crops are shown at `size` pixels, as they are. Each process of `fabric` takes a part of them,
    and all get the same answer. Leaves `network` in eval mode.
    """
    network.eval()
    rows = np.arange(fabric.global_rank, len(validation.crops), fabric.world_size)
    static = torch.tensor([name in STATIC_LETTERS for name in settings.classes])
    found = torch.from_numpy(validation.crops.readable)
    sums = torch.zeros(4)
    for chunk in np.array_split(rows, max(1, len(rows) // _BATCH)):
        if not len(chunk):
            continue
        crops, targets, mirror = validation.batch(chunk)
        views = view_batch(
            fabric.to_device(crops),
            size,
            validation.crops.seen_share(settings.crop_scale),
            mirrored=mirror,
            preprocessing=settings.preprocessing,
        )
        with fabric.autocast():
            logits = network(views).float().cpu()
        seen, counted = found[torch.from_numpy(chunk)], static[targets]
        right = (logits.argmax(1) == targets) & seen & counted
        loss = F.cross_entropy(logits[seen], targets[seen], reduction="sum")
        sums += torch.stack([loss, seen.sum(), right.sum(), counted.sum()])
    total = torch.as_tensor(fabric.all_reduce(fabric.to_device(sums), reduce_op="sum"))
    loss_sum, seen_sum, right_sum, counted_sum = total.tolist()
    return loss_sum / max(seen_sum, 1), right_sum / max(counted_sum, 1)
