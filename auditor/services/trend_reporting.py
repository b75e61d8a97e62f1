"""Gathers a trend for pages, reports and exports: the split that was asked, and AI beside human."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.reports.trend_model import TrendReport, TrendRow
from auditor.services.metric_trend import TrendPoint, TrendQuestion, arm_gap, cases_behind, refuse_unknown, trend
from auditor.services.rebuttal_reporting import figure_of
from auditor.services.reporting import Paper, as_of, checkpoint
from auditor.services.trend_pool import Pool, pooled
from auditor.storage.cases import AuditCase

_DIFFERENCE = "ai_human_difference"
_BESIDE = ("ai", "human")


@dataclass(frozen=True, kw_only=True)
class CaseBehind:
    """A case that a point counts, by our own numbers, and what it adds; None while it is pending."""

    case_id: int
    audit_id: int
    number: int
    arm: str
    error: bool | None
    overpaid_cents: int | None
    paid_cents: int | None
    codes_right: int | None
    codes: int | None


def trend_report(session: Session, question: TrendQuestion, *, paper: Paper, at: datetime) -> TrendReport:
    """The trend with its arms and their difference, from one reading of the cases."""
    by = refuse_unknown(question)
    pool = pooled(session, plan=question.plan, viewer=question.viewer)
    rows = trend(pool, question)
    arms = rows if by == "arm" else trend(pool, replace(question, by="arm")) if question.metric != _DIFFERENCE else []
    gap = arm_gap(arms)
    return TrendReport(
        practice=paper.practice,
        time_zone=paper.time_zone,
        metric=question.metric,
        every=question.every.value,
        by=by,
        plan=question.plan,
        as_of=as_of(session, otherwise=at),
        checkpoint=checkpoint(session),
        rows=rows_of(rows),
        arms=rows_of([point for point in arms if point.value.arm in _BESIDE]) if gap else (),
        gap=rows_of(gap),
    )


def trend_rows(session: Session, question: TrendQuestion) -> tuple[TrendRow, ...]:
    """The rows alone, for exports."""
    refuse_unknown(question)
    return rows_of(trend(pooled(session, plan=question.plan, viewer=question.viewer), question))


def behind(session: Session, question: TrendQuestion, *, period: str, name: str) -> list[CaseBehind]:
    """The cases behind one point, by audit and number."""
    pool: Pool = pooled(session, plan=question.plan, viewer=question.viewer)
    found = cases_behind(pool, question, period=period, name=name)
    numbers = dict(
        session.execute(
            select(AuditCase.id, AuditCase.number).where(AuditCase.id.in_([case.case_id for case in found]))
        ).all()
    )
    rows = []
    for case in found:
        score = case.stage_score()
        rows.append(
            CaseBehind(
                case_id=case.case_id,
                audit_id=case.audit_id,
                number=numbers[case.case_id],
                arm=case.arm.value,
                error=score.is_error if score else None,
                overpaid_cents=case.payment.overpaid_cents if case.payment else None,
                paid_cents=case.payment.paid_cents if case.payment else None,
                codes_right=score.matched if score else None,
                codes=score.correct if score else None,
            )
        )
    return sorted(rows, key=lambda row: (row.error is not True, row.audit_id, row.number))


def rows_of(points: Sequence[TrendPoint]) -> tuple[TrendRow, ...]:
    """Points as reports, pages and exports carry them."""
    return tuple(
        TrendRow(period=point.period, first_on=point.first_on, last_on=point.last_on, figure=figure_of(point.value))
        for point in points
    )
