"""The networks in torch: on a GPU, and on a processor for models without exported files."""

import copy
import io
import threading
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from asl_core.errors import SettingsError
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.cuda_graphs import graphed
from asl_core.letters.landmark_features import FEATURE_COUNT
from asl_core.letters.micro_batches import MicroBatches
from asl_core.letters.networks import (
    LandmarkAnswer,
    LandmarkNetwork,
    LetterNetworks,
    PictureAnswer,
    from_both_sides,
)
from asl_core.letters.onnx_network import (
    FEATURES,
    LOG_PROBABILITIES,
    MEASURES,
    PIXELS,
    OnnxNetwork,
    landmarks_of,
    picture_of,
)
from asl_core.letters.preprocessing import Preprocessing

Answer = TypeVar("Answer")
OPSET = 17
_CPU = torch.device("cpu")


class FromMeasures(nn.Module):
    """A network in two steps, `features_of` and `classify`, that gives what it knows after each.

    Input `landmark_features`, float32 `(B, FEATURE_COUNT)`; outputs log-probabilities float32
    `(B, C)` and the features that its last part reads, float32 `(B, F)`.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network: Any = network
        self.train(network.training)

    def forward(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Ask the network, and take the logarithm of the softmax."""
        features = self.network.features_of(values)
        logits = self.network.classify(features)
        return logits.float().log_softmax(dim=1), features.float()


class FromPixels(FromMeasures):
    """The same of a picture network, which takes pixels as they are: RGB uint8 `(B, S, S, 3)`."""

    def __init__(self, network: nn.Module, preprocessing: Preprocessing) -> None:
        super().__init__(network)
        self._preprocessing = preprocessing

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Normalise, ask the network, and take the logarithm of the softmax."""
        return super().forward(self._preprocessing.normalise(pixels))


def torch_networks(checkpoint: Checkpoint, device: str) -> LetterNetworks:
    """Make a checkpoint's networks ready on `device`, such as "cpu" or "cuda:1".

    Raises:
        SettingsError: torch cannot compute there.
    """
    place = _usable(device)
    network = copy.deepcopy(checkpoint.network).eval()
    fuse_batch_norm(network)
    network.to(place, memory_format=torch.channels_last)  # type: ignore[call-overload]
    picture = FromPixels(network, checkpoint.preprocessing).to(place)
    landmarks = None
    if checkpoint.landmark_network is not None:
        copied = copy.deepcopy(checkpoint.landmark_network).eval()
        landmarks = FromMeasures(copied)
    size = checkpoint.preprocessing.input_size

    if place.type == "cuda":
        return _on_gpu(picture, landmarks, size, place)

    def for_video() -> LetterNetworks:
        pixels = torch.zeros(2, size, size, 3, dtype=torch.uint8, device=place)
        if place.type != "cpu":
            return replace(
                made, picture=in_turns(_in_torch(traced(picture, pixels), place, PictureAnswer))
            )
        return LetterNetworks(
            picture=picture_of(translated(picture, pixels)),
            landmarks=None if landmarks is None else _translated_landmarks(landmarks),
            device=device,
            form="float32 in ONNX Runtime",
            for_video=lambda: made,
        )

    made = LetterNetworks(
        picture=in_turns(_in_torch(picture, place, PictureAnswer)),
        landmarks=None
        if landmarks is None
        else in_turns(_in_torch(landmarks, _CPU, LandmarkAnswer)),
        device=device,
        form="float32 in torch",
        for_video=for_video,
    )
    return made


def _on_gpu(
    picture: nn.Module, landmarks: "FromMeasures | None", size: int, device: torch.device
) -> LetterNetworks:
    """Join the crops of all photos and visitors; the small landmark network stays on the CPU."""
    made = LetterNetworks(
        picture=MicroBatches(picture_of(graphed(picture, size, device))),
        landmarks=None
        if landmarks is None
        else in_turns(_in_torch(landmarks, _CPU, LandmarkAnswer)),
        device=str(device),
        form="float16 in torch, CUDA graphs",
        for_video=lambda: made,
    )
    return made


def in_turns(ask: Callable[[NDArray[Any]], Answer]) -> Callable[[NDArray[Any]], Answer]:
    """Let one thread ask at a time: inside one torch network two slow each other down more."""
    lock = threading.Lock()

    def ask_alone(rows: NDArray[Any]) -> Answer:
        with lock:
            return ask(rows)

    return ask_alone


def landmark_log_probabilities(
    network: nn.Module,
    points: NDArray[np.float32],
    left: NDArray[np.bool_],
    depth: bool = True,
) -> NDArray[np.float32]:
    """Ask the landmark network about hands, float32 `(N, C)`; see `from_both_sides`."""
    ask = _in_torch(FromMeasures(network), _CPU, LandmarkAnswer)
    return from_both_sides(ask, points, left, depth).log_probabilities


def _in_torch(
    network: nn.Module, device: torch.device, answer: Callable[..., Answer]
) -> Callable[[NDArray[Any]], Answer]:
    def ask(rows: NDArray[Any]) -> Answer:
        with torch.inference_mode():
            parts = network(torch.from_numpy(rows).to(device))
            return answer(*(part.cpu().numpy() for part in parts))

    return ask


def _translated_landmarks(network: nn.Module) -> LandmarkNetwork:
    return landmarks_of(translated(network, torch.zeros(2, FEATURE_COUNT), MEASURES))


def traced(network: nn.Module, example: Tensor) -> nn.Module:
    """Compile the forward pass for inputs like `example` into one call, weights included.

    Layer by layer, Python's interpreter lock is asked for some sixty times, each time beside the
    threads of the page and the codec; beside one busy thread that doubles the time of a reading.
    """
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's own remarks about constants
        compiled: nn.Module = torch.jit.freeze(torch.jit.trace(network, example))  # type: ignore[no-untyped-call]
    return compiled


def translated(
    network: nn.Module,
    example: Tensor,
    input_name: str = PIXELS,
    output_names: tuple[str, ...] = (LOG_PROBABILITIES, FEATURES),
) -> OnnxNetwork:
    """Translate a network in eval mode to ONNX Runtime, for any number of rows like `example`'s.

    Raises:
        ValueError: a part of it is in training mode, where dropout leaves out at random.
    """
    return OnnxNetwork(graph_of(network, example, input_name, output_names))


def graph_of(
    network: nn.Module,
    example: Tensor,
    input_name: str = PIXELS,
    output_names: tuple[str, ...] = (LOG_PROBABILITIES, FEATURES),
    keeps_names: bool = False,
) -> bytes:
    """Write a network as ONNX in memory; with `keeps_names` each weight keeps its torch name.

    Otherwise batch norms are folded. The older of torch's exporters: it takes a second where the
    newer one, which `letters.export` uses, takes seven, and a visitor may wait for it.

    Raises:
        ValueError: a part of the network is in training mode.
    """
    if any(module.training for module in network.modules()):
        raise ValueError("the network is in training mode, only eval mode can be translated")
    mode = torch.onnx.TrainingMode
    written = io.BytesIO()
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is the older one, and remarks about constants
        torch.onnx.export(
            network,
            (example,),
            written,  # type: ignore[arg-type]  # this exporter writes to memory too
            dynamo=False,
            opset_version=OPSET,
            training=mode.PRESERVE if keeps_names else mode.EVAL,
            input_names=[input_name],
            output_names=list(output_names),
            dynamic_axes={name: {0: "batch"} for name in (input_name, *output_names)},
        )
    return written.getvalue()


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


def _usable(name: str) -> torch.device:
    try:
        device = torch.device(name)
        torch.zeros(1, device=device).add(1).cpu()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise SettingsError(f"torch cannot use the device {name!r} here: {reason}.") from None
    return device
