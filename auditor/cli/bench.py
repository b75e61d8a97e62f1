"""`auditor bench`: what the methods keep of what they promise, and how fast they are."""

import os
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.bench_detection import detection
from auditor.cli.bench_nightly import nightly
from auditor.cli.commands import Group
from auditor.cli.parameters import USUAL_PROCESSES, server_processes
from auditor.errors import BadInput

if TYPE_CHECKING:
    from auditor.benchmarks.coverage_page import Machine
    from auditor.benchmarks.guideline_check import CheckCost
    from auditor.benchmarks.promises import Check
    from auditor.benchmarks.speed import Timing


@click.group(cls=Group)
def bench() -> None:
    """Measure what the methods keep of their promises, and how fast they are. For: everyone."""


bench.add_command(detection)
bench.add_command(nightly)


@bench.command()
@click.option("--grid", type=click.Choice(["small", "full"]), default="small", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Keep the study as a Markdown page.")
def coverage(grid: str, out: Path | None) -> None:
    """True coverage of every interval and limit, false stops, quiet of every monitor.

    Exit code 1 when a guarantee is broken beyond what simulation can be off. The full grid takes some ten minutes.

    For: everyone.
    """
    from auditor.benchmarks import coverage as study
    from auditor.benchmarks import coverage_page
    from auditor.benchmarks.promises import exit_code

    started, found = perf_counter(), []
    for check in study.checks(study.Size(grid)):
        found.append(check)
        if len(found) % 50 == 0:
            click.echo(f"{len(found):,} checks, {perf_counter() - started:.0f} s: {check.method}", err=True)
    command = f"auditor bench coverage --grid {grid}" + (f" --out {out}" if out else "")
    machine = coverage_page.Machine(
        on=datetime.now(UTC).date(), cores=os.cpu_count() or 1, seconds=perf_counter() - started, command=command
    )
    if out:
        _keep(out, coverage_page.page(found, machine))
    output.answer(_document(found, machine), lambda screen: _view(screen, found, machine))
    click.get_current_context().exit(exit_code(found))


def _keep(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{out} cannot be written ({error.strerror}): choose another place") from error


def _document(found: list["Check"], machine: "Machine") -> dict[str, Any]:
    checks = [{**vars(check), "kept": check.kept, "broken": check.broken} for check in found]
    return {"broken": sum(check.broken for check in found), "machine": machine, "checks": checks}


def _view(screen: Console, found: list["Check"], machine: "Machine") -> None:
    from auditor.benchmarks import coverage_page
    from auditor.benchmarks.promises import summaries

    of = summaries(found)
    screen.print(output.table(coverage_page.HEADS, [coverage_page.shown(summary) for summary in of]))
    screen.print()
    strips = [(summary.method, coverage_page.strip(summary)) for summary in of]
    screen.print(output.table(["worst ● against what is promised │; right of it is better", ""], strips))
    screen.print()
    broken = sum(check.broken for check in found)
    screen.print(
        f"{len(found):,} checks in {machine.seconds:.0f} s on {machine.cores} cores: {broken} guarantees broken"
    )


@bench.command()
@click.option("--peers", is_flag=True, help="Time other packages beside it; those of the extra `peers`.")
@click.option("--web", is_flag=True, help="Time the workbench instead, with auditors at work on an empty database.")
@click.option("--auditors", type=click.IntRange(1, 200), default=50, show_default=True, help="With --web: how many.")
@click.option("--cases", type=click.IntRange(500, 1_000_000), default=100_000, show_default=True, help="With --web.")
@click.option("--seconds", type=click.IntRange(5, 600), default=60, show_default=True, help="With --web: how long.")
@click.option(
    "--workers",
    type=click.IntRange(1, 16),
    default=server_processes,
    show_default=USUAL_PROCESSES,
    help="With --web: of the server.",
)
def speed(peers: bool, web: bool, **load: int) -> None:
    """Sizing, intervals, sequences and monitors, in processor seconds; or the workbench. For: everyone."""
    if web:
        from auditor.cli.bench_web import time_workbench

        time_workbench(**load)
        return
    from auditor.benchmarks import speed as study

    found = []
    for timing in study.timings(with_peers=peers):
        click.echo(f"{timing.name}: {timing.seconds * 1000:.1f} ms", err=True)
        found.append(timing)
    document = {"cores": os.cpu_count(), "timings": [{**vars(timing), "kept": timing.kept} for timing in found]}
    output.answer(document, lambda screen: _speed_view(screen, found))


def _speed_view(screen: Console, found: list["Timing"]) -> None:
    rows: list[tuple[str, ...]] = []
    for timing in found:
        kept = "" if timing.kept else "slow"
        rows.append((timing.name, f"{timing.seconds * 1000:,.2f}", f"{timing.target * 1000:,.0f}", "", kept))
        for peer in timing.peers:
            taken = "" if peer.seconds is None else f"{peer.seconds * 1000:,.2f}"
            ratio = "" if peer.seconds is None else f"{peer.seconds / timing.seconds:,.1f} x"
            rows.append((f"  {peer.name}: {peer.note}", taken, "", ratio, ""))
    screen.print(output.table(["", "ms>", "target ms>", "peer takes>", ""], rows))
    screen.print()
    screen.print(f"processor time, best of five, {os.cpu_count()} cores in the machine, one used")


@bench.command("guidelines")
@click.option("--lines", type=click.IntRange(1_000), default=1_000_000, show_default=True, help="Procedure lines.")
@click.option("--pairs", type=click.IntRange(10_000), default=2_500_000, show_default=True, help="NCCI pairs.")
@click.option("--postgresql", metavar="URL", help="Put the claims into this empty PostgreSQL database.")
def guideline_check(lines: int, pairs: int, postgresql: str | None) -> None:
    """Import of NCCI pairs, and a check of made-up claims against them, by clock, processor and memory.

    For: everyone.
    """
    from tempfile import TemporaryDirectory

    from auditor.benchmarks import guideline_check as study

    with TemporaryDirectory(prefix="auditor-") as folder:
        found = study.measure(Path(folder), lines=lines, pairs=pairs, postgresql=postgresql)
    output.answer({**vars(found), "kept": found.kept}, lambda screen: _check_view(screen, found))


def _check_view(screen: Console, found: "CheckCost") -> None:
    rows = [
        (name, f"{cost.seconds:,.1f}", f"{cost.processor_seconds:,.1f}", f"{cost.peak_bytes / 1e6:,.0f}")
        for name, cost in (
            (f"import of {found.pairs:,} pairs", found.imported),
            (f"check of {found.lines:,} procedure lines", found.checked),
            ("check of one week of them", found.one_week),
        )
    ]
    screen.print(output.table(["", "s>", "processor s, this process>", "peak MB>"], rows))
    told = ", ".join(f"{rule} {count:,}" for rule, count in sorted(found.violations.items()))
    screen.print(f"violations: {told}")
