"""One metric over weeks, months or quarters, pooled over the audits whose claims fall into each.

A period that holds whole audits, and nothing else, shows the same number as those audits do.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState
from auditor.domain.claims import CodingSource
from auditor.domain.periods import Every, period_name, period_of, periods_between
from auditor.domain.plans import Period
from auditor.errors import BadInput
from auditor.services import plans
from auditor.services.metric_difference import METRIC as DIFFERENCE
from auditor.services.metric_difference import arm_difference
from auditor.services.metric_parts import ALL, case_weights
from auditor.services.metric_rows import OWN, Metric, Part, row
from auditor.services.metrics import FAMILIES, METRICS, facts_of
from auditor.services.scored_cases import ScoredCase, scored_cases
from auditor.storage.audits import Audit
from auditor.storage.plans import Plan

SPLITS = (
    "arm",
    "model_version",
    "stratum",
    "plan",
    "payer",
    "federal_program",
    "claim_type",
    "specialty",
    "place_of_service",
    "facility",
    "provider",
    "coder_of_record",
)
_SAME = {"coding_source": "arm"}
_NOTHING = "(none)"
_USUAL_CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class TrendQuestion:
    """Which metric, over which steps; of one plan or all, split by a field of the claim or not."""

    metric: str
    every: Every
    plan: str | None = None
    by: str | None = None


@dataclass(frozen=True, kw_only=True)
class TrendPoint:
    """The metric in one period."""

    period: str
    first_on: date
    last_on: date
    value: Metric


def metric_trend(session: Session, question: TrendQuestion) -> list[TrendPoint]:
    """The points in order of time, periods without an audited claim included as no data."""
    by = _checked(question)
    audits = _audits(session, question.plan)
    cases = scored_cases(session, audits)
    if not cases:
        return []
    dated = {case.case_id: _day(case, audits[case.audit_id].plan) for case in cases}
    names = {case.case_id: _value(case, by, audits) for case in cases}
    groups: dict[tuple[date, str], list[ScoredCase]] = defaultdict(list)
    for case in cases:
        first_on = period_of(dated[case.case_id], question.every).first_on
        groups[first_on, names[case.case_id]].append(case)
    pool = _Pool(audits=audits, drawn=Counter(case.audit_id for case in cases), weights=case_weights(cases), by=by)
    return [
        _point(period, question.every, _metric(pool.part(groups[period.first_on, name], name), question.metric))
        for name in sorted(set(names.values()))
        for period in periods_between(min(dated.values()), max(dated.values()), question.every)
    ]


@dataclass(frozen=True, kw_only=True)
class _Pool:
    """Audits whose cases are put together; `drawn` counts the cases of each."""

    audits: Mapping[int, Audit]
    drawn: Mapping[int, int]
    weights: Mapping[int, float]
    by: str | None

    def part(self, cases: Sequence[ScoredCase], name: str) -> Part:
        """The cases of one point as a part of the sample."""
        facts = [facts_of(self.audits[audit_id]) for audit_id in dict.fromkeys(case.audit_id for case in cases)]
        frames = {stratum: size for each in facts for stratum, size in each.frames.items()}
        reviewed = {(case.audit_id, case.stratum) for case in cases if case.score}
        complete = set(frames) <= reviewed
        counts = Counter(case.audit_id for case in cases)
        unsplit = self.by in (None, "plan")
        whole = unsplit and complete and all(self.drawn[audit_id] == n for audit_id, n in counts.items())
        confidences = {each.confidence for each in facts}
        return Part(
            arm=name.partition("=")[2] if self.by == "arm" else ALL,
            slice=ALL if self.by == "arm" else name,
            cases=cases,
            whole_strata=whole,
            complete=complete or not unsplit,
            weights=self.weights,
            populations=frames,
            confidence=confidences.pop() if len(confidences) == 1 else _USUAL_CONFIDENCE,
        )


def _checked(question: TrendQuestion) -> str | None:
    if question.metric not in METRICS:
        raise BadInput(f"there is no metric {question.metric}: take one of {', '.join(METRICS)}")
    by = _SAME.get(question.by or "", question.by)
    if by is not None and by not in SPLITS:
        raise BadInput(f"a trend cannot be split by {by}: take one of {', '.join(SPLITS)}")
    return by


def _audits(session: Session, plan: str | None) -> dict[int, Audit]:
    question = select(Audit).where(Audit.state.in_([AuditState.DRAWN, AuditState.SIGNED])).order_by(Audit.id)
    if plan is not None:
        question = question.where(Audit.plan_id == plans.named(session, plan).id)
    return {audit.id: audit for audit in session.scalars(question)}


def _day(case: ScoredCase, plan: Plan) -> date:
    """The day that decided whether the claim belonged to the audit's period."""
    on: date | None = getattr(case.claim, plan.date_basis.value)
    return on or case.claim.served_on


def _value(case: ScoredCase, by: str | None, audits: Mapping[int, Audit]) -> str:
    if by is None:
        return ALL
    own = {"arm": case.arm.value, "stratum": case.stratum, "plan": audits[case.audit_id].plan.name}
    return f"{by}={own[by] if by in own else getattr(case.claim, by) or _NOTHING}"


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
