"""`auditor monitor`: what watches AI output, what each monitor would catch, and what it says."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Group, Workspace, pass_workspace
from auditor.cli.parameters import DATE
from auditor.errors import Unavailable

if TYPE_CHECKING:
    from auditor.services.monitoring.run import RunResult


@click.group(cls=Group)
def monitor() -> None:
    """Watch AI output for drift. For: manager, officer, administrator."""


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
                m.name,
                m.kind.value,
                m.by or "",
                m.source or "every source",
                ", ".join(f"{k}={v:g}" for k, v in m.options.items()),
            )
            for m in found.monitors
        ]
        screen.print(output.table(["monitor", "kind", "by", "watches", "options"], rows))
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
    result = run_monitors(workspace.database, rules=run_rules(workspace.settings), as_of=as_of or now.date(), at=now)
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
            "title": alert.title,
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
    rows = [
        (
            reading.monitor,
            reading.stream,
            reading.state.value,
            "" if reading.statistic is None else f"{reading.statistic:.2f}",
            "" if reading.threshold is None else f"{reading.threshold:.2f}",
            f"{reading.n:,}",
            reading.since or "",
        )
        for reading in result.readings
    ]
    screen.print(output.table(["monitor", "stream", "state", "statistic>", "threshold>", "n>", "since"], rows))
    for alert in result.alerts:
        screen.print(f"alert {alert.id} ({alert.kind}, {alert.state}): {alert.title}", markup=False)
    for problem in result.problems:
        screen.print(f"problem: {problem}", markup=False, soft_wrap=True)
    if not result.recorded:
        screen.print("a later day was run before: this answer changed no alert")
    output.next_step(screen, f"auditor alert show {result.alerts[0].id}" if result.alerts else "auditor mail list")


@monitor.command()
@click.argument("name")
@click.option("--source", help="Only this source.")
@click.option("--as-of", type=DATE, help="The day whose streams are looked at. Default: today.")
@pass_workspace
def design(workspace: Workspace, name: str, source: str | None, as_of: date | None) -> None:
    """Say what a monitor will catch, how fast, and how often it errs. For: manager, officer."""
    from auditor.mail.rules import run_rules
    from auditor.services.monitoring.designs import design_monitor

    found = design_monitor(
        workspace.database,
        name,
        source=source,
        rules=run_rules(workspace.settings),
        as_of=as_of or workspace.now.date(),
    )

    def view(screen: Console) -> None:
        columns = ["stream", "what", "at", "audits>", "80 % of baselines>", "weeks>", "note"]
        rows = [
            (d.stream, d.what, d.at, _count(d.audits), _span(d.low, d.high), _count(d.weeks), d.note) for d in found
        ]
        screen.print(output.table(columns, rows))
        output.next_step(screen, "auditor monitor run")

    output.answer(found, view)


def _count(value: float | None) -> str:
    """A number of audits or weeks as people read it."""
    return "" if value is None else f"{value:,.0f}"


def _span(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:,.0f} to {high:,.0f}"


@monitor.command()
@click.argument("name")
@click.option("--from", "first_on", type=DATE, required=True, help="First day to run as of.")
@click.option("--to", "last_on", type=DATE, required=True, help="Last day to run as of.")
@pass_workspace
def backtest(workspace: Workspace, name: str, first_on: date, last_on: date) -> None:
    """Run a monitor over history, week by week, as it would have run. For: manager, officer."""
    from auditor.mail.rules import run_rules
    from auditor.services.monitoring.backtests import backtest_monitor

    found = backtest_monitor(
        workspace.database, name, rules=run_rules(workspace.settings), first_on=first_on, last_on=last_on
    )

    def view(screen: Console) -> None:
        columns = ["as of", "stream", "state", "statistic>", "threshold>", "what"]
        rows = [
            (week.as_of, week.stream, week.state.value, week.statistic, week.threshold, ", ".join(week.signals))
            for week in found
        ]
        screen.print(output.table(columns, rows))
        output.next_step(screen, f"auditor monitor design {name}")

    output.answer({"monitor": name, "weeks": found}, view)


@monitor.command()
@click.argument("plan")
@click.option("--from", "first_on", type=DATE, required=True, help="First day of the next audit's period.")
@click.option("--to", "last_on", type=DATE, required=True, help="Its last day.")
@click.option("--size", type=click.IntRange(1), required=True, help="Cases to spread over the strata.")
@pass_workspace
def steer(workspace: Workspace, plan: str, first_on: date, last_on: date, size: int) -> None:
    """Spread a plan's next sample by risk, as audits and open drift tell it. For: officer, manager."""
    from auditor.domain.plans import Period
    from auditor.services.monitoring import risk

    found = risk.steer(
        workspace.database,
        plan_name=plan,
        period=Period(first_on=first_on, last_on=last_on),
        size=size,
        environment=workspace.settings.environment,
    )

    def view(screen: Console) -> None:
        columns = ["stratum", "claims>", "audited>", "errors>", "audited rate>", "risk now>", "cases>"]
        rows = [
            (s.stratum, f"{s.claims:,}", s.audited, s.errors, f"{s.audited_rate:.1%}", f"{s.rate:.1%}", s.sample)
            for s in found.strata
        ]
        screen.print(output.table(columns, rows))
        why = f"open alerts {', '.join(map(str, found.alerts))} raise the odds {found.raised:g} times"
        screen.print(why if found.alerts else "no open drift raises the risk")
        output.next_step(screen, "auditor alert list --open")

    output.answer(found, view)


@monitor.command()
@click.option("--method", required=True, help="cusum, e-detector, p-chart or ewma")
@click.option("--baseline-errors", type=int, required=True, help="Errors in the baseline.")
@click.option("--baseline-n", type=int, required=True, help="Audited cases in the baseline.")
@click.option("--stream", type=click.Path(path_type=Path, dir_okay=False), required=True, help="One 0 or 1 a line.")
@click.option("--arl", type=float, default=10_000, show_default=True, help="Cases between false alarms, on average.")
@click.option("--odds-ratio", type=float, default=2.0, show_default=True, help="The drift to catch soonest.")
@click.option("--batch", type=int, default=100, show_default=True, help="Cases a point of the p-chart.")
def replay(method: str, baseline_errors: int, baseline_n: int, stream: Path, **rest: float) -> None:
    """Run a detector over a file of audited outcomes, 1 an error. For: manager, officer."""
    from auditor.services.monitoring import replays

    question = replays.Replay(
        method=method,
        baseline_errors=baseline_errors,
        baseline_n=baseline_n,
        arl=rest["arl"],
        odds_ratio=rest["odds_ratio"],
        batch=int(rest["batch"]),
    )
    found = replays.replay_stream(replays.read_stream(stream), question)

    def view(screen: Console) -> None:
        shown = ", ".join(str(alarm) for alarm in found.alarms) or "none"
        screen.print(f"{found.outcomes:,} outcomes, alarms at: {shown}", soft_wrap=True)
        screen.print(f"{found.method}: {found.note}", soft_wrap=True, markup=False)
        output.next_step(screen, "auditor monitor list")

    output.answer(found, view)
