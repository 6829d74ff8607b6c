"""Of which hands is the landmark network so sure that the picture would not change their letter?

    python -m benchmarks.device_landmarks ../shared/photos --crops runs/crops

Reads the validation crops with the network for browsers and one look, as a device's frames are
read, with both networks and with the landmark network alone, and tells for several confidences of
the latter what leaving the picture out would change. Then each hand is held before a camera, with
points that tremble, and its letter is spelled by the code that reads a browser's stream, both as it
is and with each frame's picture. Writes device-landmarks.json in benchmarks/results and
docs/device-figures.md; with --keep the landmark network's temperature and the confidence that
suffices go into the model's files first.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from asl_core.alphabet import STATIC_LETTERS
from asl_core.hands.landmarks import HandDetection, HandLandmarks
from asl_core.letters.networks import from_both_sides
from asl_core.letters.onnx_network import OnnxNetwork
from asl_core.letters.prediction import softmax
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.live.camera_hints import Light
from asl_core.live.device_frame import DeviceFrame, device_stream
from asl_core.live.picture_need import PictureNeed
from asl_core.live.visit import LiveVisit
from asl_core.photos.hand_crops import HandCrops, load_or_cut
from asl_core.photos.photo_set import read_photo_set
from asl_core.photos.split import VALIDATION
from asl_core.records.json_file import read_json, write_json
from asl_core.records.training_run import MODEL_FILE, SHIPPED_RUN, TrainingRun, named_run
from asl_core.records.web_model import WEB_MODEL_FILE, web_model_of
from asl_core.training.serving.parity import network_pixels
from asl_core.training.validation import best_temperature, landmarks_suffice, static_classes
from benchmarks.device_page import write_page
from benchmarks.device_report import (
    HELD_RATE,
    HELD_SECONDS,
    LANDMARKS_FILE,
    HeldHands,
    LandmarksLevel,
    LandmarksReport,
)

SHOWN_LEVELS = (0.8, 0.86, 0.9, 0.93, 0.95, 0.96, 0.97, 0.98)
TREMBLE = 0.01
"""How far each point strays from frame to frame, in longer sides of the hand."""
SEED = 0
_BATCH = 16

Rows = NDArray[np.float32]


def said_of(run: TrainingRun, recognizer: LetterRecognizer, crops: HandCrops) -> tuple[Rows, Rows]:
    """Ask the picture network for browsers and the landmark network; log-probabilities `(N, C)`."""
    network = OnnxNetwork(run.folder / web_model_of(run.folder).file)
    pictures = [
        network(network_pixels(crops, chosen, recognizer.preprocessing))[0]
        for chosen in np.array_split(np.arange(len(crops)), max(1, len(crops) // _BATCH))
    ]
    assert recognizer.networks.landmarks is not None
    depth = recognizer.preprocessing.landmark_depth
    landmarks = from_both_sides(
        recognizer.networks.landmarks, crops.pixel_points, crops.left_hand, depth
    )
    return np.concatenate(pictures), landmarks.log_probabilities


def level(
    above: float,
    alone: Rows,
    fused: Rows,
    truth: NDArray[np.int64],
    static: NDArray[np.bool_],
    rejected: float,
) -> LandmarksLevel:
    """Tell what leaving the picture out changes for hands above a confidence; `(N, C)` shares."""
    mine, theirs = alone.argmax(axis=1), fused.argmax(axis=1)
    let = (alone.max(axis=1) > above) & static[mine]
    difference = alone.max(axis=1)[let] - fused.max(axis=1)[let]
    return LandmarksLevel(
        above=above,
        hands=int(let.sum()),
        changed=int((mine != theirs)[let].sum()),
        right_alone=int((mine == truth)[let].sum()),
        right_fused=int((theirs == truth)[let].sum()),
        unsure_fused=int((fused.max(axis=1)[let] < rejected).sum()),
        mean_difference=round(float(difference.mean()), 4) if let.any() else 0.0,
        p95_difference=round(float(np.percentile(np.abs(difference), 95)), 4) if let.any() else 0.0,
    )


def spelled(
    recognizer: LetterRecognizer,
    detection: HandDetection,
    said: Rows,
    size: tuple[int, int],
    every_picture: bool,
) -> tuple[str, int, int]:
    """Hold a hand before a camera; return what it wrote, its frames, those without a picture.

    `said` is what the picture network says of it, float32 `(C,)`; its points tremble from frame to
    frame, the same ones each time.
    """
    random = np.random.default_rng(SEED)
    visit = LiveVisit(
        lambda _: device_stream(recognizer, None),
        recognizer.calibration.rejection_threshold,
        clock=lambda: 0.0,
    )
    visit.source = "device"
    need, wants, without = PictureNeed(), True, 0
    points = detection.landmarks.points
    tremble = TREMBLE * float(np.ptp(points[:, :2], axis=0).max())
    frames = round(HELD_SECONDS * HELD_RATE)
    for number in range(1, frames + 1):
        moved = points + random.normal(0, tremble, points.shape).astype(np.float32)
        seen = DeviceFrame(
            *(number, number / HELD_RATE, *size, Light(120.0, 120.0)),
            replace(detection, landmarks=HandLandmarks(moved)),
            said if wants else None,
        )
        without += not wants
        wants = need.after(seen, visit.on_device_frame(seen, seen.time_s)) or every_picture
    visit.end_device()
    return visit.transcript.text, frames, without


def hold_all(
    recognizer: LetterRecognizer, crops: HandCrops, pictures: Rows
) -> tuple[HeldHands, HeldHands, int]:
    """Hold the hands of all static letters, as a stream is read and with each picture."""
    places = np.flatnonzero(np.isin(crops.labels, STATIC_LETTERS))
    ways: list[list[tuple[str, int, int]]] = [[], []]
    for place in places:
        detection = HandDetection(
            HandLandmarks(crops.landmarks[place]),
            "Left" if crops.left_hand[place] else "Right",
            0.9,
        )
        width, height = (int(side) for side in crops.frame_sizes[place])
        for way, every_picture in zip(ways, (False, True), strict=True):
            said = pictures[place]
            way.append(spelled(recognizer, detection, said, (width, height), every_picture))
    labels = crops.labels[places].tolist()
    sums = [
        HeldHands(
            hands=len(way),
            right=sum(text == label for (text, _, _), label in zip(way, labels, strict=True)),
            wrong=sum(
                text not in ("", label) for (text, _, _), label in zip(way, labels, strict=True)
            ),
            frames=sum(frames for _, frames, _ in way),
            without_picture=sum(without for _, _, without in way),
        )
        for way in ways
    ]
    otherwise = sum(one[0] != other[0] for one, other in zip(*ways, strict=True))
    return sums[0], sums[1], otherwise


def measure(root: Path, crops_folder: Path, into_model: bool = False) -> LandmarksReport:
    """Read the validation crops both ways, and hold their hands before a camera."""
    run = named_run(SHIPPED_RUN)
    recognizer = LetterRecognizer.load(run.folder, "cpu").for_live()
    photos = read_photo_set(root).of_split(VALIDATION)
    crops = load_or_cut(photos, crops_folder / VALIDATION)
    crops = crops.select(crops.readable & np.isin(crops.labels, recognizer.classes))
    truth = np.array([recognizer.classes.index(label) for label in crops.labels.tolist()])
    pictures, landmarks = said_of(run, recognizer, crops)
    calibration = recognizer.calibration
    share = calibration.landmark_share
    joined = ((1 - share) * pictures + share * landmarks) / calibration.temperature
    fused = softmax(np.asarray(joined, np.float32))
    temperature = best_temperature(landmarks, truth)
    alone, static = softmax(landmarks / temperature), static_classes(recognizer.classes)
    suffices = landmarks_suffice(alone, fused, truth, static)
    parts = [crops.signers == signer for signer in np.unique(crops.signers)]
    rejected = calibration.rejection_threshold
    of_signers = [
        level(suffices, alone[part], fused[part], truth[part], static, rejected) for part in parts
    ]
    worst = max(of_signers, key=lambda found: found.changed / max(found.hands, 1))
    if into_model:
        keep(temperature, suffices, run)
    recognizer.calibration = replace(
        calibration, landmark_temperature=temperature, landmarks_suffice=suffices
    )
    held, held_every_picture, held_otherwise = hold_all(recognizer, crops, pictures)
    return LandmarksReport(
        command=f"python -m benchmarks.device_landmarks {root.resolve().name}",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        run=run.name,
        photo_set=root.resolve().name,
        split=VALIDATION,
        hands=len(crops),
        right_fused=int((fused.argmax(axis=1) == truth).sum()),
        temperature=temperature,
        suffices=suffices,
        worst_hands=worst.hands,
        worst_changed=worst.changed,
        held=held,
        held_every_picture=held_every_picture,
        held_otherwise=held_otherwise,
        levels=tuple(
            level(above, alone, fused, truth, static, rejected)
            for above in sorted({*SHOWN_LEVELS, suffices})
        ),
    )


def keep(temperature: float, suffices: float, run: TrainingRun) -> None:
    """Write what was found into the model's file, and its copy beside the browsers' network."""
    found = {"landmark_temperature": temperature, "landmarks_suffice": suffices}
    for name in (MODEL_FILE, WEB_MODEL_FILE):
        values = read_json(run.folder / name)
        values["calibration"] |= found
        write_json(run.folder / name, values)


def main(
    root: Annotated[Path, typer.Argument(help="Folder of labelled photos.")],
    crops: Annotated[Path, typer.Option(help="Where cut hands are kept.")] = Path("runs/crops"),
    into_model: Annotated[bool, typer.Option("--keep", help="Write into the model.")] = False,
) -> None:
    """Measure, print what was found, and write the report and its page."""
    report = measure(root, crops, into_model)
    for found in report.levels:
        typer.echo(
            f"above {found.above:.2f}: {found.hands} of {report.hands} hands "
            f"({found.hands / report.hands:.1%}); with the picture {found.changed} have another "
            f"letter, {found.right_fused} instead of {found.right_alone} are right"
        )
    typer.echo(f"Temperature {report.temperature:g}, the landmarks suffice at {report.suffices:g}.")
    typer.echo(
        f"Held: {report.held}; with each picture: {report.held_every_picture}; "
        f"{report.held_otherwise} wrote another letter."
    )
    report.save(LANDMARKS_FILE)
    write_page()


if __name__ == "__main__":
    typer.run(main)
