"""How `auditor metric` shows numbers to people: aligned, each with its interval drawn and its n."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from auditor.cli import output
from auditor.cli.whisker import Scale, scale_of, whisker
from auditor.reports import figures

if TYPE_CHECKING:
    from auditor.reports.model import Figure
    from auditor.reports.trend_model import TrendRow
    from auditor.services.metric_rows import Metric

_WORDS = {"no_data": "no data", "unpriced": "not priced yet"}
_DOLLARS = "cia_error_rate"
_SECTIONS = {
    "errors": ("error_rate", "coding_rate", "gap_rate", "overturn_rate", "error_rate_net"),
    "accuracy": ("accuracy",),
    "agreement before any review": ("human_agreement", "human_agreement_kappa", "human_agreement_ac1"),
    "difference of the arms": ("human_difference",),
    "agreement of two auditors, and what seeing the codes does": (
        "auditor_agreement",
        "auditor_agreement_kappa",
        "auditor_agreement_ac1",
        "code_agreement",
        "agreement_alpha",
        "two_phase",
        "anchoring_difference",
    ),
}


def audit_rows(screen: Console, audit: int, rows: "Sequence[Metric]", tolerable: float | None) -> None:
    """The whole frame by kinds of metric, then its claim error rate by slice, then the other stages."""
    first = _first_of_each(rows)
    arms = {row.arm for row in first}
    told = [row for row in first if row.arm != "all" or len(arms) != 2]  # one arm alone is the whole
    whole = [row for row in told if row.slice == "all"]
    for title, endings in _SECTIONS.items():
        _section(screen, title, [row for row in whole if row.metric.endswith(endings)], tolerable)
    rates = [row for row in told if row.slice != "all" and row.metric == "claim_error_rate"]
    _section(screen, "claim error rate by slice", rates, tolerable)
    others = [r for r in rows if r.slice == "all" and r not in first and r.metric == "claim_error_rate"]
    _section(
        screen, "claim error rate of other stages", [r for r in others if r.arm in {t.arm for t in told}], tolerable
    )
    if tolerable is not None:
        screen.print(f"╎ tolerable claim error rate {_percent(tolerable)} %", style="dim")
    if any(row.state == "too_few" for row in told):
        screen.print("○ too few claims to say", style="dim")
    if unpriced := next((row for row in whole if row.state == "unpriced"), None):
        screen.print(f"not priced yet: {unpriced.method}", style="dim", markup=False)
    output.next_step(screen, f"auditor metric audit {audit} --json")


def _section(screen: Console, title: str, rows: "Sequence[Metric]", tolerable: float | None) -> None:
    if rows:
        screen.print(title, style="bold")
        table(screen, rows, tolerable)
        screen.print()


def table(screen: Console, rows: "Sequence[Metric]", tolerable: float | None) -> None:
    """Rows with their intervals drawn on one scale."""
    scale = scale_of(value for row in rows for value in (row.high, row.low, row.estimate))
    shown = [
        (
            _name(row.metric) if row.slice == "all" else escape(row.slice),
            row.arm if row.stage in ("own", "ai_draft,human") else f"{row.arm}, {row.stage}",
            _percent(row.estimate),
            _interval(row),
            _drawn(scale, row, tolerable),
            _counted(row),
        )
        for row in rows
    ]
    screen.print(output.table(["", "arm, stage", "%>", "interval>", _axis(scale), "counted>"], shown))


def _axis(scale: Scale) -> str:
    low, high = f"{scale.low * 100:g}", f"{scale.high * 100:g} %"
    return low + high.rjust(scale.columns - len(low))


def trend(screen: Console, points: "Sequence[TrendRow]") -> None:
    """A line a period, on one scale."""
    if not points:
        screen.print("no audited claims yet")
        output.next_step(screen, "auditor audit list")
        return
    rows = [point.figure for point in points]
    scale = scale_of(value for row in rows for value in (row.high, row.low, row.estimate))
    shown = [
        (
            point.period,
            escape(row.slice if row.slice != "all" else row.arm),
            _percent(row.estimate),
            _interval(row),
            _drawn(scale, row, None),
            _counted(row),
        )
        for point, row in zip(points, rows, strict=True)
    ]
    screen.print(_name(rows[0].metric), style="bold")
    screen.print(output.table(["period", "of", "%>", "interval>", _axis(scale), "counted>"], shown))
    output.next_step(screen, "auditor monitor list")


def _first_of_each(rows: "Sequence[Metric]") -> "list[Metric]":
    """The row that a metric is read from first: each arm by the stage that shows its own work."""
    first: dict[tuple[str, str, str], Metric] = {}
    for row in rows:
        first.setdefault((row.metric, row.arm, row.slice), row)
    return list(first.values())


def _percent(value: float | None) -> str:
    return "" if value is None else figures.percent_number(value + 0.0)  # no minus before a zero


def _interval(row: "Metric | Figure") -> str:
    return "" if row.low is None or row.high is None else f"{_percent(row.low)} – {_percent(row.high)}"


def _drawn(scale: Scale, row: "Metric | Figure", tolerable: float | None) -> str:
    if row.estimate is None:
        return _WORDS.get(row.state, row.state)
    limits = None if row.low is None or row.high is None else (row.low, row.high)
    mark = tolerable if row.metric == "claim_error_rate" else None
    return whisker(scale, row.estimate, limits, mark=mark, is_sure=row.state == "ok")


def _counted(row: "Metric | Figure") -> str:
    """Raw counts; dollars where the counts are cents."""
    if row.numerator is None or row.denominator is None:
        return f"n {row.n}"
    if row.metric.startswith(_DOLLARS):
        return f"${row.numerator / 100:,.0f} of {row.denominator / 100:,.0f}"
    return f"{row.numerator} of {row.denominator}"


def _name(metric: str) -> str:
    words = metric.replace("_", " ").replace("cia ", "CIA ").replace("ai human", "AI-human")
    return words.replace(" ac1", " AC1").replace(" two phase", ", two-phase")
