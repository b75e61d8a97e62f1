"""`auditor demo`: the whole loop on a simulated practice, and what was true beside what was found."""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from auditor.cli import output
from auditor.cli.commands import Command, chosen_folder

if TYPE_CHECKING:
    from auditor.demo.loop import DemoResult
    from auditor.demo.truth import Beside

SEED = 7
FOLDER = Path("auditor-demo")
_MOST_DIGITS = 6
_MEASURES = {
    "ai_human_agreement": ("agreement, %", 100, 1),
    "ai_human_agreement_kappa": ("Cohen's kappa", 1, 2),
    "ai_human_agreement_ac1": ("Gwet's AC1", 1, 2),
}


@click.command(cls=Command)
@click.option("--seed", type=int, default=SEED, show_default=True, help="The same seed makes the same practice.")
def demo(seed: int) -> None:
    """Run the whole loop on a simulated practice, in the folder of --dir (auditor-demo). For: everyone."""
    from auditor import settings
    from auditor.demo import loop
    from auditor.mail.rules import run_rules

    chosen = settings.with_folder(settings.load(), chosen_folder() or FOLDER)
    with _bar() as bar:
        task = bar.add_task("starting", total=1.0)

        def progress(what: str, part: float) -> None:
            bar.update(task, description=what, completed=part)

        result = loop.run(chosen, seed=seed, rules=run_rules(chosen), progress=progress)
    output.answer(result, lambda screen: _draw(screen, result))


def _bar() -> Progress:
    columns: list[Any] = [TextColumn("{task.description:26}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()]
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _draw(screen: Console, result: "DemoResult") -> None:
    screen.print(
        f"{result.claims:,} claims over 78 weeks, {result.audits} audits of {result.cases:,} cases,"
        f" {result.monitor_runs} weekly runs of the monitors, {result.mails} mail{'s' if result.mails != 1 else ''}"
    )
    screen.print("\nWhat was estimated, beside what was true (claim error rate, 95 % interval)", style="bold")
    months = sorted({row.month for row in result.beside})
    rows = {(row.arm, row.month): row for row in result.beside}
    cells = [
        (f"{month:%b %Y}", *_cells(rows.get(("ai", month))), *_cells(rows.get(("human", month)))) for month in months
    ]
    heads = ["month", "AI %>", "interval>", "true>", "", "human %>", "interval>", "true>", ""]
    screen.print(output.table(heads, cells))
    inside = sum(row.holds for row in result.beside)
    screen.print(f"{inside} of {len(result.beside)} intervals hold the truth.")
    _draw_agreement(screen, result)
    _draw_drift(screen, result)
    _draw_places(screen, result)


def _cells(row: "Beside | None") -> tuple[str, str, str, str]:
    if row is None:
        return "", "", "", ""
    estimate, *rest = (value * 100 for value in (row.estimate, row.low, row.high, row.true_rate))
    low, high, true = as_judged(*rest, digits=1)
    return f"{estimate:.1f}", f"{low} – {high}", true, "" if row.holds else "missed"


def as_judged(low: float, high: float, true: float, *, digits: int) -> tuple[str, str, str]:
    """An interval and a value beside it, with as many decimals as it takes to see whether it lies inside.

    >>> as_judged(7.481, 20.61, 7.468, digits=1), as_judged(2.04, 8.9, 2.02, digits=0)
    (('7.48', '20.61', '7.47'), ('2.04', '8.90', '2.02'))
    """
    values = (low, high, true)
    inside = low <= true <= high
    while digits < _MOST_DIGITS and (round(low, digits) <= round(true, digits) <= round(high, digits)) != inside:
        digits += 1
    return tuple(f"{value:.{digits}f}" for value in values)  # type: ignore[return-value]


def _draw_agreement(screen: Console, result: "DemoResult") -> None:
    screen.print("\nAI-human agreement on claims that both coded, audited beside all (95 % interval)", style="bold")
    rows = []
    for row in result.agreement:
        name, times, digits = _MEASURES[row.metric]
        low, high, true = as_judged(row.low * times, row.high * times, row.true_value * times, digits=digits)
        told = f"{row.estimate * times:.{digits}f}", f"{low} – {high}", true
        rows.append((row.model_version, name, *told, "" if row.holds else "missed", f"{row.n:,}"))
    screen.print(output.table(["version", "measure", "estimate>", "interval>", "true>", "", "n>"], rows))
    inside = sum(row.holds for row in result.agreement)
    screen.print(f"{inside} of {len(result.agreement)} intervals hold the truth.")


def _draw_drift(screen: Console, result: "DemoResult") -> None:
    from auditor.demo import world

    screen.print("\nWhen drift began, and when it was caught", style="bold")
    screen.print(
        f"began   {world.DRIFT_ON:%d %b %Y}: version {world.NEW_VERSION} creeps up one E/M level, doubles modifier 25"
        " and goes on using codes that ended"
    )
    for caught in result.caught:
        weeks = f"{caught.weeks_after} week{'' if caught.weeks_after == 1 else 's'} after"
        when = weeks if caught.weeks_after >= 0 else "before it began: a false alarm"
        screen.print(f"caught  {caught.opened_at:%d %b %Y}, {when}: {caught.title}", markup=False)
    if not result.caught:
        screen.print("caught  never")


def _draw_places(screen: Console, result: "DemoResult") -> None:
    screen.print("\nWhere to look", style="bold")
    for file in result.files:
        screen.print(f"  {file}", markup=False, soft_wrap=True)
    screen.print(f"  {Path(result.folder) / 'mail'}  (mails, as .eml)", markup=False, soft_wrap=True)
    output.next_step(screen, f"auditor audit list --dir {quote(str(result.folder))}")
