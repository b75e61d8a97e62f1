"""`auditor monitor`: what one would catch, or would have said, and where the next draw should look."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command, Workspace, pass_workspace
from auditor.cli.parameters import DATE


@click.command(cls=Command)
@click.argument("name")
@click.option("--source", help="Only this source.")
@click.option("--as-of", type=DATE, help="The day whose streams are looked at. Default: today.")
@pass_workspace
def design(workspace: Workspace, name: str, source: str | None, as_of: date | None) -> None:
    """Say what a monitor will catch, how fast, and how often it errs. For: manager, officer."""
    from auditor.mail.rules import run_rules
    from auditor.reports import figures
    from auditor.services.monitoring.designs import design_monitor

    found = design_monitor(
        workspace.database,
        name,
        source=source,
        rules=run_rules(workspace.settings),
        as_of=as_of or workspace.today,
    )

    def view(screen: Console) -> None:
        columns = ["stream", "what", "at", "audits>", "80 % of baselines>", "weeks>", "note"]
        rows = [
            (
                figures.stream_words(d.stream),
                d.what,
                d.at,
                _count(d.audits),
                _span(d.low, d.high),
                _count(d.weeks),
                d.note,
            )
            for d in found.lines
        ]
        screen.print(output.table(columns, rows))
        output.next_step(screen, "auditor monitor run")

    _tell(found.problems)
    output.answer(found.lines, view)


def _tell(problems: Sequence[str]) -> None:
    """Sources that did not answer, on standard error: the answer is of the others."""
    for problem in problems:
        click.echo(f"problem: {problem}", err=True)


def _count(value: float | None) -> str:
    """A number of audits or weeks as people read it."""
    return "" if value is None else f"{value:,.0f}"


def _span(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:,.0f} to {high:,.0f}"


@click.command(cls=Command)
@click.argument("name")
@click.option("--from", "first_on", type=DATE, required=True, help="First day to run as of.")
@click.option("--to", "last_on", type=DATE, required=True, help="Last day to run as of.")
@click.option("--source", help="Only this source.")
@pass_workspace
def backtest(workspace: Workspace, name: str, first_on: date, last_on: date, source: str | None) -> None:
    """Run a monitor over history, week by week, as it would have run. For: manager, officer."""
    from auditor.mail.rules import run_rules
    from auditor.reports import figures
    from auditor.services.monitoring.backtests import BacktestSpan, backtest_monitor

    span = BacktestSpan(first_on=first_on, last_on=last_on, source=source)
    found = backtest_monitor(workspace.database, name, rules=run_rules(workspace.settings), span=span)

    def view(screen: Console) -> None:
        columns = ["as of!", "stream", "state!", "statistic>", "threshold>", "n>", "what"]
        rows = [
            (
                *(week.as_of, figures.stream_words(week.stream), week.state.value),
                *(_decimal(week.statistic), _decimal(week.threshold), f"{week.n:,}"),
                ", ".join(week.signals),
            )
            for week in found.weeks
        ]
        screen.print(output.table(columns, rows))
        for note in found.notes:
            screen.print(f"note: {note}", markup=False, soft_wrap=True)
        output.next_step(screen, f"auditor monitor design {name}")

    _tell(found.problems)
    output.answer({"monitor": name, "weeks": found.weeks, "problems": found.problems, "notes": found.notes}, view)


def _decimal(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}"


@click.command(cls=Command)
@click.argument("plan")
@click.option("--from", "first_on", type=DATE, required=True, help="First day of the next audit's period.")
@click.option("--to", "last_on", type=DATE, required=True, help="Its last day.")
@click.option("--size", type=click.IntRange(1), required=True, help="Cases to spread over the strata.")
@pass_workspace
def steer(workspace: Workspace, plan: str, first_on: date, last_on: date, size: int) -> None:
    """Spread a plan's next sample by risk, as a plan with --spread risk is drawn. For: officer, manager."""
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
        columns = ["stratum", "claims>", "audited>", "errors>", "audited rate>", "odds>", "risk now>", "cases>"]
        rows = [
            (
                s.stratum,
                f"{s.claims:,}",
                s.audited,
                s.errors,
                f"{s.audited_rate:.1%}",
                f"x {s.raised:g}",
                f"{s.rate:.1%}",
                s.sample,
            )
            for s in found.strata
        ]
        screen.print(output.table(columns, rows))
        for note in found.notes:
            screen.print(note, soft_wrap=True)
        output.next_step(screen, "auditor alert list --open")

    output.answer(found, view)


@click.command(cls=Command)
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


TRIALS = (design, backtest, steer, replay)
