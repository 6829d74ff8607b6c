"""Names the letter of a hand: NumPy in, LetterPrediction out."""

import copy
import threading
import warnings
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from asl_core.errors import SettingsError
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.landmark_features import FEATURE_COUNT, landmark_features
from asl_core.letters.onnx_network import OnnxNetwork
from asl_core.letters.prediction import HandView, LetterPrediction, ScoredLabel
from asl_core.letters.preprocessing import Preprocessing

__all__ = ["HandView", "LetterRecognizer"]

Ask = Callable[[NDArray[Any]], NDArray[np.float32]]
"""One row of input for each hand in, one row of log-probabilities `(C,)` for each out."""

_CPU = torch.device("cpu")


class LetterRecognizer:
    """A checkpoint ready to read hands; one serves all threads of a process.

    Runs on `device`, such as "cpu" or "cuda:1"; by default on the GPU where torch sees one, else
    on the CPU.

    Raises:
        SettingsError: torch cannot compute on `device` here.
    """

    def __init__(self, checkpoint: Checkpoint, device: str | None = None) -> None:
        self.name = checkpoint.name
        self.classes = checkpoint.classes
        self.preprocessing = checkpoint.preprocessing
        self.calibration = checkpoint.calibration
        self.device = _device(device)
        network = fuse_batch_norm(copy.deepcopy(checkpoint.network).eval())
        network.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._picture_network = FromPixels(network, self.preprocessing)
        self._ask_picture = _in_torch(self._picture_network, self.device)
        self._landmark_network: nn.Module | None = None
        self._ask_landmarks: Ask | None = None
        if checkpoint.landmark_network is not None and self.calibration.landmark_share > 0:
            copied = copy.deepcopy(checkpoint.landmark_network).eval()
            self._landmark_network = nn.Sequential(copied, nn.LogSoftmax(dim=1)).eval()
            self._ask_landmarks = _in_torch(self._landmark_network, _CPU)
        # Two threads inside one network slow each other down more than taking turns does.
        self._lock: AbstractContextManager[object] = threading.Lock()

    @classmethod
    def load(cls, path: Path, device: str | None = None) -> Self:
        """Load a run folder or a reference checkpoint.

        Raises:
            ModelFileError: see `Checkpoint.load`.
        """
        return cls(Checkpoint.load(path), device)

    def for_live(self) -> Self:
        """Return a recognizer for video: one view of the hand, one call into the network.

        One view instead of two (the second is the mirror image) costs 0.1 % of accuracy on
        validation photos and saves a third of the network's time; in a stream the next frame is the
        second view. On a CPU both networks run in ONNX Runtime with one thread for each reading, so
        that several visitors are answered at the same time. Torch's own threads stay as they are.
        """
        single = copy.copy(self)
        single.preprocessing = replace(self.preprocessing, mirrored_look=False)
        size = self.preprocessing.input_size
        pixels = torch.zeros(2, size, size, 3, dtype=torch.uint8, device=self.device)
        if self.device.type == "cpu":
            single._ask_picture = OnnxNetwork(self._picture_network, pixels)
            if self._landmark_network is not None:
                features = torch.zeros(2, FEATURE_COUNT)
                single._ask_landmarks = OnnxNetwork(self._landmark_network, features)
            single._lock = nullcontext()
        else:
            single._ask_picture = _in_torch(traced(self._picture_network, pixels), self.device)
        return single

    def recognize(self, hands: Sequence[HandView]) -> list[LetterPrediction]:
        """Predict the letter of each hand.

        Raises:
            ValueError: a crop has another size than the preprocessing says.
        """
        if not hands:
            return []
        with self._lock:
            image = self._image_log_probabilities(hands)
            landmarks = self._landmark_log_probabilities(hands)
        return [
            self._fuse(image[i], landmarks[i] if hand.points is not None else None)
            for i, hand in enumerate(hands)
        ]

    def _image_log_probabilities(self, hands: Sequence[HandView]) -> NDArray[np.float32]:
        size = self.preprocessing.input_size
        for hand in hands:
            if hand.crop.shape != (size, size, 3):
                raise ValueError(f"a crop has shape {hand.crop.shape}, expected {(size, size, 3)}")
        mirror_left = self.preprocessing.left_hands == "mirror"
        crops = np.stack(
            [hand.crop[:, ::-1] if mirror_left and hand.is_left else hand.crop for hand in hands]
        )
        if self.preprocessing.mirrored_look:
            crops = np.concatenate([crops, crops[:, :, ::-1]])
            return _mean_of_both(self._ask_picture(crops))
        return self._ask_picture(crops)

    def _landmark_log_probabilities(self, hands: Sequence[HandView]) -> NDArray[np.float32]:
        empty = np.zeros((21, 3), np.float32)
        if self._ask_landmarks is None:
            return np.zeros((len(hands), len(self.classes)), np.float32)
        points = np.stack([hand.points if hand.points is not None else empty for hand in hands])
        left = np.array([hand.is_left for hand in hands])
        return _from_both_sides(self._ask_landmarks, points, left)

    def _fuse(
        self, image: NDArray[np.float32], landmarks: NDArray[np.float32] | None
    ) -> LetterPrediction:
        share = self.calibration.landmark_share
        asked = landmarks if self._ask_landmarks is not None else None
        fused = image
        if asked is not None:
            fused = (1 - share) * image + share * asked
        return LetterPrediction(
            classes=self.classes,
            probabilities=softmax(fused / self.calibration.temperature),
            image_best=self._best(image),
            landmark_best=self._best(asked),
        )

    def _best(self, log_probabilities: NDArray[np.float32] | None) -> ScoredLabel | None:
        if log_probabilities is None:
            return None
        # The mean over mirror images does not sum to 1 any more, so it is normalised again.
        probabilities = softmax(log_probabilities)
        index = int(probabilities.argmax())
        return ScoredLabel(self.classes[index], float(probabilities[index]))


def landmark_log_probabilities(
    network: nn.Module, points: NDArray[np.float32], left: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Ask the landmark network about hands, float32 `(N, C)`.

    `points` is float32 `(N, 21, 3)` in pixels. MediaPipe confuses left and right on fists, so a
    hand is looked at as it is said to be and mirrored, and the log-probabilities are averaged.
    """
    return _from_both_sides(
        _in_torch(nn.Sequential(network, nn.LogSoftmax(dim=1)), _CPU), points, left
    )


def _from_both_sides(
    ask: Ask, points: NDArray[np.float32], left: NDArray[np.bool_]
) -> NDArray[np.float32]:
    both = np.concatenate([points, points])
    mirror = np.concatenate([left, ~left])
    return _mean_of_both(ask(landmark_features(both, mirror)))


def _mean_of_both(log_probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Average the first half of the rows with the second."""
    first, second = np.split(log_probabilities, 2)
    return np.asarray((first + second) / 2, np.float32)


class FromPixels(nn.Module):
    """A picture network that takes pixels as they are and gives log-probabilities.

    Input RGB uint8 `(B, S, S, 3)`, output float32 `(B, C)`.
    """

    def __init__(self, network: nn.Module, preprocessing: Preprocessing) -> None:
        super().__init__()
        self.network, self._preprocessing = network, preprocessing
        self.train(network.training)

    def forward(self, pixels: Tensor) -> Tensor:
        """Normalise, ask the network, and take the logarithm of the softmax."""
        logits: Tensor = self.network(self._preprocessing.normalise(pixels))
        return logits.float().log_softmax(dim=1)


def _in_torch(network: nn.Module, device: torch.device) -> Ask:
    def ask(values: NDArray[Any]) -> NDArray[np.float32]:
        with torch.inference_mode():
            answer: Tensor = network(torch.from_numpy(values).to(device))
            return np.asarray(answer.cpu().numpy(), np.float32)

    return ask


def traced(network: nn.Module, example: Tensor) -> nn.Module:
    """Compile the forward pass for inputs like `example` into one call, weights included.

    Layer by layer, Python's interpreter lock is asked for some sixty times, each time beside the
    threads of the page and the codec; beside one busy thread that doubles the time of a reading.
    """
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's own remarks about constants
        compiled: nn.Module = torch.jit.freeze(torch.jit.trace(network, example))  # type: ignore[no-untyped-call]
    return compiled


def _device(name: str | None) -> torch.device:
    try:
        device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))
        torch.zeros(1, device=device).add(1).cpu()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise SettingsError(f"torch cannot use the device {name!r} here: {reason}.") from None
    return device


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn logits `(..., C)` into probabilities that sum to 1 over the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


def fuse_batch_norm(network: nn.Module) -> nn.Module:
    """Fold each batch norm of a ResNet in eval mode into the convolution before it, in place."""
    for module in network.modules():
        children = dict(module.named_children())
        for convolution, norm in (("conv1", "bn1"), ("conv2", "bn2"), ("0", "1")):
            first, second = children.get(convolution), children.get(norm)
            if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
                setattr(module, convolution, fuse_conv_bn_eval(first, second))
                setattr(module, norm, nn.Identity())
    return network
