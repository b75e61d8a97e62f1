"""One metric over weeks, months or quarters, pooled over the audits whose claims fall into each.

A period that holds whole audits, and nothing else, shows the same number as those audits do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from auditor.domain.claims import CodingSource
from auditor.domain.periods import Every, period_name, periods_between
from auditor.domain.plans import Period
from auditor.errors import BadInput
from auditor.services.metric_difference import METRIC as DIFFERENCE
from auditor.services.metric_difference import arm_difference, difference
from auditor.services.metric_rows import OWN, Metric, MetricState, Part, row
from auditor.services.metrics import FAMILIES, METRICS
from auditor.services.scored_cases import ScoredCase
from auditor.services.trend_pool import Pool, pooled, split_of

_OWN_DIFFERENCE = "_difference"
_OF_BOTH_ARMS = ("ai_human", "rebuttal")  # a metric that speaks of both arms, or of neither, has no gap between them


@dataclass(frozen=True, kw_only=True)
class TrendQuestion:
    """Which metric, over which steps; of one plan or all, split by a field of the claim or not.

    `viewer` leaves out privileged audits that this person may not know of.
    """

    metric: str
    every: Every
    plan: str | None = None
    by: str | None = None
    viewer: str | None = None


@dataclass(frozen=True, kw_only=True)
class TrendPoint:
    """The metric in one period."""

    period: str
    first_on: date
    last_on: date
    value: Metric


def metric_trend(session: Session, question: TrendQuestion) -> list[TrendPoint]:
    """The points in order of time, periods without an audited claim included as no data."""
    refuse_unknown(question)
    return trend(pooled(session, plan=question.plan, viewer=question.viewer), question)


def trend(pool: Pool, question: TrendQuestion) -> list[TrendPoint]:
    """The same from a pool that several questions share."""
    by = refuse_unknown(question)
    groups = pool.groups(question.every, by)
    if not groups:
        return []
    first_on, last_on = min(on for on, _ in groups), max(map(pool.day, pool.cases))
    return [
        _point(
            period,
            question.every,
            _metric(pool.part(groups.get((period.first_on, name), ()), name, by), question.metric),
        )
        for name in sorted({name for _, name in groups})
        for period in periods_between(first_on, last_on, question.every)
    ]


def arm_gap(points: Sequence[TrendPoint]) -> list[TrendPoint]:
    """From the points of a trend by arm: AI less human in each period, with its interval."""
    metric = points[0].value.metric if points else ""
    if not points or metric.startswith(_OF_BOTH_ARMS) or metric.endswith(_OWN_DIFFERENCE):
        return []
    arms = {(point.period, point.value.arm): point for point in points}
    periods = list(dict.fromkeys(point.period for point in points))
    pairs = [(arms.get((name, CodingSource.AI)), arms.get((name, CodingSource.HUMAN))) for name in periods]
    return [replace(ai, value=_gap(ai.value, human.value)) for ai, human in pairs if ai and human]


def cases_behind(pool: Pool, question: TrendQuestion, *, period: str, name: str) -> list[ScoredCase]:
    """The cases that one point counts: those of a period, by its name, and of a value of the split."""
    by = refuse_unknown(question)
    groups = pool.groups(question.every, by)
    firsts = {period_name(Period(first_on=on, last_on=on), question.every): on for on, _ in groups}
    if period not in firsts:
        raise BadInput(
            f"no audited claim lies in {period}: take a period of the trend, such as {max(firsts, default='none')}"
        )
    found = groups.get((firsts[period], name))
    if found is None:
        raise BadInput(f"no audited claim of {period} has {name}: take a value of the trend")
    return list(found)


def refuse_unknown(question: TrendQuestion) -> str | None:
    """The field that is split by; BadInput names a metric or a field that there is not."""
    if question.metric not in METRICS:
        raise BadInput(f"there is no metric {question.metric}: take one of {', '.join(METRICS)}")
    return split_of(question.by)


def _gap(ai: Metric, human: Metric) -> Metric:
    empty = replace(
        ai,
        metric=DIFFERENCE if ai.metric == "claim_error_rate" else f"{ai.metric}_difference",
        arm="ai-human",
        stage=OWN,
        numerator=None,
        denominator=None,
        n=ai.n + human.n,
        estimate=None,
        low=None,
        high=None,
        method="",
        state=MetricState.NO_DATA,
    )
    return difference(empty, ai, human) if ai.confidence == human.confidence else empty


def _point(period: Period, every: Every, value: Metric) -> TrendPoint:
    name = period_name(period, every)
    return TrendPoint(period=name, first_on=period.first_on, last_on=period.last_on, value=value)


def _metric(part: Part, metric: str) -> Metric:
    if metric == DIFFERENCE:
        return next(iter(arm_difference(part, list(_arm_rows(part)))), row(part, metric, OWN, (None, None, 0)))
    family = next(count for names, count in FAMILIES.items() if metric in names)
    return family(part).get(metric, row(part, metric, OWN, (0, 0, 0)))


def _arm_rows(part: Part) -> Iterable[Metric]:
    for arm in (CodingSource.AI, CodingSource.HUMAN):
        cases = [case for case in part.cases if case.arm is arm]
        if cases:
            inside = replace(part, arm=arm.value, cases=cases, whole_strata=False)
            yield _metric(inside, "claim_error_rate")
