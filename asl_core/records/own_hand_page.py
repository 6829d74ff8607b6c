"""Writes what teaching gives as Markdown, so that no figure in it is typed by hand."""

from collections.abc import Sequence

from asl_core.records.own_hand_report import OwnHandReport


def own_hand_table(report: OwnHandReport) -> str:
    """Write the report as Markdown: one row for each signer, and one for all."""
    lines = [
        "| signer | photos | no hand | errors before | after | change in points | on in "
        "| others' errors before | after | likeness | nearly alike |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for signer in sorted(report.signers, key=lambda s: (s.lost_points, s.signer)):
        on = sum(seed.is_on for seed in signer.seeds)
        count = len(signer.seeds)
        likeness = sum(seed.likeness for seed in signer.seeds) / count
        alike = sum(seed.nearly_alike for seed in signer.seeds) / count
        others = max(signer.strangers, 1)
        told = (
            f"{signer.strangers_before / others:.1%} | {signer.strangers_after / others:.1%}"
            if signer.strangers
            else "- | -"
        )
        lines.append(
            f"| {signer.signer} | {signer.photos} | {signer.no_hand} | {signer.before} "
            f"| {signer.after:.1f} | {signer.lost_points:+.1f} | {on} of {count} | {told} "
            f"| {likeness:.2f} | {alike:.0%} |"
        )
    before, after = report.stranger_shares
    lost = 100 * (report.after - report.before) / report.photos
    no_hand = sum(signer.no_hand for signer in report.signers)
    lines.append(
        f"| **all {len(report.signers)}** | {report.photos:,} | {no_hand} | {report.before} "
        f"| {report.after:.1f} | {lost:+.1f} | | {before:.1%} | {after:.1%} | | |"
    )
    return "\n".join(lines) + "\n"


def own_hand_sentence(report: OwnHandReport) -> str:
    """Say in a few sentences what teaching gave, for the signer and for others."""
    signers, wrong = len(report.signers), report.before / report.photos
    left_off = sorted({s.signer for s in report.signers if not all(x.is_on for x in s.seeds)})
    before, after = report.stranger_shares
    parts = [
        f"With {report.photos_a_letter} photos of each of the 24 letters of a signer, the errors "
        f"on the signer's other photos go from {report.before} to {report.after:.1f} of "
        f"{report.photos:,} ({wrong:.1%} to {report.after / report.photos:.1%}, "
        f"{report.fallen_share:.0%} fewer) over {signers} signers, the mean of "
        f"{len(report.signers[0].seeds)} draws.",
        f"The most that a signer loses is {report.worst_loss:.1f} points.",
        f"The expected calibration error goes from {report.before_calibration:.3f} to "
        f"{report.after_calibration:.3f}.",
        f"Other signers' photos, read with a hand that is not theirs, are misread in {after:.1%} "
        f"in place of {before:.1%}.",
    ]
    if left_off:
        parts.append(f"Left off in at least one draw, as it did not help: {', '.join(left_off)}.")
    return " ".join(parts)


def own_hand_page(reports: Sequence[OwnHandReport]) -> str:
    """Write the page docs/my-hand.md: how it works, and what each report measured."""
    parts = [_PAGE_HEAD]
    for report in reports:
        parts.append(
            f"## {report.split.capitalize()} signers\n\n{own_hand_sentence(report)}\n\n"
            f"{own_hand_table(report)}\n{_notes(report)}\nReproduce: `{report.command}` "
            f"({report.created[:10]}).\n"
        )
    return "\n".join(parts)


def _notes(report: OwnHandReport) -> str:
    lines = [
        f"- J and Z, which are not taught: {report.motion_before} of {report.motion} still photos "
        f"of them misread before, {report.motion_after:.1f} after.",
        f"- Whose hand it is: after at most 12 letters, {report.strangers_told} of "
        f"{report.sittings} sittings of another signer were told to be another's hand, and "
        f"{report.owners_told} of {report.own_sittings} of the signer's own.",
        f"- Reading a hand's file and trying it took at most {report.seconds:.2f} s; the largest "
        f"file had {report.largest_file / 1000:.0f} KB.",
    ]
    return "\n".join(lines) + "\n"


_PAGE_HEAD = """\
# My hand

A person shows each letter once or twice, and from then on the recognizer reads *this* hand in this
light: on the page `/my-hand`, with `python -m asl_core adapt`, and then in `predict`, `transcribe`
and on the pages Live and Photo. No network is trained.

## How it works

Of each photo the features of the last part of both networks are kept, 512 numbers of the picture
and 384 of the 21 landmarks. A hand is as like a taught photo as the mean of the two cosines says.
The log-probabilities of the taught letters are mixed with the likeness to the nearest photo of
each (times 25), with a weight of 0.7 that falls where the hand is unlike every taught one (half at
a likeness of 0.82), so that another person is read as without. J and Z, which are motions, and
letters that were not taught keep their odds among each other; as a group they lose where the hand
is more like a taught one than 0.8. The constants were chosen on the validation signers, among
settings that read other signers' photos no worse; they stand with their reasons in
`letters/adaptation/own_letters.py`.

Whether it helps is measured on the spot: each photo is read as if it had not been taught. It stays
off with fewer than 20 letters, with fewer than 12 photos whose letter has another, where errors or
the log-likelihood get worse, and where the photos of one letter are so unlike each other that they
seem to be of several hands (a median likeness below 0.9, unless three errors fewer remain).

What is kept is a JSON file of at most 200 KB with the SHA-256 of the model, in the visitor's own
browser; a file made for another model is refused. The server keeps nothing.

## How it was measured

For each signer two photos of each letter are drawn from the first third of their photos, three
times; counted are the errors on the last third, on photos in which a hand was found. Photos of one
burst are nearly alike, so the table says how like the counted photos are to the taught ones of
their letter (1 is the same photo), and how many are nearly the same (above 0.98): on another day
less will be gained.
"""
