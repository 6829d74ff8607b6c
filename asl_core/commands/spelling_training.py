"""The parts of `python -m asl_core spelling` that train: one model, and the ablation."""

from pathlib import Path
from typing import Annotated

import typer

from asl_core.commands.measuring import Photos, plain_place

Letters = Annotated[
    Path, typer.Argument(metavar="LETTERS", help="An .npz of hand landmarks of letters.")
]
Sequences = Annotated[
    Path, typer.Argument(metavar="SEQUENCES", help="An .npz of hand landmarks over time.")
]


def train(
    letters: Letters,
    sequences: Sequences,
    photos: Annotated[
        Path | None, typer.Option(help="Folder of labelled photos, for hands of more people.")
    ] = None,
    crops: Annotated[Path, typer.Option(help="Where cut crops are kept.")] = Path("runs/crops"),
    out: Annotated[Path, typer.Option(help="Folder for the model.")] = Path("runs/fluent-spelling"),
    steps: Annotated[int, typer.Option(help="Steps of learning, each from some streams.")] = 3000,
    networks: Annotated[int, typer.Option(help="Networks whose answers are averaged.")] = 2,
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.")] = 0,
    without: Annotated[
        list[str] | None, typer.Option(help="Leave out a part of the stream maker. Repeatable.")
    ] = None,
) -> None:
    """Train on made-up streams of spelling; an interrupted training goes on when called again.

    LETTERS holds landmarks of letters by signer, SEQUENCES signed J and Z over time.

    For example:

        python -m asl_core spelling train letters.npz sequences.npz --photos photos
    """
    from asl_core.commands.spelling_material import fluent_material
    from asl_core.spelling.fluent.settings import FluentSettings
    from asl_core.training.fluent.learning import FluentTraining
    from asl_core.training.fluent.parts import Parts
    from asl_core.training.fluent.run import train_fluent

    parts = Parts()
    for name in without or []:
        parts = parts.without(name)
    training = FluentTraining(steps=steps, networks=networks, seed=seed)
    material = fluent_material(letters, sequences, photos, crops)
    train_fluent(
        material,
        out,
        training,
        FluentSettings(),
        parts,
        lambda sentence: typer.echo(sentence, err=True),
    )
    typer.echo(f"Written to {out}.")


def ablation(
    letters: Letters,
    sequences: Sequences,
    real: Annotated[Path, typer.Argument(metavar="REAL", help="Folder of real sequences.")],
    photos: Photos,
    crops: Annotated[Path, typer.Option(help="Where cut crops are kept.")] = Path("runs/crops"),
    out: Annotated[Path, typer.Option(help="Folder of the trainings and the table.")] = Path(
        "runs/fluent-ablation"
    ),
    steps: Annotated[int, typer.Option(help="Steps of each training.")] = 400,
    part: Annotated[
        list[str] | None, typer.Option(help="Part to leave out, by default each. Repeatable.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of every training.")] = 0,
) -> None:
    """Train without one part of the stream maker after the other, and see what it gives.

    Each model reads made-up words of the signers of `validation` and the landmark sequences of
    REAL. An interrupted ablation goes on when called again.

    For example:

        python -m asl_core spelling ablation letters.npz sequences.npz real --photos photos
    """
    from asl_core.commands.spelling_material import ablation_of, fluent_material
    from asl_core.records.fluent_report import FLUENT_ABLATION_FILE, ablation_table
    from asl_core.training.fluent.learning import FluentTraining
    from asl_core.training.fluent.parts import PART_NAMES, Parts

    chosen = tuple(part or PART_NAMES)
    for name in chosen:
        Parts().without(name)
    command = (
        f"python -m asl_core spelling ablation {plain_place(letters)} {plain_place(sequences)} "
        f"{plain_place(real)} --photos {plain_place(photos)} --steps {steps} --seed {seed}"
        + "".join(f" --part {name}" for name in part or ())
    )
    material = fluent_material(letters, sequences, photos, crops)
    table = ablation_of(
        material,
        (photos, crops, sequences),
        real,
        out,
        FluentTraining(steps=steps, networks=1, seed=seed),
        chosen,
        command,
        lambda sentence: typer.echo(sentence, err=True),
    )
    table.save(out / FLUENT_ABLATION_FILE)
    typer.echo(ablation_table(table))
