"""`auditor bench speed --web`: many auditors at once on a workbench with a large database."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Workspace, chosen_folder

if TYPE_CHECKING:
    from auditor.benchmarks.workbench_data import Filled, Size
    from auditor.benchmarks.workbench_speed import Answered, Outcome
    from auditor.storage.database import Database


def time_workbench(*, auditors: int, cases: int, seconds: int, workers: int) -> None:
    """Fill a database (a new SQLite file unless --database or --dir name one), serve it, let the auditors work.

    A database that an earlier run has filled at the same size is taken up as it is.
    """
    from auditor.benchmarks import workbench_speed as study
    from auditor.benchmarks.workbench_data import Size
    from auditor.services import installation

    chosen = click.get_current_context().meta.get("auditor.options", {}).get("database")
    with ExitStack() as closing:
        folder = chosen_folder() or Path(closing.enter_context(TemporaryDirectory(prefix="auditor-bench-")))
        url = Workspace().settings.database if chosen else f"sqlite:///{folder / 'bench.sqlite'}"
        database = installation.install(url, key_path=folder / "auditor.key")
        closing.callback(database.close)
        filled = _filled(database, Size(auditors=auditors, cases=cases))
        found = study.run(database, study.Place(url=url, folder=folder, workers=workers), filled, seconds=seconds)
    output.answer(_document(found), lambda screen: _view(screen, found))
    click.get_current_context().exit(0 if found.kept else 1)


def _filled(database: "Database", size: "Size") -> "Filled":
    from auditor.benchmarks import workbench_speed as study

    click.echo(f"filling {size.cases:,} cases, unless they are there", err=True)
    begun = perf_counter()
    filled = study.prepare(database, size)
    click.echo(f"{filled.cases:,} cases are there, {perf_counter() - begun:,.0f} s", err=True)
    return filled


def _document(found: "Outcome") -> dict[str, object]:
    answered = [{**vars(each), "kept": each.kept} for each in found.answered]
    return {**vars(found), "filled": vars(found.filled) | {"names": len(found.filled.names)}, "answered": answered}


def _view(screen: Console, found: "Outcome") -> None:
    filled, server, load = found.filled, found.processor_seconds * 1000, found.load_processor_seconds * 1000
    screen.print(
        f"{found.engine}: {filled.cases:,} cases, {filled.findings:,} findings; {found.auditors} auditors for"
        f" {found.seconds:g} s, a second between actions; {found.requests:,} requests, {server:.1f} ms of the"
        f" server's processor each, {load:.1f} ms of that of the load",
        markup=False,
    )
    screen.print(
        f"{found.workers} server processes, {found.cores} cores, load {found.load[0]:.1f} before and"
        f" {found.load[1]:.1f} at the end"
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
