"""What one line can say of a run: size and measured accuracy, read from its files."""

from dataclasses import dataclass
from typing import Self

from asl_core.errors import RunError
from asl_core.records.training_run import MODEL_FILE, TrainingRun

_WEIGHT_ENTRIES = ("weights", "landmark_weights")


@dataclass(frozen=True)
class MeasuredAccuracy:
    """Accuracy over the 24 static letters, in 0-1, on the `photos` photos of an evaluation."""

    evaluation: str
    accuracy: float
    photos: int


@dataclass(frozen=True)
class ModelSummary:
    """A finished run in short; `parameters` and `weight_bytes` cover all of its networks.

    `weight_bytes` is 0 where the weights are not here: the run was shipped for its records.
    """

    name: str
    architecture: str
    class_count: int
    parameters: int
    weight_bytes: int
    accuracies: tuple[MeasuredAccuracy, ...]

    @classmethod
    def of(cls, run: TrainingRun) -> Self:
        """Summarise a run.

        Raises:
            RunError: `model.json`, a weight file or an evaluation is missing or broken.
        """
        try:
            entries = [run.model[key] for key in _WEIGHT_ENTRIES if run.model.get(key)]
            architecture = str(run.model["architecture"])
            parameters = sum(int(entry["parameters"]) for entry in entries)
            files = [run.folder / str(entry["file"]) for entry in entries]
        except (KeyError, TypeError, ValueError) as error:
            raise RunError(f"{run.name}/{MODEL_FILE} is incomplete: {error}.") from None
        missing = [file.name for file in files if not file.is_file()]
        if missing and not run.is_records_only:
            raise RunError(f"{run.name} has no {missing[0]}.")
        return cls(
            name=run.name,
            architecture=architecture,
            class_count=len(run.classes),
            parameters=parameters,
            weight_bytes=sum(file.stat().st_size for file in files if file.is_file()),
            accuracies=tuple(_accuracy(run, name) for name in run.evaluations),
        )


def _accuracy(run: TrainingRun, evaluation: str) -> MeasuredAccuracy:
    static = run.evaluation(evaluation).static
    return MeasuredAccuracy(evaluation, static.accuracy, static.photos)
