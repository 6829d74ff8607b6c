"""`python -m asl_core typical-hands`: the hands that the samples are drawn from."""

from pathlib import Path
from typing import Annotated

import typer

from asl_core.commands.measuring import Photos


def typical_hands(
    photos: Photos,
    split: Annotated[str, typer.Option(help="Which photos of it to look at.")] = "train",
    crops: Annotated[
        Path, typer.Option(help="Where `train` keeps cut crops; they are cut if missing.")
    ] = Path("runs/crops"),
    target: Annotated[
        Path | None, typer.Option(help="JSON file to write; default: the one that ships.")
    ] = None,
) -> None:
    """Find the typical hand of each letter and write its landmarks.

    The samples of the dashboard are drawn from them. A typical hand is the mean of those signers
    whose hands are nearest to the most central one; no single photo can be told from it.

    For example:

        python -m asl_core typical-hands --photos photos
    """
    from asl_core.commands.output_place import check_output_file
    from asl_core.commands.quiet_libraries import quiet_libraries
    from asl_core.drawing.drawn_letters import TYPICAL_HANDS_FILE
    from asl_core.photos.hand_crops import load_or_cut
    from asl_core.photos.photo_set import read_photo_set
    from asl_core.photos.typical_hands import (
        typical_hands,
        usable_photos,
        write_typical_hands,
    )

    path = target or TYPICAL_HANDS_FILE
    check_output_file(path, "--target")
    with quiet_libraries():
        cut = load_or_cut(read_photo_set(photos).of_split(split), crops / split)
    hands = typical_hands(cut)
    usable = cut.select(usable_photos(cut))
    sources, signers = tuple(sorted(set(usable.sources.tolist()))), set(usable.signers.tolist())
    described = (
        f"{sum(hand.photos_seen for hand in hands)} photos of {len(signers)} signers, split {split}"
    )
    write_typical_hands(path, hands, described, sources)
    for hand in hands:
        typer.echo(
            f"{hand.letter}: mean of {hand.signers} of {hand.signers_seen} signers, "
            f"{hand.photos_seen} photos seen"
        )
    typer.echo(f"Written: {path}")
