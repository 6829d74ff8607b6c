"""The epochs of a run: on one processor, one GPU, or many of them through Lightning Fabric."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
import torch.nn.functional as F
from lightning_fabric import Fabric
from numpy.typing import NDArray
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from asl_core.records.history import EpochRow, append_row, read_history
from asl_core.records.training_run import HISTORY_FILE
from asl_core.training.augmentation import view_batch
from asl_core.training.labelled_crops import LabelledCrops, sampling_weights
from asl_core.training.scenes import SceneMixer
from asl_core.training.settings import TrainingSettings
from asl_core.training.starting_weights import freeze_stages
from asl_core.training.validation import validation_scores

LAST_CHECKPOINT = "last.ckpt"
BEST_CHECKPOINT = "best.ckpt"


class TrainingWatcher(Protocol):
    """Follows a run: its pictures, its batches, its epochs."""

    def on_crop(self, split: str, done: int, total: int) -> None:
        """Take note that `done` of `total` photos of a split are prepared."""
        ...

    def on_batch(self, epoch: int, done: int, total: int, loss: float) -> None:
        """Take note of a finished batch, `done` of `total` in this epoch."""
        ...

    def on_epoch(self, row: EpochRow) -> None:
        """Take note of a finished epoch."""
        ...


class TrainingLoop:
    """Trains one image network and leaves `history.csv`, `best.ckpt` and `last.ckpt` in `folder`.

    A run that was cut off goes on after its last finished epoch. With `average_decay` the weights
    that are validated and kept are an exponential moving average of those that are trained.
    """

    def __init__(
        self,
        network: nn.Module,
        settings: TrainingSettings,
        train: LabelledCrops,
        validation: LabelledCrops,
        folder: Path,
        fabric: Fabric,
        scenes: SceneMixer | None = None,
    ) -> None:
        self.scenes = scenes
        self.settings, self.folder, self.fabric = settings, folder, fabric
        self.train, self.validation = train, validation
        self._taught = np.flatnonzero(train.taught)
        kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
        plain = network.to(memory_format=torch.channels_last)
        self._frozen = freeze_stages(plain, settings.frozen_stages)
        optimizer = kind(
            [parameter for parameter in plain.parameters() if parameter.requires_grad],
            lr=settings.learning_rate,
            weight_decay=settings.weight_decay,
            fused=True,
        )
        self.network, self.optimizer = fabric.setup(plain, optimizer)
        self.averaged: AveragedModel | None = None
        if settings.average_decay:
            self.averaged = AveragedModel(
                self.network.module,
                multi_avg_fn=get_ema_multi_avg_fn(settings.average_decay),  # type: ignore[no-untyped-call]
                use_buffers=True,
            )
        self.scheduler = self._schedule()
        self.epoch, self.best_accuracy, self.epochs_since_best = 0, -1.0, 0

    @property
    def batches_per_epoch(self) -> int:
        """Optimizer steps in an epoch; each of `world_size` processes takes a part of each."""
        photos = self.settings.photos_per_epoch or len(self._taught)
        return max(1, min(photos, len(self._taught)) // self.settings.batch_size)

    def run(self, watcher: TrainingWatcher) -> None:
        """Train until the last epoch or until early stopping; resume where a run was cut off."""
        self._resume()
        while self.epoch < self.settings.epochs and not self._should_stop():
            self.epoch += 1
            started = time.monotonic()
            loss, accuracy = self._train_epoch(watcher)
            validation_loss, validation_accuracy = self.validate()
            if self.settings.schedule == "plateau":
                self.scheduler.step(validation_loss)
            row = EpochRow(
                epoch=self.epoch,
                input_size=self.settings.size_of_epoch(self.epoch),
                train_loss=loss,
                train_accuracy=accuracy,
                validation_loss=validation_loss,
                validation_accuracy=validation_accuracy,
                learning_rate=self.optimizer.param_groups[0]["lr"],
                seconds=time.monotonic() - started,
            )
            self._keep(row)
            watcher.on_epoch(row)

    def validated_network(self) -> nn.Module:
        """Return the network whose weights are validated and kept, without Fabric's wrapper."""
        network: nn.Module = self.averaged.module if self.averaged else self.network.module
        return network

    def best_weights(self) -> dict[str, torch.Tensor]:
        """Read the weights of the best finished epoch."""
        path = self.folder / BEST_CHECKPOINT
        return dict(torch.load(path, map_location="cpu", weights_only=True))

    def validate(self) -> tuple[float, float]:
        """Measure loss and accuracy on the validation crops, see `validation_scores`."""
        size = self.settings.size_of_epoch(max(self.epoch, 1))
        network = self.validated_network()
        return validation_scores(network, self.validation, self.settings, size, self.fabric)

    def _train_epoch(self, watcher: TrainingWatcher) -> tuple[float, float]:
        self.network.train()
        for module in self._frozen:
            module.eval()  # frozen weights go with frozen batch norm statistics
        # One seed per epoch and process: a resumed epoch draws what it would have drawn.
        seed = self.settings.seed + 1000 * self.epoch + self.fabric.global_rank
        generator = torch.Generator().manual_seed(seed)
        torch.manual_seed(seed)  # dropout draws from the global generator
        sums = torch.zeros(3)
        for number, chosen in enumerate(self._batches(), start=1):
            loss, right, count = self._train_batch(chosen, generator)
            sums += torch.stack([loss * count, right, count]).cpu()
            watcher.on_batch(self.epoch, number, self.batches_per_epoch, float(loss))
        sums = torch.as_tensor(self.fabric.all_reduce(self.fabric.to_device(sums), reduce_op="sum"))
        return float(sums[0] / sums[2]), float(sums[1] / sums[2])

    def _train_batch(
        self, chosen: NDArray[np.int64], generator: torch.Generator
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Take one optimizer step; return the loss, how many were right, and of how many."""
        settings = self.settings
        crops, targets, mirror = self.train.batch(chosen)
        if self.scenes is not None:
            crops = self.scenes.mix(crops, np.sort(chosen), generator)
        crops, targets, mirror = self.fabric.to_device((crops, targets, mirror))
        views = view_batch(
            crops,
            settings.size_of_epoch(self.epoch),
            self.train.crops.seen_share(settings.crop_scale),
            settings.augmentation,
            mirror,
            generator,
            settings.preprocessing,
        )
        logits = self.network(views)
        loss = F.cross_entropy(logits, targets, label_smoothing=settings.label_smoothing)
        self.optimizer.zero_grad()
        self.fabric.backward(loss)
        self.optimizer.step()
        if settings.schedule == "one_cycle":
            self.scheduler.step()
        if self.averaged:
            self.averaged.update_parameters(self.network.module)
        right = (logits.detach().argmax(1) == targets).sum()
        return loss.detach(), right, torch.tensor(len(targets), device=right.device)

    def _batches(self) -> Iterator[NDArray[np.int64]]:
        """Yield this process's part of each batch of the epoch."""
        random = np.random.default_rng(self.settings.seed + self.epoch)
        size = self.settings.batch_size
        balance = (self.settings.signer_balance, self.settings.label_balance)
        if any(balance):
            weights = sampling_weights(self.train.crops, self._taught, *balance)
            order = random.choice(self._taught, size * self.batches_per_epoch, p=weights)
        else:
            order = random.permutation(self._taught)
        for number in range(self.batches_per_epoch):
            batch = order[number * size : (number + 1) * size]
            yield batch[self.fabric.global_rank :: self.fabric.world_size]

    def _schedule(self) -> Any:
        s = self.settings
        if s.schedule == "plateau":
            return torch.optim.lr_scheduler.ReduceLROnPlateau(
                self.optimizer, factor=s.plateau_factor, patience=s.plateau_patience
            )
        if s.schedule == "constant":
            return torch.optim.lr_scheduler.ConstantLR(self.optimizer, factor=1.0)
        return torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer,
            max_lr=s.learning_rate,
            # With five steps torch divides by the length of a rise that ends where it begins.
            total_steps=max(6, s.epochs * self.batches_per_epoch + 1),
            pct_start=0.2,
        )

    def _should_stop(self) -> bool:
        patience = self.settings.early_stopping_patience
        return 0 < patience <= self.epochs_since_best

    def _keep(self, row: EpochRow) -> None:
        improved = row.validation_accuracy > self.best_accuracy
        self.best_accuracy = max(self.best_accuracy, row.validation_accuracy)
        self.epochs_since_best = 0 if improved else self.epochs_since_best + 1
        if not self.fabric.is_global_zero:
            return
        if improved:
            _save(self.folder / BEST_CHECKPOINT, self.validated_network().state_dict())
        state = {
            "network": self.network.module.state_dict(),
            "averaged": self.averaged.state_dict() if self.averaged else None,
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
            "epoch": self.epoch,
            "best_accuracy": self.best_accuracy,
            "epochs_since_best": self.epochs_since_best,
        }
        append_row(self.folder / HISTORY_FILE, row)
        _save(self.folder / LAST_CHECKPOINT, state)

    def _resume(self) -> None:
        path = self.folder / LAST_CHECKPOINT
        if not path.is_file():
            return
        state = torch.load(path, map_location=self.fabric.device, weights_only=True)
        self.network.module.load_state_dict(state["network"])
        if self.averaged:
            self.averaged.load_state_dict(state["averaged"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.scheduler.load_state_dict(state["scheduler"])
        self.epoch = state["epoch"]
        self.best_accuracy = state["best_accuracy"]
        self.epochs_since_best = state["epochs_since_best"]
        self._drop_rows_after(self.epoch)

    def _drop_rows_after(self, epoch: int) -> None:
        """A kill between row and checkpoint leaves a row whose epoch is trained again."""
        history = self.folder / HISTORY_FILE
        if not self.fabric.is_global_zero or not history.exists():
            return
        rows = [row for row in read_history(history) if row.epoch <= epoch]
        history.unlink()
        for row in rows:
            append_row(history, row)


def _save(path: Path, state: dict[str, Any]) -> None:
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)
