"""Damaged inputs of each kind, and the code that has to bear them."""

import asyncio
import io
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np

from asl_core import images
from asl_core.drawing.drawn_letters import drawn_letter
from asl_core.video_file import VideoLimits, open_video
from benchmarks.hostile_checkpoints import checkpoint_maker
from benchmarks.hostile_frames import call_frame_maker
from benchmarks.service_mutations import mutated, mutated_text, pictures

Maker = Callable[[random.Random, Path], None]
"""Makes one damaged input and has it read; what that raises is judged."""

_CONTAINERS = {
    "mp4": "libx264",
    "webm": "libvpx",
    "mkv": "libx264",
    "avi": "mpeg4",
    "ts": "libx264",
}
_LIMITS = VideoLimits(most_bytes=10**8, most_seconds=120)


def picture_maker(folder: Path) -> Maker:
    """Damage a picture of one of seven formats and decode it."""
    del folder
    whole = pictures()

    def make(draw: random.Random, folder: Path) -> None:
        del folder
        images.decode_with_note(mutated(draw.choice(whole), draw), "picture")

    return make


def video_maker(folder: Path) -> Maker:
    """Damage a short video of one of five containers and read it to its end."""
    whole = {}
    for ending, codec in _CONTAINERS.items():
        path = folder / f"whole.{ending}"
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=25)
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            for number in range(12):
                picture = np.full((48, 64, 3), number * 20, np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            container.mux(stream.encode())
        whole[ending] = path.read_bytes()

    def make(draw: random.Random, folder: Path) -> None:
        ending = draw.choice(list(whole))
        path = folder / f"video.{ending}"
        path.write_bytes(mutated(whole[ending], draw))
        with open_video(path, limits=_LIMITS) as video:
            for _ in video.frames():
                pass
            assert video.shortfall is None or video.shortfall.endswith(".")

    return make


def run_folder_maker(folder: Path) -> Maker:
    """Damage the records of a shipped run and read them as the pages do."""
    from asl_core.records.training_run import SHIPPED_RUN, TrainingRun, named_run

    shipped = named_run(SHIPPED_RUN).folder
    records = [p for p in shipped.rglob("*") if p.suffix in (".json", ".csv") and p.is_file()]
    copy = folder / "run"
    for record in records:
        target = copy / record.relative_to(shipped)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(record, target)

    def make(draw: random.Random, folder: Path) -> None:
        record = draw.choice(records)
        target = folder / "run" / record.relative_to(shipped)
        target.write_bytes(mutated_text(record.read_bytes(), draw))
        try:
            _read_record(TrainingRun(folder / "run"), record.relative_to(shipped))
        finally:
            shutil.copyfile(record, target)

    return make


def request_maker(folder: Path) -> Maker:
    """Damage a request's JSON or form and find the picture in it."""
    import base64

    from asl_core.service.picture_request import picture_bytes

    del folder
    picture = images_jpeg()
    code = base64.b64encode(picture).decode()
    whole = (
        ("application/json", json.dumps({"image": f"data:image/jpeg;base64,{code}"}).encode()),
        ("application/json", json.dumps({"image": code}).encode()),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
            + picture
            + b"\r\n--b--\r\n",
        ),
    )

    def make(draw: random.Random, folder: Path) -> None:
        del folder
        kind, body = draw.choice(whole)
        kind = draw.choice((kind, kind, kind, kind[: draw.randrange(len(kind))]))
        data = asyncio.run(picture_bytes(kind, mutated(body, draw)))
        images.decode(data, "The image")

    return make


KINDS: dict[str, Callable[[Path], Maker]] = {
    "picture": picture_maker,
    "video": video_maker,
    "checkpoint": checkpoint_maker,
    "run folder": run_folder_maker,
    "request": request_maker,
    "frame of a call": call_frame_maker,
}


def images_jpeg() -> bytes:
    """Encode a drawn hand as JPEG."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(drawn_letter("B", 200)).save(buffer, "JPEG")
    return buffer.getvalue()


def _read_record(run: Any, record: Path) -> None:
    """Read what the pages make of one record of a run."""
    from asl_core.records.model_card import epochs_told

    if record.parts[0] == "evaluations":
        name = record.parts[1]
        _ = run.evaluation(name), run.robustness(name)
        return
    _ = (run.model, run.classes, run.config, run.division, run.history, epochs_told(run))
    _ = run.reads_whole_pictures, run.can_read
