"""Teaches a streaming network; can go on where it was interrupted."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from asl_core.errors import RunError, SettingsError
from asl_core.spelling.fluent.network import BLANK, CLASS_COUNT
from asl_core.training.fluent.material import IGNORED, Batch, LessonPool
from asl_core.training.fluent.network import StreamingNetwork

LEARNING_RATE = 3e-3
WEIGHT_DECAY = 1e-2
LABEL_SMOOTHING = 0.02
WARM_UP_SHARE = 0.2
LARGEST_GRADIENT = 2.0

CTC_WEIGHT = 0.3
"""Of the connectionist temporal classification (Graves 2006) of the letters' order, a letter,
beside the cross entropy of each tick."""

BLANK_WEIGHT = 0.4
"""Of a tick without a letter in the cross entropy; made-up streams hold more of them than real
ones, and a network that hears of blank too often leaves fast letters out."""

_KEPT_EVERY = 100


@dataclass(frozen=True)
class FluentTraining:
    """How much to train. Each step takes `batch_size` streams; each stream serves `uses` times.

    `shape_epochs` are those of the landmark networks, of which three are trained.
    """

    steps: int = 3000
    batch_size: int = 32
    uses: int = 6
    networks: int = 2
    shape_epochs: int = 15
    seed: int = 0

    def __post_init__(self) -> None:
        limits = {
            "steps": (1, 100_000),
            "batch_size": (2, 1024),
            "uses": (1, 100),
            "networks": (1, 8),
            "shape_epochs": (1, 1000),
        }
        for name, (least, most) in limits.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise SettingsError(f"{name} is {value}, allowed are {least} to {most}.")


def learned_network(
    make_pool: Callable[[np.random.Generator], LessonPool],
    training: FluentTraining,
    seed: int,
    kept: Path,
    tell: Callable[[int, float], None] = lambda step, loss: None,
) -> StreamingNetwork:
    """Train one network; the state is kept in the file `kept` every hundred steps.

    What `kept` holds is gone on from. `tell` hears the step and the mean loss of a tick.

    Raises:
        RunError: `kept` is of another training.
    """
    torch.manual_seed(seed)
    network = StreamingNetwork()
    optimizer = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, LEARNING_RATE, total_steps=training.steps + 1, pct_start=WARM_UP_SHARE
    )
    begun = _gone_on(kept, network, optimizer, schedule, (training, seed))
    before_s, started_s = learning_seconds(kept), time.monotonic()
    # Streams of the part before an interruption are not drawn again.
    pool = make_pool(np.random.default_rng([seed, begun]))
    if not begun:
        mean, deviation = pool.spread()
        network.mean.copy_(torch.from_numpy(mean))
        network.deviation.copy_(torch.from_numpy(deviation))
    network.train()
    mean_loss = 0.0
    for step in range(begun + 1, training.steps + 1):
        batch = pool.batch()
        loss, of_ticks = _loss(network(batch.features), batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), LARGEST_GRADIENT)
        optimizer.step()
        schedule.step()
        mean_loss += (of_ticks - mean_loss) / min(step - begun, 50)
        if step % _KEPT_EVERY == 0 or step == training.steps:
            seconds = before_s + time.monotonic() - started_s
            _keep(kept, step, network, optimizer, schedule, (training, seed), seconds)
            tell(step, mean_loss)
    return network.eval()


_CLASS_WEIGHTS = torch.ones(CLASS_COUNT)
_CLASS_WEIGHTS[BLANK] = BLANK_WEIGHT


def _loss(logits: Tensor, batch: Batch) -> tuple[Tensor, float]:
    ticks = F.cross_entropy(
        logits.flatten(0, 1),
        batch.classes.flatten(),
        weight=_CLASS_WEIGHTS,
        ignore_index=IGNORED,
        label_smoothing=LABEL_SMOOTHING,
    )
    order = F.ctc_loss(
        logits.log_softmax(-1).transpose(0, 1),
        batch.letters,
        batch.ticks,
        batch.letter_counts,
        blank=BLANK,
        reduction="sum",
        zero_infinity=True,
    )
    count = max(1, len(batch.letters))
    return ticks + CTC_WEIGHT * order / count, float(ticks.detach())


def learning_seconds(kept: Path) -> float:
    """Return how long a kept network has learned, in all calls together; 0 before the first."""
    if not kept.is_file():
        return 0.0
    return float(torch.load(kept, weights_only=True).get("seconds", 0.0))


def _keep(
    kept: Path, step: int, network: Any, optimizer: Any, schedule: Any, of: Any, seconds: float
) -> None:
    state = {
        "of": repr(of),
        "step": step,
        "seconds": seconds,
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
    }
    partial = kept.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(kept)


def _gone_on(kept: Path, network: Any, optimizer: Any, schedule: Any, of: Any) -> int:
    """Load what was kept and give the steps that were done, 0 where nothing was."""
    if not kept.is_file():
        return 0
    state = torch.load(kept, weights_only=True)
    if state.get("of") != repr(of):
        raise RunError(f"{kept} is of another training: {state.get('of')}; delete it or go on so.")
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    return int(state["step"])
