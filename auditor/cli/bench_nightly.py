"""`auditor bench nightly`: what a night's run of the monitors takes beyond the engine's own counting."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command

if TYPE_CHECKING:
    from auditor.benchmarks.nightly import NightCost


@click.command(cls=Command)
@click.option("--lines", type=click.IntRange(20_000), default=1_000_000, show_default=True, help="New code lines.")
@click.option("--cases", type=click.IntRange(500), default=5_000, show_default=True, help="Audited cases.")
def nightly(lines: int, cases: int) -> None:
    """A night's run of the monitors over new lines, by processor time beyond the engine's, and by memory.

    Makes a year of thirteen times as many lines, which takes some minutes. For: everyone.
    """
    from tempfile import TemporaryDirectory

    from auditor.benchmarks import nightly as study

    with TemporaryDirectory(prefix="auditor-") as folder:
        found = study.measure(Path(folder), lines=lines, cases=cases)
    document = {**vars(found), "times_the_counting": found.times_the_counting, "kept": found.kept}
    output.answer(document, lambda screen: _view(screen, found))


def _view(screen: Console, found: "NightCost") -> None:
    rows = [
        (name, *(f"{value:,.1f}" for value in (run.engine_seconds, run.own_seconds)), f"{run.peak_bytes / 1e6:,.0f}")
        for name, run in (
            (f"first night, {found.all_lines - found.new_lines:,} lines", found.first),
            (f"night with {found.new_lines:,} new lines", found.night),
            ("night with nothing new", found.again),
            ("the engine's counting of the new lines alone", found.counting),
        )
    ]
    screen.print(output.table(["", "engine s>", "own s>", "peak MB>"], rows))
    kept = "kept" if found.kept else "not kept"
    screen.print(
        f"{found.streams} streams, {found.audited_cases:,} audited cases; own time of the night is"
        f" {found.times_the_counting:.1f} times the engine's counting; promise {kept}",
        soft_wrap=True,
    )
