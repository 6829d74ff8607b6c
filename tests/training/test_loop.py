import dataclasses
from pathlib import Path

import pytest
import torch
from lightning_fabric import Fabric
from torch import nn

from asl_core.letters.classifier import LetterClassifier
from asl_core.records.history import EpochRow, append_row, read_history
from asl_core.training.labelled_crops import LabelledCrops
from asl_core.training.loop import BEST_CHECKPOINT, LAST_CHECKPOINT, TrainingLoop
from asl_core.training.settings import Augmentation, TrainingSettings
from asl_core.training.starting_weights import freeze_stages

pytestmark = pytest.mark.slow

CLASSES = ("A", "B")
SETTINGS = TrainingSettings(
    preset="tiny",
    epochs=3,
    stages=((1.0, 16),),
    augmentation=Augmentation(flip=0.5, jitter=0.1),
    learning_rate=0.02,
    batch_size=8,
    average_decay=0.5,
)


class SmallNetwork(nn.Module):
    """Names a class by the mean colour, with a batch norm and dropout as the real one has."""

    def __init__(self) -> None:
        super().__init__()
        self.model = nn.Sequential(
            nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
        )
        self.head = nn.Sequential(nn.Dropout(0.1), nn.Linear(4, 2))

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.head(self.model(pictures))
        return logits


class Listener:
    def __init__(self, stop_after_epoch: int = 99) -> None:
        self.rows: list[EpochRow] = []
        self.batches: list[tuple[int, int, int]] = []
        self.stop_after_epoch = stop_after_epoch

    def on_crop(self, split: str, done: int, total: int) -> None:
        raise AssertionError("the loop prepares no pictures")

    def on_batch(self, epoch: int, done: int, total: int, loss: float) -> None:
        if epoch > self.stop_after_epoch:
            raise KeyboardInterrupt
        self.batches.append((epoch, done, total))

    def on_epoch(self, row: EpochRow) -> None:
        self.rows.append(row)


def _loop(make_crops, folder: Path, settings: TrainingSettings = SETTINGS) -> TrainingLoop:
    torch.manual_seed(settings.seed)
    parts = [make_crops("AB" * 16, seed=1), make_crops("AB" * 4, seed=2)]
    train, validation = (LabelledCrops.of(part, settings) for part in parts)
    fabric = Fabric(accelerator="cpu", devices=1)
    return TrainingLoop(SmallNetwork(), settings, train, validation, folder, fabric)


def test_learns_and_writes_a_row_per_epoch(make_crops, run_folder: Path) -> None:
    listener = Listener()
    settings = dataclasses.replace(SETTINGS, epochs=8)
    _loop(make_crops, run_folder, settings).run(listener)
    rows = read_history(run_folder / "history.csv")
    assert [row.epoch for row in rows] == list(range(1, 9))
    assert rows[-1].train_loss < rows[0].train_loss
    assert max(row.validation_accuracy for row in rows) == 1.0
    assert listener.batches[:5] == [(1, 1, 4), (1, 2, 4), (1, 3, 4), (1, 4, 4), (2, 1, 4)]


@pytest.mark.parametrize("batch_size", [32, 16, 8, 6, 5, 4])
def test_a_run_may_be_as_short_as_one_step(make_crops, run_folder: Path, batch_size: int) -> None:
    settings = dataclasses.replace(SETTINGS, epochs=1, batch_size=batch_size)
    loop = _loop(make_crops, run_folder, settings)
    loop.run(Listener())
    assert loop.epoch == 1


def test_a_cut_off_run_goes_on_as_if_nothing_had_happened(make_crops, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    whole.mkdir()
    cut.mkdir()
    _loop(make_crops, whole).run(Listener())
    with pytest.raises(KeyboardInterrupt):
        _loop(make_crops, cut).run(Listener(stop_after_epoch=1))
    assert [row.epoch for row in read_history(cut / "history.csv")] == [1]
    second = Listener()
    _loop(make_crops, cut).run(second)
    assert [row.epoch for row in second.rows] == [2, 3]
    expected = torch.load(whole / LAST_CHECKPOINT, weights_only=True)["network"]
    resumed = torch.load(cut / LAST_CHECKPOINT, weights_only=True)["network"]
    for key, value in expected.items():
        torch.testing.assert_close(resumed[key], value, msg=key)


def test_a_row_without_its_checkpoint_is_trained_again(make_crops, run_folder: Path) -> None:
    """A kill between the row and the checkpoint must not leave the epoch twice."""
    with pytest.raises(KeyboardInterrupt):
        _loop(make_crops, run_folder).run(Listener(stop_after_epoch=1))
    history = run_folder / "history.csv"
    append_row(history, dataclasses.replace(read_history(history)[0], epoch=2))
    _loop(make_crops, run_folder).run(Listener())
    assert [row.epoch for row in read_history(history)] == [1, 2, 3]


def test_a_photo_without_hand_is_not_learnt_and_counts_as_wrong(make_crops, run_folder) -> None:
    fabric = Fabric(accelerator="cpu", devices=1)
    settings = dataclasses.replace(SETTINGS, epochs=8)
    train = LabelledCrops.of(make_crops("AB" * 16, found="10" * 16), settings)
    validation = LabelledCrops.of(make_crops("AABB", found="1100"), settings)
    loop = TrainingLoop(SmallNetwork(), settings, train, validation, run_folder, fabric)
    assert loop.batches_per_epoch == 2
    loop.run(Listener())
    assert read_history(run_folder / "history.csv")[-1].validation_accuracy == 0.5


def test_best_epoch_is_kept_not_the_last(make_crops, run_folder: Path) -> None:
    loop = _loop(make_crops, run_folder)
    row = EpochRow(1, 16, 1.0, 0.5, 1.0, 0.8, 0.01, 1.0)
    loop._keep(row)
    best = (run_folder / BEST_CHECKPOINT).read_bytes()
    with torch.no_grad():
        for parameter in loop.validated_network().parameters():
            parameter.add_(1)
    loop._keep(dataclasses.replace(row, epoch=2, validation_accuracy=0.7))
    assert (run_folder / BEST_CHECKPOINT).read_bytes() == best
    loop._keep(dataclasses.replace(row, epoch=3, validation_accuracy=0.9))
    assert (run_folder / BEST_CHECKPOINT).read_bytes() != best


def test_early_stopping_ends_the_run(make_crops, run_folder: Path) -> None:
    settings = dataclasses.replace(
        SETTINGS, epochs=20, early_stopping_patience=2, learning_rate=1e-9, schedule="plateau"
    )
    _loop(make_crops, run_folder, settings).run(Listener())
    assert len(read_history(run_folder / "history.csv")) == 3


def test_frozen_stages_do_not_learn() -> None:
    network = LetterClassifier(2)
    freeze_stages(network, 1)
    frozen = {n for n, p in network.named_parameters() if not p.requires_grad}
    assert "model.conv1.weight" in frozen
    assert "model.layer1.1.bn2.bias" in frozen
    assert "model.layer2.0.conv1.weight" not in frozen
    assert freeze_stages(LetterClassifier(2), 0) == []
