"""Audits that a plan's recurrence calls for: one a period, opened when the period is over, then drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState
from auditor.domain.plans import Period, Timing
from auditor.errors import AuditorError
from auditor.services import assignment_notices, audits, drawing, open_periods, prebill
from auditor.services.notices import Letterhead
from auditor.storage.audits import Audit
from auditor.storage.database import Database
from auditor.storage.plans import Plan


@dataclass(frozen=True, kw_only=True)
class AuditRules:
    """What opening and drawing take from the edge: fresh seeds, the environment of sources, and our letterhead."""

    new_seed: Callable[[], str]
    environment: Mapping[str, str]
    letterhead: Letterhead


@dataclass(frozen=True, kw_only=True)
class DueAudits:
    """Numbers of the audits that were opened and drawn, and what went wrong, one sentence each.

    `empty` says of each audit whose period holds no claim that it waits for one: told once, asked again at each run.
    """

    opened: tuple[int, ...]
    drawn: tuple[int, ...]
    problems: tuple[str, ...]
    empty: Mapping[int, str]


def run_due_audits(database: Database, rules: AuditRules, *, on: date, by: str, at: datetime) -> DueAudits:
    """Open what is due and not open yet, and draw what is open; a source that fails stops only its own audits."""
    opened: list[int] = []
    with database.write() as session:
        for plan, period in _missing(session, on):
            opening = audits.Opening(plan=plan.name, period=period, seed=rules.new_seed())
            opened.append(audits.open_audit(session, opening, by=by, at=at).id)
    with database.read() as session:
        waiting = _undrawn(session)
    moment = Moment(on=on, by=by, at=at)
    try:
        drawn, failed = _draw_all(database, rules, waiting, moment)
        late, failed = _again(database, rules, failed, moment)
    finally:  # whatever was drawn is told of, in one mail a person
        with database.write() as session:
            assignment_notices.queue_all(session, waiting, letterhead=rules.letterhead, at=at)
    empty = {audit_id: str(error) for audit_id, error in failed.items() if isinstance(error, drawing.EmptyFrame)}
    problems = (f"audit {audit_id}: {error}" for audit_id, error in failed.items() if audit_id not in empty)
    return DueAudits(opened=tuple(opened), drawn=(*drawn, *late), problems=tuple(problems), empty=empty)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The day where the practice is, the moment, and who acts."""

    on: date
    by: str
    at: datetime


def _draw_all(
    database: Database, rules: AuditRules, waiting: Sequence[int], moment: Moment
) -> tuple[list[int], dict[int, AuditorError]]:
    """Draw and assign these audits; those drawn, and why each other one was not."""
    drawn: list[int] = []
    failed: dict[int, AuditorError] = {}
    for audit_id in waiting:
        try:
            finished = _draw(database, rules, audit_id, moment)
        except AuditorError as error:
            failed[audit_id] = error
            continue
        if finished:
            drawn.append(audit_id)
    return drawn, failed


def _again(
    database: Database, rules: AuditRules, failed: Mapping[int, AuditorError], moment: Moment
) -> tuple[list[int], dict[int, AuditorError]]:
    """Try once more what failed, but for empty frames: a source may have been down for a moment."""
    empty = {audit_id: error for audit_id, error in failed.items() if isinstance(error, drawing.EmptyFrame)}
    late, still = _draw_all(database, rules, [each for each in failed if each not in empty], moment)
    return late, {**empty, **still}


def _draw(database: Database, rules: AuditRules, audit_id: int, moment: Moment) -> bool:
    """Draw one, or look what has arrived for it; whether its sample is complete."""
    with database.read() as session:
        arriving = audits.numbered(session, audit_id).plan.timing is Timing.PREBILL
    if arriving:
        look = prebill.Look(audit_id=audit_id, on=moment.on)
        looked = prebill.take_arrivals(database, look, by=moment.by, at=moment.at, environment=rules.environment)
        return looked.closed
    request = drawing.DrawRequest(audit_id=audit_id)
    drawing.draw(database, request, by=moment.by, at=moment.at, environment=rules.environment)
    return True


def _missing(session: Session, on: date) -> list[tuple[Plan, Period]]:
    """What plans in force call for and has no audit."""
    question = (
        select(Plan)
        .where(Plan.approved_at.is_not(None), Plan.retired_at.is_(None), Plan.repeat.is_not(None))
        .order_by(Plan.id)
    )
    found = []
    for plan in session.scalars(question):
        if plan.source.removed_at is not None:
            continue
        found += [(plan, each) for each in open_periods.without_audit(session, plan, on=on)]
    return found


def _undrawn(session: Session) -> list[int]:
    """Open audits of plans that repeat; those of other plans are drawn by hand."""
    question = (
        select(Audit.id)
        .join(Plan, Plan.id == Audit.plan_id)
        .where(Audit.state == AuditState.OPEN, Plan.repeat.is_not(None))
        .order_by(Audit.id)
    )
    return list(session.scalars(question))
