"""`python -m asl_core adapt`: a person's photos in, a small file out that reads their hand."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from asl_core.alphabet import KAGGLE_CLASSES, STATIC_LETTERS
from asl_core.commands.opened_pipeline import open_pipeline
from asl_core.commands.output_place import check_output_file
from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.errors import ImageError, SettingsError
from asl_core.records.training_run import SHIPPED_RUN

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FramePipeline
    from asl_core.letters.adaptation.taught_hand import TaughtHand


def adapt(
    more: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PHOTO]...", help="Further photos, as a shell's * leaves them."),
    ] = None,
    photos: Annotated[
        list[Path] | None,
        typer.Option(help="Folder with a folder of photos for each letter, or such photos."),
    ] = None,
    output: Annotated[Path, typer.Option(help="The file to write.")] = Path("hand.json"),
    run: Annotated[str, typer.Option(help="Name or folder of a run.")] = SHIPPED_RUN,
    device: Annotated[
        str | None, typer.Option(help="'cpu', 'cuda', 'mps' …; default: a GPU where there is one.")
    ] = None,
) -> None:
    """Teach the model one person's own letters, from a photo or two of each.

    The folder that a photo lies in names its letter. J and Z are movements and are left out; of
    many photos of a letter four are taken, spread over all. No network is trained: features of the
    photos are kept, but no picture. Each photo is then read as if it had not been taught, and what
    comes of that is printed; where it does not help, the file is written all the same and says so
    when it is used. `predict` and `transcribe` take the file with --hand.

    For example:

        python -m asl_core adapt --photos my-photos --output hand.json

        python -m asl_core adapt --photos my-photos/*/*.jpg --output hand.json
    """
    from asl_core.letters.adaptation.hand_file import save_hand

    pictures = list(labelled_pictures([*(photos or []), *(more or [])]))
    check_output_file(output, "--output")
    with quiet_libraries():
        hand, classes, failures = _taught(pictures, run, device)
    save_hand(hand, output)
    _tell(hand, classes, output)
    if failures:
        raise typer.Exit(1)


def labelled_pictures(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Yield up to four photos of each letter with the letter, spread evenly over all its photos.

    Raises:
        SettingsError: there is no path, a path does not exist, a photo lies in no letter's folder,
            or no photo of a letter is left.
    """
    from asl_core.letters.adaptation.taught_hand import MOST_PHOTOS_A_LETTER

    if not paths:
        raise SettingsError("Name photos with --photos FOLDER, which has a folder for each letter.")
    found: dict[str, list[Path]] = {letter: [] for letter in STATIC_LETTERS}
    left_out: set[str] = set()
    for path in paths:
        for picture in _pictures_at(path):
            label = _label_of(picture)
            if label in found:
                found[label].append(picture)
            else:
                left_out.add(label)
    if left_out:
        names = ", ".join(sorted(left_out))
        sentence = (
            f"Left out: {names}; only the {len(STATIC_LETTERS)} letters held still are taught."
        )
        typer.secho(sentence, err=True, fg=typer.colors.YELLOW)
    if not any(found.values()):
        raise SettingsError(f"There is no photo of a letter that is held still at {paths[0]}.")
    for letter, pictures in found.items():
        chosen = sorted(set(pictures))
        step = max(len(chosen) / MOST_PHOTOS_A_LETTER, 1.0)
        count = min(len(chosen), MOST_PHOTOS_A_LETTER)
        yield from ((chosen[int(number * step)], letter) for number in range(count))


def _pictures_at(path: Path) -> list[Path]:
    from asl_core.file_kinds import PICTURE_SUFFIXES

    if not path.exists():
        raise SettingsError(f"{path} does not exist.")
    if path.is_file():
        return [path]
    if path.name in KAGGLE_CLASSES:
        inside = path.glob("*")
    else:
        inside = (file for name in KAGGLE_CLASSES for file in path.glob(f"{name}/*"))
    return sorted(file for file in inside if file.suffix.lower() in PICTURE_SUFFIXES)


def _label_of(picture: Path) -> str:
    label = picture.resolve().parent.name
    if label not in KAGGLE_CLASSES:
        raise SettingsError(
            f"{picture} lies in the folder {label!r}, which names no letter; a photo of an A "
            "belongs into a folder A."
        )
    return label


def _taught(
    pictures: Sequence[tuple[Path, str]], run: str, device: str | None
) -> tuple["TaughtHand", tuple[str, ...], int]:
    from asl_core.letters.adaptation.taught_hand import TaughtHand

    failures = 0
    with open_pipeline(run, device) as pipeline:
        recognizer = pipeline.recognizer
        hand = TaughtHand(recognizer.name, recognizer.digest)
        for path, letter in pictures:
            try:
                hand = _with_picture(hand, pipeline, path, letter)
            except ImageError as error:
                failures += 1
                typer.secho(f"{path}: {error}", err=True, fg=typer.colors.RED)
    if not hand.photos:
        raise SettingsError(f"No hand was found in any of {len(pictures)} photos.")
    return hand, recognizer.classes, failures


def _with_picture(
    hand: "TaughtHand", pipeline: "FramePipeline", path: Path, letter: str
) -> "TaughtHand":
    from asl_core import images

    prediction = pipeline.read(images.read(path)).prediction
    if prediction is None or prediction.evidence is None:
        typer.secho(f"{path}: no hand found, left out.", err=True, fg=typer.colors.YELLOW)
        return hand
    return hand.with_photo(letter, prediction.evidence)


def _tell(hand: "TaughtHand", classes: tuple[str, ...], output: Path) -> None:
    from asl_core.letters.adaptation.trial import trial_sentence, try_hand

    trial = try_hand(hand, classes)
    typer.echo(f"Taught {len(hand.photos)} photos of {trial.letters} letters.")
    if hand.missing:
        typer.echo(f"Without a photo: {', '.join(hand.missing)}.")
    typer.echo(trial_sentence(trial))
    typer.echo(f"Written: {output}")
