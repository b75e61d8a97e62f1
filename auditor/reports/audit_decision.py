"""Whether an audit may stop, as a sentence and as the interval that narrows case by case."""

from auditor.domain.decisions import Decision, Verdict
from auditor.reports import figures
from auditor.reports.charts.model import CurveChart, CurvePoint
from auditor.reports.charts.tables import table_of
from auditor.reports.document import Block, Drawing, Fact, Facts, Paragraph, Section
from auditor.reports.words import say

_SHEET = "decision"
_MOST_POINTS = 120
_SCALE = 4  # tolerable rates that the scale shows at most


def sentence(decision: Decision) -> str:
    """What may be done now."""
    return say(_SHEET, f"verdict_{decision.verdict}", decision=decision)


def section(decision: Decision) -> Section:
    """The sentence's evidence: the bounds after each case, and best and worst case while cases are open."""
    chart = CurveChart(
        title=say(_SHEET, "chart_title", decision=decision),
        description=say(_SHEET, "chart_description", decision=decision),
        points=_points(decision),
        along="cases in draw order",
        value="rate so far",
        threshold=decision.tolerable,
        threshold_label=f"tolerable {figures.percent(decision.tolerable)}",
        most=max(_SCALE * decision.tolerable, decision.worst),
    )
    blocks: list[Block] = [Drawing(name="decision-chart", chart=chart, table=table_of(chart))]
    if decision.unfinished:
        blocks.append(
            Facts(
                rows=(
                    Fact(term=say(_SHEET, "best"), value=_of_drawn(decision, decision.best)),
                    Fact(term=say(_SHEET, "worst"), value=_of_drawn(decision, decision.worst)),
                )
            )
        )
    blocks.append(Paragraph(text=say(_SHEET, "note", decision=decision), quiet=True))
    return Section(name="decision", title=say(_SHEET, "title"), blocks=tuple(blocks))


def _of_drawn(decision: Decision, rate: float) -> str:
    return f"{figures.percent(rate)} of {figures.count(decision.drawn)} drawn cases"


def may_stop(decision: Decision) -> bool:
    """Whether the evidence suffices."""
    return decision.verdict is not Verdict.OPEN


def _points(decision: Decision) -> tuple[CurvePoint, ...]:
    """Every step, or evenly some of many and always the last."""
    every = max(1, -(-len(decision.steps) // _MOST_POINTS))
    kept = [step for step in decision.steps if step.cases % every == 0 or step is decision.steps[-1]]
    return tuple(CurvePoint(at=step.cases, value=step.rate, low=step.low, high=step.high) for step in kept)
