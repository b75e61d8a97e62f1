"""`auditor calc compare`: the designs for one question side by side, with a picture."""

from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command, Workspace, pass_workspace
from auditor.errors import BadInput

if TYPE_CHECKING:
    from auditor.stats.plan_comparison import Compared, Comparison

_COLUMNS = 44


@click.command("compare", cls=Command)
@click.option("--tolerable", required=True, metavar="RATE", help="The error rate that must be ruled out.")
@click.option("--expected", required=True, metavar="RATE", help="The error rate that is believed true.")
@click.option("--confidence", default="0.95", show_default=True, metavar="RATE")
@click.option("--population", type=int, metavar="COUNT", help="Cases in the frame.")
@click.option("--minutes-per-case", type=float, default=12, show_default=True, help="An auditor's time for a case.")
@click.option("--sensitivity", default="0.8", show_default=True, help="Share of errors that a flag marks.")
@click.option("--false-flags", default="0.02", show_default=True, help="Share of clean cases that it marks.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Also draw a chart: .html or .svg.")
@pass_workspace
def compare(workspace: Workspace, /, *, minutes_per_case: float, out: Path | None, **question: Any) -> None:
    """Designs for one question side by side: audits, hours, and what each guarantees. For: everyone."""
    from auditor.stats import plan_comparison

    if not 0 < minutes_per_case < float("inf"):
        raise BadInput(f"--minutes-per-case must be above 0, not {minutes_per_case:g}")
    found = plan_comparison.compare(**question)
    document = _document(found, minutes_per_case)
    if out is not None:
        from auditor.reports import comparison_document

        comparison_document.write(out, found, document["designs"], at=workspace.now)
        document["out"] = str(out)
    output.answer(document, lambda screen: _view(screen, found, minutes_per_case))


def _document(found: "Comparison", minutes: float) -> dict[str, Any]:
    from auditor.reports import calculator_document
    from auditor.services.calculators.results import document

    plain = document(found)
    for design, row in zip(found.designs, plain["designs"], strict=True):
        row["hours"] = _hours(minutes)(design)
    words = calculator_document.sentence(plain, "")
    return {"calculator": "compare", **plain, "minutes_per_case": minutes, "in_words": words}


def _hours(minutes: float) -> Any:
    return lambda design: round(design.mean * minutes / 60, 1)


def _view(screen: Console, found: "Comparison", minutes: float) -> None:
    hours = _hours(minutes)
    heads = ["design", "mean audits>", "nine in ten below>", "hours>", "good frame passes>", ""]
    screen.print(output.table(heads, [_row(design, hours(design)) for design in found.designs]))
    screen.print()
    most = max(design.percentile_90 for design in found.designs)
    screen.print(
        output.table(["", f"mean ▇, on to what nine in ten stay below ─ (0 to {most:,})"], _bars(found, most))
    )
    screen.print()
    for design in found.designs:
        screen.print(f"{design.design}: {design.guarantee}", markup=False)
    screen.print(f"convention: {found.basis.convention}", markup=False)
    screen.print(f"source: {found.basis.source}", markup=False)
    inputs = found.inputs
    told = f"--objective sequential --tolerable {inputs['tolerable']} --expected {inputs['expected']}"
    output.next_step(screen, f"auditor plan create NAME --source S {told}")


def _row(design: "Compared", hours: float) -> tuple[str, ...]:
    passes = "" if design.acceptance is None else f"{design.acceptance:.1%}"
    kind = "exact" if design.exact else "approximate"
    return design.design, f"{ceil(design.mean):,}", f"{design.percentile_90:,}", f"{hours:,.1f}", passes, kind


def _bars(found: "Comparison", most: int) -> list[tuple[str, str]]:
    rows = []
    for design in found.designs:
        mean = round(design.mean / most * _COLUMNS)
        rows.append(
            (design.design, "▇" * max(1, mean) + "─" * (round(design.percentile_90 / most * _COLUMNS) - mean))
        )
    return rows
