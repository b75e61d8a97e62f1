"""Audits: opened with a committed seed, abandoned, found. Drawing, verifying and signing have their own modules."""

from dataclasses import dataclass
from datetime import date, datetime
from shlex import quote

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from auditor.domain.audits import AuditState, SeedSource
from auditor.domain.chain import sha256_text
from auditor.domain.events import Event, EventKind
from auditor.domain.plans import Period, Timing
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import claim_sources, plans
from auditor.storage import asking, history
from auditor.storage.audits import Audit, SamplingFrame, Selection
from auditor.storage.plans import Plan

UNKNOWN = "there is no audit {}: see `auditor audit list`"
UNKNOWN_CASE = "there is no case {}: `auditor review next` shows the next one"
_HELD = (
    select(Audit.state, Plan.timing)
    .join(Audit.plan)
    .where(Audit.id == bindparam("audit_id"))
    .with_for_update(read=True, of=Audit)
)
_WITH_PLAN = select(Audit).where(Audit.id == bindparam("audit_id")).options(joinedload(Audit.plan, innerjoin=True))
_FRAME = select(SamplingFrame.id).where(SamplingFrame.audit_id == bindparam("audit_id"))


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Which plan over which days, and the fresh seed (`SEED_BYTES` made where the clock and chance are read)."""

    plan: str
    period: Period
    seed: str


def open_audit(session: Session, opening: Opening, *, by: str, at: datetime) -> Audit:
    """Open an audit of an approved plan; the seed's hash is logged now, before anyone counts the frame."""
    if opening.period.is_empty:
        raise BadInput(f"the period {opening.period} ends before it begins: turn the dates round")
    plan = plans.named(session, opening.plan)
    if plan.approved_at is None:
        raise Conflict(f"the plan {plan.name} is not approved: run `auditor plan approve {quote(plan.name)}` first")
    if plan.retired_at is not None:
        raise Conflict(f"the plan {plan.name} is retired, and no audit of it opens any more: make a new plan")
    claim_sources.access_to(plan.source)
    _refuse_second(session, plan, opening.period)
    audit = Audit(
        plan=plan,
        first_on=opening.period.first_on,
        last_on=opening.period.last_on,
        state=AuditState.OPEN,
        seed=opening.seed,
        seed_sha256=sha256_text(opening.seed),
        seed_source=SeedSource.COMMITTED,
        opened_by=by,
        opened_at=at,
    )
    session.add(audit)
    session.flush()
    body = {
        "audit": audit.id,
        "plan": plan.name,
        "first_on": audit.first_on,
        "last_on": audit.last_on,
        "seed_sha256": audit.seed_sha256,
    }
    history.record(session, Event(kind=EventKind.AUDIT_OPENED, by=by, body=body), at=at)
    return audit


def _refuse_second(session: Session, plan: Plan, period: Period) -> None:
    """A plan has one audit of a period that nobody has drawn yet, whoever asks twice or at the same moment."""
    session.execute(select(Plan.id).where(Plan.id == plan.id).with_for_update())
    waiting = select(Audit.id).where(Audit.plan_id == plan.id, Audit.state == AuditState.OPEN)
    of_period = waiting.where(Audit.first_on == period.first_on, Audit.last_on == period.last_on)
    number = session.scalar(of_period.limit(1))
    if number is not None:
        raise Conflict(f"audit {number} of {plan.name}, {period}, is open already: draw it, or abandon it first")


def opening_notes(plan: Plan, period: Period, *, on: date) -> tuple[str, ...]:
    """What to know of a period that is not over on a day; claims of a prebill audit are meant to arrive still."""
    if plan.timing is Timing.PREBILL or period.last_on < on:
        return ()
    begun = f"has not begun, and ends on {period.last_on}" if period.first_on > on else f"ends on {period.last_on}"
    note = f"the period {begun}: claims that arrive after the draw are in no frame, so draw once all of them are in"
    return (note,)


def abandon(session: Session, *, audit_id: int, reason: str, by: str, at: datetime) -> Audit:
    """Give an audit up. It stays visible, and stands on the certificate of every audit that follows it."""
    audit = locked(session, audit_id)
    if audit.state not in (AuditState.OPEN, AuditState.DRAWN):
        raise Conflict(f"audit {audit_id} is {audit.state} and cannot be abandoned")
    if not reason.strip():
        raise BadInput("abandoning an audit takes a reason, which will stand on certificates")
    audit.state, audit.abandoned_at, audit.abandoned_by, audit.abandon_reason = AuditState.ABANDONED, at, by, reason
    body = {"audit": audit.id, "was_drawn": audit.drawn_at is not None}
    history.record(session, Event(kind=EventKind.AUDIT_ABANDONED, by=by, body=body), at=at)
    return audit


def numbered(session: Session, audit_id: int) -> Audit:
    """The audit of that number."""
    return _found(session.get(Audit, audit_id), audit_id)


def with_plan(session: Session, audit_id: int) -> Audit:
    """The audit of that number, read together with its plan."""
    return _found(session.scalar(_WITH_PLAN, {"audit_id": audit_id}), audit_id)


def has_frame(session: Session, audit_id: int) -> bool:
    """Whether the frame of an audit was taken."""
    return asking.value(session, _FRAME, {"audit_id": audit_id}) is not None


def locked(session: Session, audit_id: int) -> Audit:
    """The audit of that number, read anew and held until the transaction ends: for whoever is about to change it."""
    return _found(session.get(Audit, audit_id, with_for_update=True, populate_existing=True), audit_id)


def hold_for_review(session: Session, audit_id: int) -> None:
    """Keep the audit drawn until the transaction ends, so that nobody signs while a finding is being written."""
    state, timing = asking.rows(session, _HELD, {"audit_id": audit_id}).one()
    if state is AuditState.SIGNED:
        raise Conflict(f"audit {audit_id} is signed: reopen it with `auditor audit reopen {audit_id}` to change it")
    if not _takes_reviews(state, timing):
        raise Conflict(f"audit {audit_id} is {state}: only a drawn audit can be reviewed")


def is_under_review(audit: Audit) -> bool:
    """Whether its cases may be reviewed: it is drawn, or prebill and claims still arrive."""
    return _takes_reviews(audit.state, audit.plan.timing)


def _takes_reviews(state: AuditState, timing: Timing) -> bool:
    return state is AuditState.DRAWN or (state is AuditState.OPEN and timing is Timing.PREBILL)


def under_review() -> ColumnElement[bool]:
    """The same as a condition on `Audit`."""
    arriving = and_(Audit.state == AuditState.OPEN, Audit.plan.has(Plan.timing == Timing.PREBILL))
    return or_(Audit.state == AuditState.DRAWN, arriving)


def all_audits(session: Session, *conditions: ColumnElement[bool]) -> list[Audit]:
    """Every audit that meets the conditions, oldest first, with its plan and rounds."""
    question = select(Audit).options(joinedload(Audit.plan), selectinload(Audit.rounds)).order_by(Audit.id)
    return list(session.scalars(question.where(*conditions)))


def shares_days(audit: Audit, other: Audit) -> bool:
    """Whether another audit covers some of the same days of the same source and arm: what `overlapping` asks for."""
    same = other.id != audit.id and other.plan.source_id == audit.plan.source_id
    arms = {audit.plan.coding_source, other.plan.coding_source} - {None}
    return same and len(arms) < 2 and other.first_on <= audit.last_on and other.last_on >= audit.first_on


def overlapping(session: Session, audit: Audit) -> list[Audit]:
    """Other audits of the same source whose periods share a day with this one, oldest first; abandoned ones too.

    Those of another arm have no claim in common with it, and are left out.
    """
    arm = audit.plan.coding_source
    same_arm = true() if arm is None else or_(Plan.coding_source.is_(None), Plan.coding_source == arm)
    return list(
        session.scalars(
            select(Audit)
            .join(Plan)
            .where(
                Plan.source_id == audit.plan.source_id,
                Audit.id != audit.id,
                same_arm,
                Audit.first_on <= audit.last_on,
                Audit.last_on >= audit.first_on,
            )
            .order_by(Audit.id)
        )
    )


def over_same_days(session: Session, plan: Plan, days: Period) -> list[int]:
    """Numbers of audits of a plan, not abandoned, that share a day with a period."""
    question = select(Audit.id).where(
        Audit.plan_id == plan.id,
        Audit.state != AuditState.ABANDONED,
        Audit.first_on <= days.last_on,
        Audit.last_on >= days.first_on,
    )
    return list(session.scalars(question.order_by(Audit.id)))


def shared_claims(session: Session, audit: Audit) -> dict[int, int]:
    """How many claims of an audit are in other audits of the same source too, by the number of the other."""
    other = aliased(Selection)
    question = (
        select(other.audit_id, func.count(func.distinct(other.claim_id)))
        .join(Selection, Selection.claim_id == other.claim_id)
        .join(Audit, Audit.id == other.audit_id)
        .join(Plan, Plan.id == Audit.plan_id)
        .where(Selection.audit_id == audit.id, other.audit_id != audit.id)
        .where(Plan.source_id == audit.plan.source_id, Audit.state != AuditState.ABANDONED)
        .group_by(other.audit_id)
        .order_by(other.audit_id)
    )
    return {row[0]: row[1] for row in session.execute(question)}


def period(audit: Audit) -> Period:
    """The days that an audit covers."""
    return Period(first_on=audit.first_on, last_on=audit.last_on)


def _found(audit: Audit | None, audit_id: int) -> Audit:
    if audit is None:
        raise NotFound(UNKNOWN.format(audit_id))
    return audit
