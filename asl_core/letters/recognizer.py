"""Names the letter of a hand: NumPy in, LetterPrediction out."""

import copy
import threading
import warnings
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from asl_core.errors import SettingsError
from asl_core.images import Frame
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.landmark_features import landmark_features
from asl_core.letters.onnx_network import OnnxNetwork
from asl_core.letters.prediction import LetterPrediction, ScoredLabel


@dataclass(frozen=True)
class HandView:
    """What a recognizer is given of one hand.

    `crop` is RGB uint8 `(S, S, 3)` with S the preprocessing's `input_size`. `points` is float32
    `(21, 3)` in pixels of the Frame, None where no landmarks are known. `is_left` tells a left
    hand of an unmirrored picture.
    """

    crop: Frame
    points: NDArray[np.float32] | None
    is_left: bool = False


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
        self._network: nn.Module = network
        self._forward: Callable[[Tensor], Tensor] = network
        self._landmark_network: nn.Module | None = None
        if checkpoint.landmark_network is not None and self.calibration.landmark_share > 0:
            self._landmark_network = copy.deepcopy(checkpoint.landmark_network).eval()
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
        """Give a recognizer for video: one look, one thread, one call into the network.

        One look instead of two (the second on the mirror image) costs 0.1 % of accuracy on
        validation photos and saves a third of the network's time; in a stream the next frame is
        the second look. Torch gets one thread in the whole process: a second one waits for a core
        that MediaPipe, the codec or another visitor uses. On two busy cores a read took 277 ms
        with two threads and 44 ms with one. On a CPU the image network runs in ONNX Runtime, which
        answers several visitors at the same time.
        """
        torch.set_num_threads(1)
        single = copy.copy(self)
        single.preprocessing = replace(self.preprocessing, mirrored_look=False)
        size = self.preprocessing.input_size
        if self.device.type == "cpu":
            single._forward = OnnxNetwork(self._network, size)
            single._lock = nullcontext()
        else:
            single._forward = traced(self._network, size, self.device)
        return single

    def recognize(self, hands: Sequence[HandView]) -> list[LetterPrediction]:
        """Give one prediction for each hand.

        Raises:
            ValueError: a crop has another size than the preprocessing says.
        """
        if not hands:
            return []
        with self._lock, torch.inference_mode():
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
        pictures = self.preprocessing.normalise(crops, self.device)
        log_probabilities = self._forward(pictures).float().log_softmax(dim=1)
        if self.preprocessing.mirrored_look:
            log_probabilities = log_probabilities.view(2, len(hands), -1).mean(dim=0)
        return np.asarray(log_probabilities.cpu().numpy(), np.float32)

    def _landmark_log_probabilities(self, hands: Sequence[HandView]) -> NDArray[np.float32]:
        empty = np.zeros((21, 3), np.float32)
        if self._landmark_network is None:
            return np.zeros((len(hands), len(self.classes)), np.float32)
        points = np.stack([hand.points if hand.points is not None else empty for hand in hands])
        left = np.array([hand.is_left for hand in hands])
        return landmark_log_probabilities(self._landmark_network, points, left)

    def _fuse(
        self, image: NDArray[np.float32], landmarks: NDArray[np.float32] | None
    ) -> LetterPrediction:
        share = self.calibration.landmark_share
        uses_landmarks = self._landmark_network is not None and landmarks is not None
        fused = image
        if uses_landmarks and landmarks is not None:
            fused = (1 - share) * image + share * landmarks
        return LetterPrediction(
            classes=self.classes,
            probabilities=softmax(fused / self.calibration.temperature),
            image_best=self._best(image),
            landmark_best=self._best(landmarks) if uses_landmarks else None,
        )

    def _best(self, log_probabilities: NDArray[np.float32] | None) -> ScoredLabel | None:
        if log_probabilities is None:
            return None
        # The mean over two looks does not sum to 1 any more, so it is normalised again.
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
    both = np.concatenate([points, points])
    mirror = np.concatenate([left, ~left])
    features = torch.from_numpy(landmark_features(both, mirror))
    with torch.inference_mode():
        log_probabilities: Tensor = network(features).log_softmax(dim=1)
    return np.asarray(log_probabilities.view(2, len(points), -1).mean(dim=0).numpy(), np.float32)


def traced(network: nn.Module, size: int, device: torch.device) -> nn.Module:
    """Compile the forward pass for pictures of `size` pixels into one call, weights included.

    Layer by layer, Python's interpreter lock is asked for some sixty times, each time beside the
    threads of the page and the codec; beside one busy thread that doubles the time of a reading.
    """
    example = torch.zeros(1, 3, size, size, device=device).to(memory_format=torch.channels_last)
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
