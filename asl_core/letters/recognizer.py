"""Names the letter of a hand: NumPy in, LetterPrediction out."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import MOTION_LETTERS
from asl_core.errors import ModelFileError
from asl_core.letters.adaptation.own_letters import HandAdaptation
from asl_core.letters.device import CPU, reading_device, usable_cores
from asl_core.letters.model_file import ModelFile, ModelSettings
from asl_core.letters.networks import (
    LandmarkAnswer,
    LetterNetworks,
    PictureAnswer,
    from_both_sides,
    mean_of_both,
)
from asl_core.letters.prediction import (
    HandEvidence,
    HandView,
    LetterPrediction,
    ScoredLabel,
    log_softmax,
    softmax,
    unit,
)
from asl_core.letters.serving import served_networks

if TYPE_CHECKING:
    from asl_core.letters.adaptation.taught_hand import TaughtHand
    from asl_core.letters.checkpoint import Checkpoint

__all__ = ["HandView", "LetterRecognizer"]


class LetterRecognizer:
    """The networks of a model ready to read hands; one serves all threads of a process."""

    def __init__(self, settings: ModelSettings, networks: LetterNetworks) -> None:
        self.name = settings.name
        self.classes = settings.classes
        self.preprocessing = settings.preprocessing
        self.calibration = settings.calibration
        self.networks = networks
        self.digest = settings.digest
        self.version = settings.version
        self._adaptation: HandAdaptation | None = None

    @classmethod
    def load(cls, path: Path, device: str | None = None, threads: int | None = None) -> Self:
        """Load a run folder or a reference checkpoint.

        Runs on `device`, such as "cpu" or "cuda:1"; by default on the GPU where there is one, else
        on the CPU. There a run reads with its exported networks in ONNX Runtime, on `threads`
        cores (None: all), and torch is not imported; a run without them, a reference checkpoint
        and a GPU are read with in torch.

        Raises:
            ModelFileError: see `Checkpoint.load`; or torch is needed and not installed.
            SettingsError: torch cannot compute on `device` here.
        """
        place = reading_device(device)
        if place == CPU and path.is_dir():
            file = ModelFile.read(path)
            networks = served_networks(path, file, threads or usable_cores())
            if networks is not None:
                return cls(file.settings, networks)
        return cls._in_torch(path, place, threads)

    @classmethod
    def _in_torch(cls, path: Path, device: str, threads: int | None) -> Self:
        try:
            import torch

            from asl_core.letters.checkpoint import Checkpoint
        except ModuleNotFoundError as error:
            if error.name not in ("torch", "torchvision"):
                raise
            raise ModelFileError(
                f"{path.name} is read with {error.name}, which is not installed; get it with: "
                "pip install torch torchvision"
            ) from None
        if threads is not None:
            torch.set_num_threads(threads)
        return cls.of(Checkpoint.load(path), device)

    @classmethod
    def of(cls, checkpoint: "Checkpoint", device: str | None = None) -> Self:
        """Read with a checkpoint in torch.

        Raises:
            SettingsError: torch cannot compute on `device` here.
        """
        from asl_core.letters.torch_networks import torch_networks

        return cls(checkpoint.settings, torch_networks(checkpoint, reading_device(device)))

    @property
    def device(self) -> str:
        """Where the networks compute, such as "cpu" or "cuda"."""
        return self.networks.device

    def for_live(self) -> Self:
        """Return a recognizer for video: one view of the hand, one call into the network.

        One view instead of two (the second is the mirror image) costs 0.1 % of accuracy on
        validation photos and saves a third of the network's time; in a stream the next frame is the
        second view. On a CPU each reading takes one thread, so that several visitors are answered
        at the same time.
        """
        single = copy.copy(self)
        single.preprocessing = replace(self.preprocessing, mirrored_look=False)
        single.networks = self.networks.for_video()
        return single

    def without_landmarks(self) -> Self:
        """Return a recognizer that asks the picture network alone."""
        single = copy.copy(self)
        single.calibration = replace(self.calibration, landmark_share=0.0)
        return single

    def adapted(self, hand: "TaughtHand") -> Self:
        """Return a recognizer that knows a person's own letters; it shares this one's networks.

        Raises:
            HandFileError: the hand was taught to another model.
        """
        hand.require_model(self.name, self.digest)
        own = copy.copy(self)
        own._adaptation = HandAdaptation(hand, self.classes)
        return own

    def recognize(self, hands: Sequence[HandView]) -> list[LetterPrediction]:
        """Predict the letter of each hand.

        Raises:
            ValueError: a crop has another size than the preprocessing says.
        """
        if not hands:
            return []
        pictures = self._ask_picture(hands)
        landmarks = self._ask_landmarks(hands)
        return [
            self._fuse(
                PictureAnswer(*(part[i] for part in pictures)),
                LandmarkAnswer(*(part[i] for part in landmarks))
                if landmarks is not None and hand.points is not None
                else None,
            )
            for i, hand in enumerate(hands)
        ]

    def recognize_seen(
        self, picture: PictureAnswer | None, points: NDArray[np.float32], is_left: bool
    ) -> LetterPrediction:
        """Predict the letter of a hand whose picture another program has shown to the network.

        `picture` is the network's answer about that one hand: log-probabilities float32 `(C,)` and
        features float32 `(F,)`; a taught hand has its say only where they are not empty. Without
        one the landmark network decides alone. `points` is float32 `(21, 3)` in pixels of the
        unmirrored picture.

        Raises:
            ValueError: `picture` has another length than the classes; or there is none, and no
                landmark network either.
        """
        landmarks = self._landmarks_say(points[None], np.array([is_left]))
        said = LandmarkAnswer(*(part[0] for part in landmarks)) if landmarks is not None else None
        if picture is None:
            if said is None:
                raise ValueError(f"{self.name} reads no hand without its picture")
            return self._by_landmarks(said)
        shape = picture.log_probabilities.shape
        if shape != (len(self.classes),):
            raise ValueError(f"{len(self.classes)} classes, but log-probabilities {shape}")
        return self._fuse(picture, said)

    def _ask_picture(self, hands: Sequence[HandView]) -> PictureAnswer:
        size = self.preprocessing.input_size
        for hand in hands:
            if hand.crop.shape != (size, size, 3):
                raise ValueError(f"a crop has shape {hand.crop.shape}, expected {(size, size, 3)}")
        mirror_left = self.preprocessing.left_hands == "mirror"
        crops = np.stack(
            [hand.crop[:, ::-1] if mirror_left and hand.is_left else hand.crop for hand in hands]
        )
        if not self.preprocessing.mirrored_look:
            return self.networks.picture(crops)
        both = self.networks.picture(np.concatenate([crops, crops[:, :, ::-1]]))
        # Features of the crop as it is: video, which looks once, must have the same.
        return PictureAnswer(mean_of_both(both.log_probabilities), both.features[: len(hands)])

    def _ask_landmarks(self, hands: Sequence[HandView]) -> LandmarkAnswer | None:
        empty = np.zeros((21, 3), np.float32)
        points = np.stack([hand.points if hand.points is not None else empty for hand in hands])
        return self._landmarks_say(points, np.array([hand.is_left for hand in hands]))

    def _landmarks_say(
        self, points: NDArray[np.float32], left: NDArray[np.bool_]
    ) -> LandmarkAnswer | None:
        if self.networks.landmarks is None or self.calibration.landmark_share == 0:
            return None
        depth = self.preprocessing.landmark_depth
        return from_both_sides(self.networks.landmarks, points, left, depth)

    def _joined(
        self, picture: NDArray[np.float32], landmarks: NDArray[np.float32] | None
    ) -> NDArray[np.float32]:
        """Return the weighted sum of both networks' log-probabilities over the temperature."""
        share, fused = self.calibration.landmark_share, picture
        if landmarks is not None:
            fused = (1 - share) * fused + share * landmarks
        return np.asarray(fused / self.calibration.temperature, np.float32)

    def _fuse(self, picture: PictureAnswer, landmarks: LandmarkAnswer | None) -> LetterPrediction:
        said = landmarks.log_probabilities if landmarks is not None else None
        evidence = HandEvidence(
            log_probabilities=log_softmax(self._joined(picture.log_probabilities, said)),
            picture=unit(picture.features),
            landmarks=unit(landmarks.features) if landmarks and landmarks.features.size else None,
        )
        is_comparable = self._adaptation is not None and picture.features.size > 0
        own = self._adaptation.read(evidence) if self._adaptation and is_comparable else None
        return LetterPrediction(
            classes=self.classes,
            probabilities=softmax(evidence.log_probabilities if own is None else own.log_shares),
            image_best=self._best(picture.log_probabilities),
            landmark_best=self._best(said),
            evidence=evidence,
            nearness=own.nearness if own is not None else None,
            landmarks_suffice=self._suffices(said, evidence.log_probabilities),
        )

    def _by_landmarks(self, landmarks: LandmarkAnswer) -> LetterPrediction:
        alone = self._alone(landmarks.log_probabilities)
        return LetterPrediction(
            classes=self.classes,
            probabilities=softmax(alone),
            landmark_best=self._best(landmarks.log_probabilities),
            landmarks_suffice=self._suffices(landmarks.log_probabilities, alone),
        )

    def _alone(self, landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the landmark network's own log-probabilities, calibrated."""
        return log_softmax(landmarks / np.float32(self.calibration.landmark_temperature))

    def _suffices(
        self, landmarks: NDArray[np.float32] | None, all_say: NDArray[np.float32]
    ) -> bool:
        """Whether the landmark network is as sure as it must be of the letter that `all_say`.

        Never of J and Z, of which a still hand shows only a part; and never where a hand was
        taught, which is compared by its picture.
        """
        if landmarks is None or self._adaptation is not None:
            return False
        best = int(landmarks.argmax())
        if best != int(all_say.argmax()) or self.classes[best] in MOTION_LETTERS:
            return False
        sure = float(np.exp(self._alone(landmarks)[best]))
        return sure > self.calibration.landmarks_suffice

    def _best(self, log_probabilities: NDArray[np.float32] | None) -> ScoredLabel | None:
        if log_probabilities is None:
            return None
        # The mean over mirror images does not sum to 1 any more, so it is normalised again.
        probabilities = softmax(log_probabilities)
        index = int(probabilities.argmax())
        return ScoredLabel(self.classes[index], float(probabilities[index]))
