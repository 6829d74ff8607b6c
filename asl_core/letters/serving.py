"""Opens the exported networks of a run, which ONNX Runtime reads with; no torch is imported."""

import platform
import sys
import time
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np

from asl_core.errors import ModelFileError
from asl_core.letters.device import CPU
from asl_core.letters.model_file import ModelFile
from asl_core.letters.network_form import TORCH, asked_form
from asl_core.letters.networks import LandmarkNetwork, LetterNetworks
from asl_core.letters.onnx_network import OnnxNetwork, SpreadOver, landmarks_of, picture_of
from asl_core.letters.weight_files import verified_bytes
from asl_core.records.json_file import BrokenValueError, build
from asl_core.records.serving_record import FLOAT32, FORMS, INT8, ServedFile, ServingRecord
from asl_core.records.training_run import MODEL_FILE

_MEASURED_READINGS = 4


def served_networks(folder: Path, file: ModelFile, threads: int) -> LetterNetworks | None:
    """Open the exported networks of a run, or return None where it has none.

    Photos are spread over `threads` cores. None, too, where FORM_VARIABLE asks for torch.

    Raises:
        ModelFileError: a file is missing or altered, or ONNX Runtime refuses it.
        SettingsError: FORM_VARIABLE names no form.
    """
    asked = asked_form()
    if file.serving is None or asked == TORCH:
        return None
    record = serving_record(folder, file)
    form, picture = _chosen_picture(folder, file, record, asked)
    landmarks = _landmarks(folder, record, file)

    def networks(spread: int) -> LetterNetworks:
        network = picture if spread == 1 else SpreadOver(picture, spread)
        return LetterNetworks(
            picture=picture_of(network),
            landmarks=landmarks,
            device=CPU,
            form=f"{form} in ONNX Runtime",
            # A live frame has one crop and takes one core; another visitor's may take the next.
            for_video=lambda: networks(1),
        )

    return networks(threads)


def serving_record(folder: Path, file: ModelFile) -> ServingRecord:
    """Read what `model.json` tells of the exported networks.

    Raises:
        ModelFileError: it is broken.
    """
    try:
        return build(ServingRecord, file.serving)
    except BrokenValueError as error:
        raise ModelFileError(f"{folder.name}/{MODEL_FILE} is broken: serving.{error}.") from None


def open_picture(folder: Path, file: ModelFile, record: ServingRecord, form: str) -> OnnxNetwork:
    """Open the picture network in the form INT8 or FLOAT32.

    Raises:
        ModelFileError: the run has no such form, or a file is missing or altered.
    """
    if form == INT8:
        if record.int8 is None:
            raise ModelFileError(
                f"{folder.name} has no network in eight bits: it would cost too much accuracy."
            )
        return OnnxNetwork(_bytes_of(folder, record.int8))
    _bytes_of(folder, record.float32)
    verified_bytes(folder, file.weights, MODEL_FILE)
    # ONNX Runtime reads the weights from the safetensors file that the graph names.
    return OnnxNetwork(folder / record.float32.file)


def check_served(folder: Path) -> str:
    """Open every exported network of a run, and name their forms for a person; "" without any.

    Raises:
        ModelFileError: a file is missing or altered, or ONNX Runtime refuses it.
    """
    file = ModelFile.read(folder)
    if file.serving is None:
        return ""
    record = serving_record(folder, file)
    forms = [form for form in FORMS if form == FLOAT32 or record.int8 is not None]
    for form in forms:
        open_picture(folder, file, record, form)
    _landmarks(folder, record, file)
    return f" and exported networks ({', '.join(forms)})"


def fast_in_eight_bits() -> bool | None:
    """Tell by the processor whether eight bits are faster; None where only measuring tells.

    Processors with VNNI multiply four pairs of bytes in one instruction. With AVX2 alone the
    eight-bit network still took half of the time on an AMD EPYC of the third generation.
    """
    if {"avx512_vnni", "avx_vnni", "avx2", "asimddp", "i8mm"} & _processor_flags():
        return True
    # Every Mac with an M processor has the dot products of bytes.
    return True if sys.platform == "darwin" and platform.machine() == "arm64" else None


def _chosen_picture(
    folder: Path, file: ModelFile, record: ServingRecord, asked: str | None
) -> tuple[str, OnnxNetwork]:
    if asked is None and record.int8 is not None and fast_in_eight_bits() is None:
        forms = {form: open_picture(folder, file, record, form) for form in FORMS}
        size = file.settings.preprocessing.input_size
        form = faster_form(record.int8.sha256, size, forms)
        return form, forms[form]
    form = asked or (INT8 if record.int8 is not None else FLOAT32)
    return form, open_picture(folder, file, record, form)


_faster: dict[str, str] = {}


def faster_form(key: str, size: int, forms: dict[str, OnnxNetwork]) -> str:
    """Ask each form about the same crop in turns and return the name of the fastest.

    It is measured once in a process for each `key`; the time that counts is the processor's, so
    that a busy machine cannot mislead.
    """
    if key not in _faster:
        crop = np.zeros((1, size, size, 3), np.uint8)
        spent = {form: float("inf") for form in forms}
        for _ in range(_MEASURED_READINGS):
            for form, network in forms.items():
                started = time.thread_time()
                network(crop)
                spent[form] = min(spent[form], time.thread_time() - started)
        _faster[key] = min(spent, key=lambda form: spent[form])
    return _faster[key]


def _landmarks(folder: Path, record: ServingRecord, file: ModelFile) -> LandmarkNetwork | None:
    if record.landmarks is None or file.settings.calibration.landmark_share == 0:
        return None
    return landmarks_of(OnnxNetwork(_bytes_of(folder, record.landmarks)))


def _bytes_of(folder: Path, file: ServedFile) -> bytes:
    return verified_bytes(folder, asdict(file), MODEL_FILE)


@cache
def _processor_flags() -> frozenset[str]:
    """Return what Linux says that the processor can do; empty elsewhere."""
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return frozenset()
    lines = [line for line in text.splitlines() if line.lower().startswith(("flags", "features"))]
    return frozenset(lines[0].split(":", 1)[-1].split()) if lines else frozenset()
