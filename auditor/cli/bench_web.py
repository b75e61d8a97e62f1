"""`auditor bench speed --web`: many auditors at once on a workbench with a large database."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Workspace, chosen_folder

if TYPE_CHECKING:
    from auditor.benchmarks.workbench_speed import Answered, Outcome


def time_workbench(*, auditors: int, cases: int, seconds: int) -> None:
    """Fill an empty database (a new SQLite file unless --database names one), serve it, let the auditors work."""
    from auditor.benchmarks import workbench_speed as study
    from auditor.benchmarks.workbench_data import Size
    from auditor.services import installation

    chosen = click.get_current_context().meta.get("auditor.options", {}).get("database")
    with ExitStack() as closing:
        folder = chosen_folder() or Path(closing.enter_context(TemporaryDirectory(prefix="auditor-bench-")))
        url = Workspace().settings.database if chosen else f"sqlite:///{folder / 'bench.sqlite'}"
        database = installation.install(url, key_path=folder / "auditor.key")
        closing.callback(database.close)
        click.echo(f"filling {cases:,} cases", err=True)
        place, size = study.Place(url=url, folder=folder), Size(auditors=auditors, cases=cases)
        found = study.run(database, place, size, seconds=seconds)
    output.answer(_document(found), lambda screen: _view(screen, found))
    click.get_current_context().exit(0 if found.kept else 1)


def _document(found: "Outcome") -> dict[str, object]:
    answered = [{**vars(each), "kept": each.kept} for each in found.answered]
    return {**vars(found), "filled": vars(found.filled) | {"names": len(found.filled.names)}, "answered": answered}


def _view(screen: Console, found: "Outcome") -> None:
    filled = found.filled
    screen.print(
        f"{found.engine}: {filled.cases:,} cases, {filled.findings:,} findings; {found.auditors} auditors for"
        f" {found.seconds:g} s, a second between actions; {found.requests:,} requests,"
        f" {found.processor_seconds * 1000:.1f} ms of the server's processor each",
        markup=False,
    )
    heads = ["", "requests>", "median ms>", "95th ms>", "slowest ms>", ""]
    screen.print(output.table(heads, [_row(each) for each in found.answered]))
    for sentence in (*found.faults, *found.failures[:10]):
        screen.print(sentence, markup=False)
    if not found.faults:
        screen.print("no finding is lost or doubled, and the event log holds")


def _row(answered: "Answered") -> tuple[str, ...]:
    found = (answered.median, answered.p95, answered.most)
    times = ("" if each is None else f"{each * 1000:,.1f}" for each in found)
    return answered.kind, f"{answered.count:,}", *times, "" if answered.kept else "slow"
