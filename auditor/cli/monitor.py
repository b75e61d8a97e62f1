"""`auditor monitor`: what watches AI output, what each monitor would catch, and what it says."""

from datetime import date
from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.monitor_trials import TRIALS
from auditor.cli.parameters import DATE
from auditor.errors import Unavailable

if TYPE_CHECKING:
    from auditor.services.monitoring.run import RunResult


@click.group(cls=Group)
def monitor() -> None:
    """Watch AI output for drift. For: manager, officer, administrator."""


for _each in TRIALS:
    monitor.add_command(_each)


@monitor.command("list")
@pass_workspace
def list_monitors(workspace: Workspace) -> None:
    """List the monitors with their options. For: manager, officer, administrator."""
    from auditor.services.monitoring import definitions

    with workspace.database.read() as session:
        found = definitions.current(session)

    def view(screen: Console) -> None:
        rows = [
            (
                m.name if m.name == m.kind.value else f"{m.name} ({m.kind.value})",
                m.by or "",
                m.source or "every source",
                ", ".join(f"{k}={v:g}" for k, v in m.options.items()),
            )
            for m in found.monitors
        ]
        screen.print(output.table(["monitor!", "by!", "watches", "options"], rows))
        output.next_step(screen, "auditor monitor run")

    output.answer(found.monitors, view)


@monitor.command()
@click.argument("name")
@click.option("--kind", required=True, help="What it reads; see `auditor monitor list` for those there are.")
@click.option(
    "--by", type=click.Choice(["specialty", "payer", "code_family", "auditor"]), help="Split audited streams."
)
@click.option("--source", help="Watch this source alone.")
@click.option("--set", "options", multiple=True, metavar="NAME=NUMBER", help="An option; see `auditor monitor list`.")
@pass_workspace
def add(workspace: Workspace, /, name: str, kind: str, options: tuple[str, ...], **limits: str | None) -> None:
    """Add a monitor, or a new version of one. For: administrator."""
    from auditor.domain.monitors import MonitorDefinition, MonitorKind, Slice
    from auditor.services.monitoring import definitions

    if kind not in set(MonitorKind):
        raise click.UsageError(f"there is no kind {kind}: take one of {', '.join(MonitorKind)}")
    definition = MonitorDefinition(
        name=name,
        kind=MonitorKind(kind),
        source=limits["source"],
        by=Slice(limits["by"]) if limits["by"] else None,
        options=definitions.option_values(options),
    )
    with workspace.database.write() as session:
        added = definitions.add(session, definition, by=workspace.user, at=workspace.now)

    def view(screen: Console) -> None:
        screen.print(f"monitor {added.name} watches {added.source or 'every source'}", markup=False)
        output.next_step(screen, f"auditor monitor design {added.name}")

    output.answer(added, view)


@monitor.command()
@click.option(
    "--as-of", type=DATE, help="The day; whole weeks (Monday to Sunday) before it are read. Default: today."
)
@pass_workspace
def run(workspace: Workspace, as_of: date | None) -> None:
    """Run every monitor over every source, open and end alerts. For: manager, officer, administrator."""
    from auditor.mail.rules import run_rules
    from auditor.services.monitoring.run import run_monitors

    now = workspace.now
    result = run_monitors(
        workspace.database, rules=run_rules(workspace.settings), as_of=as_of or workspace.today, at=now
    )
    if result.problems and not result.readings:
        raise Unavailable(result.problems[0])
    output.answer(run_document(result), lambda screen: _show_run(screen, result))


def run_document(result: "RunResult") -> dict[str, object]:
    """What `monitor run --json` prints."""
    streams = [
        {
            "monitor": reading.monitor,
            "stream": reading.stream,
            "state": reading.state,
            "statistic": reading.statistic,
            "threshold": reading.threshold,
            "n": reading.n,
            "since": reading.since,
            "signals": [signal.what for signal in reading.signals],
            "shared_with_people": [signal.what for signal in reading.held_back],
            "note": reading.note,
        }
        for reading in result.readings
    ]
    alerts = [
        {
            "id": alert.id,
            "kind": alert.kind,
            "title": alert.headline,
            "state": alert.state,
            "since": alert.since,
            "opened_at": alert.opened_at,
        }
        for alert in result.alerts
    ]
    return {
        "as_of": result.as_of,
        "streams": streams,
        "alerts": alerts,
        "recorded": result.recorded,
        "problems": result.problems,
    }


def _show_run(screen: Console, result: "RunResult") -> None:
    from auditor.reports import figures

    rows = [
        (
            reading.monitor,
            figures.stream_words(reading.stream),
            reading.state.value,
            "" if reading.statistic is None else f"{reading.statistic:.2f}",
            "" if reading.threshold is None else f"{reading.threshold:.2f}",
            f"{reading.n:,}",
            reading.since or "",
        )
        for reading in result.readings
    ]
    screen.print(output.table(["monitor!", "stream", "state!", "statistic>", "threshold>", "n>", "since!"], rows))
    for alert in result.alerts:
        screen.print(f"alert {alert.id} ({alert.kind}, {alert.state}): {alert.headline}", markup=False)
    for problem in result.problems:
        screen.print(f"problem: {problem}", markup=False, soft_wrap=True)
    if not result.recorded:
        screen.print("a later day was run before: this answer changed no alert")
    output.next_step(screen, f"auditor alert show {result.alerts[0].id}" if result.alerts else "auditor mail list")
