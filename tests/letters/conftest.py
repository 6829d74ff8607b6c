"""Fixtures of the tests of networks and checkpoints."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from asl_core.alphabet import LETTERS
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.classifier import LandmarkClassifier, LetterClassifier
from asl_core.letters.landmark_features import FEATURE_COUNT
from asl_core.letters.model_file import Calibration
from asl_core.letters.preprocessing import Preprocessing


@pytest.fixture(scope="session")
def random_network():
    """A ResNet18 with 26 outputs, random weights and lively batch norm statistics."""
    torch.manual_seed(3)
    network = LetterClassifier(26).eval()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_mean, -0.3, 0.3)
            torch.nn.init.uniform_(module.running_var, 0.5, 2.0)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.2, 0.2)
    return network


@pytest.fixture(scope="session")
def random_checkpoint(random_network):
    """A checkpoint of both networks with random weights and settings other than the defaults."""
    return Checkpoint(
        name="random",
        classes=LETTERS[::-1],
        preprocessing=Preprocessing(
            input_size=32,
            crop_scale=1.7,
            left_hands="mirror",
            mirrored_look=True,
            mean=(0.4, 0.5, 0.6),
            std=(0.2, 0.25, 0.3),
        ),
        network=random_network,
        landmark_network=LandmarkClassifier(FEATURE_COUNT, 26).eval(),
        calibration=Calibration(1.5, 0.25, 0.4),
    )


@pytest.fixture(scope="session")
def saved_checkpoint(tmp_path_factory, random_checkpoint):
    """The random checkpoint saved as a run folder; not to be changed."""
    folder = tmp_path_factory.mktemp("saved")
    random_checkpoint.save(folder)
    return folder


@pytest.fixture
def run_folder(tmp_path, saved_checkpoint):
    """A run folder of the random checkpoint that a test may change."""
    return Path(shutil.copytree(saved_checkpoint, tmp_path / "my-run"))


@pytest.fixture(scope="session")
def saved_serving(tmp_path_factory, saved_checkpoint):
    """The saved random checkpoint with its exported networks; not to be changed."""
    from asl_core.letters.checkpoint import Checkpoint
    from asl_core.photos.hand_crops import HandCrops, KeptPhoto
    from asl_core.training.labelled_crops import LabelledCrops
    from asl_core.training.serving.files import write_serving

    folder = Path(shutil.copytree(saved_checkpoint, tmp_path_factory.mktemp("served") / "my-run"))
    random = np.random.default_rng(7)
    kept = random.integers(0, 256, (12, 40, 40, 3), np.uint8)
    photos = [
        KeptPhoto(f"{n}.png", "A", "s", "s", "ok", True, "Right", 200, 100) for n in range(12)
    ]
    crops = HandCrops.of(kept, random.normal(0.5, 0.1, (12, 21, 3)).astype(np.float32), photos)
    checkpoint = Checkpoint.load(folder)
    # No label is right, so that accuracy says nothing against eight bits.
    labelled = LabelledCrops(crops, np.full(12, -1), np.zeros(12, bool), np.ones(12, bool))
    write_serving(checkpoint, folder, labelled, labelled, "made-up")
    return folder


@pytest.fixture
def served_folder(tmp_path, saved_serving):
    """A run folder with exported networks that a test may change."""
    return Path(shutil.copytree(saved_serving, tmp_path / "my-run"))
