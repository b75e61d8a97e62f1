"""`auditor bench detection`: how often monitors tell of nothing, and how soon of a known drift."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import output
from auditor.cli.commands import Command

if TYPE_CHECKING:
    from auditor.benchmarks.detection_kept import Answer, Piece


@click.command(cls=Command)
@click.option(
    "--practices", type=click.IntRange(0), default=200, show_default=True, help="Practice-years without drift."
)
@click.option("--runs", type=click.IntRange(1), default=40, show_default=True, help="Runs of each drift.")
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Another one makes other practices."
)
@click.option("--peers", is_flag=True, help="Run other detectors beside it; those of the extra `detection-peers`.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep each answer in this file as soon as it is found; what is in it is not asked for again.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Keep the study as a Markdown page.")
def detection(*, peers: bool, keep: Path | None, out: Path | None, **size: int) -> None:
    """False mails of whole practices without drift, and how soon known drifts are told of.

    The full study takes an hour or more; with --keep a stopped one goes on where it was. For: everyone.
    """
    from auditor.benchmarks import detection as study
    from auditor.benchmarks import detection_page

    asked = study.Size(**size)
    found = _answers(study.pieces(asked), keep)
    quiet = study.read_quiet(found)
    if peers:
        streams = max((year.streams for year in quiet), default=200)
        found += _answers(study.peer_pieces(asked, streams=streams), keep)
    made = detection_page.Study(quiet=quiet, delays=study.read_delays(found), size=asked, peers=peers, answers=found)
    page = detection_page.page(made)
    if out:
        out.write_text(page, encoding="utf-8")
    document = {
        "false_mails_a_year": sum(len(year.told) for year in quiet) / max(1, len(quiet)),
        "granted": study.FALSE_MAILS_A_YEAR,
        "practice_years": len(quiet),
        "delays": [{**vars(each), "missed": each.missed} for each in made.delays],
    }
    output.answer(document, lambda screen: screen.print(page, markup=False, soft_wrap=True))


def _answers(pieces: list["Piece"], keep: Path | None) -> list["Answer"]:
    from auditor.benchmarks import detection as study
    from auditor.benchmarks import detection_kept

    found = []
    for each in detection_kept.answers(pieces, study.answer, keep):
        found.append(each)
        click.echo(f"{len(found)} of {len(pieces)}: {each.piece}, {each.seconds:.0f} s", err=True)
    return found
