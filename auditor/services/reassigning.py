"""Cases given to somebody else, when an auditor leaves in mid-audit or has too much to do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, func, select, union_all
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, ReviewPass, ReviewStatus
from auditor.domain.events import Event, EventKind
from auditor.domain.people import Role
from auditor.errors import BadInput, Conflict, Forbidden
from auditor.services import assignment, audits, blind_coding, people, reviewers, second_reviews
from auditor.services.assignment import Reviewers
from auditor.storage import asking, history
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.practice_days import day_of
from auditor.storage.review_work import FurtherReview

_OF_AUDIT = AuditCase.audit_id == bindparam("audit_id")
_FIRST_WAITING = (
    select(AuditCase.assigned_to, func.count())
    .where(_OF_AUDIT, AuditCase.review_status == ReviewStatus.PENDING, AuditCase.assigned_to.is_not(None))
    .group_by(AuditCase.assigned_to)
)
_SECOND_WAITING = (
    select(FurtherReview.assigned_to, func.count())
    .join(FurtherReview.case)
    .where(_OF_AUDIT, FurtherReview.review_pass == ReviewPass.SECOND)
    .where(FurtherReview.review_status == ReviewStatus.PENDING, FurtherReview.assigned_to.is_not(None))
    .group_by(FurtherReview.assigned_to)
)
_WAITING = select(*union_all(_FIRST_WAITING, _SECOND_WAITING).subquery().c)


@dataclass(frozen=True, kw_only=True)
class Reassignment:
    """Which cases of an audit go to whom.

    `source` is whose cases they are now (None: those of nobody), `numbers` names single ones instead; `to` is who
    gets them, or the plan's other auditors in even shares.
    """

    audit_id: int
    source: str | None = None
    numbers: tuple[int, ...] = ()
    to: str | None = None


@dataclass(frozen=True, kw_only=True)
class Moved:
    """How many cases each person got, and how many nobody may review."""

    audit_id: int
    source: str | None
    to: dict[str, int]
    left: int


def reassign(session: Session, asked: Reassignment, *, by: str, at: datetime) -> Moved:
    """Give cases that are not done to somebody else; never to whoever coded them, or lacks the certificate."""
    audit = audits.locked(session, asked.audit_id)
    if audit.state is not AuditState.DRAWN:
        raise Conflict(f"audit {audit.id} is {audit.state}: only a drawn audit has cases to give to somebody else")
    cases = _cases(session, audit, asked)
    there = _takers(session, audit, asked, at=at)
    seconds = _second_reviewers(session, audit)
    work = [replace(second_reviews.work_on(case), taken_by=seconds.get(case.id)) for case in cases]
    chosen = assignment.assign(work, there, load=reviewers.load(session, there.names))
    if asked.to is not None and None in chosen:
        raise Forbidden(_may_not(cases, chosen, asked.to))
    moved = [(case, name) for case, name in zip(cases, chosen, strict=True) if name is not None]
    for case, name in moved:
        case.assigned_to = name
    blind_coding.forget(session, [case.id for case, _ in moved], ReviewPass.FIRST)
    given, left = Counter(name for _, name in moved), chosen.count(None)
    if asked.source and not asked.numbers:
        passed, stay = second_reviews.pass_on(session, audit, asked.source, there=there, load=given)
        given, left = given + passed, left + stay
    if not (cases or given or left):
        whose = f"of {asked.source} " if asked.source else "without an auditor "
        raise Conflict(f"audit {audit.id} has no case {whose}that is not done: nothing was changed")
    body = {"audit": audit.id, "cases": [case.number for case in cases], "to": dict(sorted(given.items()))}
    history.record(session, Event(kind=EventKind.CASES_REASSIGNED, by=by, body=body), at=at)
    return Moved(audit_id=audit.id, source=asked.source, to=dict(given), left=left)


def _cases(session: Session, audit: Audit, asked: Reassignment) -> list[AuditCase]:
    question = select(AuditCase).where(
        AuditCase.audit_id == audit.id, AuditCase.review_status == ReviewStatus.PENDING
    )
    if asked.numbers:
        question = question.where(AuditCase.number.in_(asked.numbers))
    elif asked.source:
        question = question.where(AuditCase.assigned_to == people.named(session, asked.source).name)
    else:
        question = question.where(AuditCase.assigned_to.is_(None))
    found = list(session.scalars(question.order_by(AuditCase.number).with_for_update()))
    missing = sorted(set(asked.numbers) - {case.number for case in found})
    if missing:
        raise BadInput(f"done already, or no case of audit {audit.id}: {', '.join(map(str, missing))}")
    return found


def holders(session: Session, audit_id: int) -> dict[str, int]:
    """How many reviews of an audit, first and second ones, wait for each person; for officers alone."""
    waiting: Counter[str] = Counter()
    for name, reviews in asking.rows(session, _WAITING, {"audit_id": audit_id}):
        waiting[name] += reviews
    return dict(sorted(waiting.items()))


def _takers(session: Session, audit: Audit, asked: Reassignment, *, at: datetime) -> Reviewers:
    there = reviewers.of_plan(session, audit.plan, on=day_of(session, at))
    if asked.to is not None:
        user = people.acting(session, asked.to, Role.AUDITOR)
        return reviewers.these(session, audit.plan, (user.name,), on=day_of(session, at))
    names = tuple(name for name in there.names if name != asked.source)
    if not names:
        raise Conflict(f"nobody else of the plan {audit.plan.name} is there: name somebody with --to")
    return replace(there, names=names)


def _second_reviewers(session: Session, audit: Audit) -> dict[int, str | None]:
    """Who has the second review of each case that has one."""
    question = (
        select(FurtherReview.case_id, FurtherReview.assigned_to)
        .join(FurtherReview.case)
        .where(AuditCase.audit_id == audit.id, FurtherReview.review_pass == ReviewPass.SECOND)
    )
    return {row[0]: row[1] for row in session.execute(question)}


def _may_not(cases: Sequence[AuditCase], chosen: Sequence[str | None], name: str) -> str:
    numbers = ", ".join(str(case.number) for case, taker in zip(cases, chosen, strict=True) if taker is None)
    return (
        f"{name} may not review case {numbers}, being its coder or without the certificate that its specialty asks"
        " for: nothing was changed"
    )
