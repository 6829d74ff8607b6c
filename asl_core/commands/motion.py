"""`python -m asl_core motion`: trains and measures the reader of J and Z."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from asl_core.commands.output_place import check_output_folder
from asl_core.errors import PhotoSetError

if TYPE_CHECKING:
    from asl_core.letters.motion.model import MotionModel
    from asl_core.photos.motion_sequences import MotionSequence
    from asl_core.records.motion_report import MotionReport
    from asl_core.training.motion.run import StillHands

app = typer.Typer(no_args_is_help=True, help="Train and measure the reader of J and Z.")

Sequences = Annotated[
    Path, typer.Argument(metavar="SEQUENCES", help="An .npz of hand landmarks over time.")
]


@app.command()
def train(
    sequences: Sequences,
    out: Annotated[Path, typer.Option(help="Folder for the model.")] = Path("runs/motion-jz"),
    photos: Annotated[
        Path | None, typer.Option(help="Folder of labelled photos, for hands of more people.")
    ] = None,
    crops: Annotated[
        Path, typer.Option(help="Where `train` keeps cut crops; they are cut if missing.")
    ] = Path("runs/crops"),
    streams: Annotated[int, typer.Option(help="Made-up streams to learn from.")] = 20_000,
    epochs: Annotated[int, typer.Option(help="Times that each window is looked at.")] = 4,
    networks: Annotated[int, typer.Option(help="Networks whose answers are averaged.")] = 1,
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.")] = 0,
) -> None:
    """Train on the split `train` and measure on `validation`.

    How sure the model must be is set beforehand; see `motion leave-out`.

    For example:

        python -m asl_core motion train sequences.npz --photos photos --out runs/motion-jz
    """
    from asl_core.photos.motion_sequences import read_motion_sequences
    from asl_core.training.motion.run import MotionTraining, train_motion

    check_output_folder(out, "--out")
    training = MotionTraining(streams, epochs, networks, seed)
    learn = read_motion_sequences(sequences, "train")
    choose = read_motion_sequences(sequences, "validation")
    hands = _still_hands(photos, crops) if photos else None
    model = train_motion(
        learn, out, training, hands, lambda sentence: typer.echo(sentence, err=True)
    )
    _measure(model, out, choose, sequences)


@app.command("leave-out")
def leave_out(
    sequences: Sequences,
    without: Annotated[
        list[str], typer.Option(help="Signers to leave out of one training: one,two. Repeatable.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("runs/motion-jz"),
    photos: Annotated[Path | None, typer.Option(help="Folder of labelled photos.")] = None,
    crops: Annotated[Path, typer.Option(help="Where cut crops are kept.")] = Path("runs/crops"),
    streams: Annotated[int, typer.Option(help="Made-up streams to learn from.")] = 20_000,
    epochs: Annotated[int, typer.Option(help="Times that each window is looked at.")] = 4,
    networks: Annotated[int, typer.Option(help="Networks whose answers are averaged.")] = 1,
    seed: Annotated[int, typer.Option(help="Of the first training; each takes the next.")] = 0,
) -> None:
    """Train without some signers of `train` and `validation`, and see how they are read.

    Shows from which probability on a letter should come out, and how much of a result is chance.

    For example:

        python -m asl_core motion leave-out sequences.npz --without anna --without ben,carl
    """
    from datetime import UTC, datetime

    from asl_core.evaluation.motion.left_out import measure_left_out
    from asl_core.photos.motion_sequences import read_motion_sequences
    from asl_core.records.motion_report import LEFT_OUT_FILE, LeftOutReport, left_out_table
    from asl_core.training.motion.run import MotionTraining, train_motion

    check_output_folder(out, "--out")
    known = read_motion_sequences(sequences, "train") + read_motion_sequences(
        sequences, "validation"
    )
    hands = _still_hands(photos, crops) if photos else None
    scores = []
    for number, signers in enumerate(without):
        gone = set(signers.split(","))
        missing = sorted(gone - {s.signer for s in known})
        if missing:
            raise PhotoSetError(f"{sequences.name} has no signer {missing[0]!r} to leave out.")
        training = MotionTraining(streams, epochs, networks, seed + number)
        typer.echo(f"Without {signers}", err=True)
        with TemporaryDirectory() as folder:
            others = tuple(s for s in known if s.signer not in gone)
            model = train_motion(others, Path(folder), training, hands)
        own = tuple(s for s in known if s.signer in gone)
        scores.append(measure_left_out(model, own, training.seed))
    chosen = " ".join(f"--without {signers}" for signers in without)
    command = (
        f"python -m asl_core motion leave-out {_plain(sequences)} {chosen} --streams {streams} "
        f"--epochs {epochs} --networks {networks} --seed {seed}"
        + (f" --photos {_plain(photos)}" if photos else "")
    )
    created = datetime.now(UTC).isoformat(timespec="seconds")
    report = LeftOutReport(command, created, streams, epochs, networks, tuple(scores))
    out.mkdir(parents=True, exist_ok=True)
    report.save(out / LEFT_OUT_FILE)
    typer.echo(left_out_table(report))


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="MODEL", help="Folder of a motion model.")],
    sequences: Sequences,
    split: Annotated[str, typer.Option(help="Which sequences.")] = "test",
    note: Annotated[str, typer.Option(help="A sentence that the report and card keep.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Read each sequence frame by frame and keep the report and the model card in MODEL.

    For example:

        python -m asl_core motion evaluate models/motion-jz sequences.npz --split validation
    """
    from asl_core.letters.motion.model import MotionModel
    from asl_core.photos.motion_sequences import read_motion_sequences

    model = MotionModel.load(folder)
    _measure(model, folder, read_motion_sequences(sequences, split), sequences, note, as_json)


def _still_hands(photos: Path, crops: Path) -> "StillHands":
    from asl_core.commands.quiet_libraries import quiet_libraries
    from asl_core.photos.hand_crops import load_or_cut
    from asl_core.photos.photo_set import read_photo_set
    from asl_core.training.motion.run import still_hands

    with quiet_libraries():
        return still_hands(load_or_cut(read_photo_set(photos).of_split("train"), crops / "train"))


def _measure(
    model: "MotionModel",
    folder: Path,
    sequences: tuple["MotionSequence", ...],
    file: Path,
    note: str = "",
    as_json: bool = False,
) -> None:
    from asl_core.evaluation.motion.measure import measure_motion
    from asl_core.records.motion_card import motion_card
    from asl_core.records.motion_report import MOTION_TRAINING_FILE, motion_report_file

    split = sequences[0].split
    command = f"python -m asl_core motion evaluate {_plain(folder)} {_plain(file)} --split {split}"
    report = measure_motion(model, sequences, folder.name, file.name, command, note)
    report.save(folder / motion_report_file(split))
    if (folder / MOTION_TRAINING_FILE).is_file():
        (folder / "MODEL_CARD.md").write_text(motion_card(folder), encoding="utf-8")
    _print(report, as_json)


def _plain(path: Path) -> str:
    """A report travels with the model, so an absolute path of this machine stays out of it."""
    return path.name if path.is_absolute() else path.as_posix()


def _print(report: "MotionReport", as_json: bool) -> None:
    import json
    from dataclasses import asdict

    from asl_core.records.motion_card import motion_tables

    typer.echo(json.dumps(asdict(report)) if as_json else motion_tables(report))
