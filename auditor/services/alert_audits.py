"""A targeted audit that an alert orders: claims that show what it tells of, put into an audit that is in review.

The claims are picked by ticket under the digest of the alert's evidence, so anyone can pick them again. They are
targeted: no estimate counts them. Where no audit of the source is in review, one of its plans is opened and drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind, AlertMove
from auditor.domain.audits import AuditState
from auditor.domain.claims import CodingSource
from auditor.domain.em_levels import families
from auditor.domain.plans import Period, SamplingUnit
from auditor.errors import BadInput, Conflict
from auditor.services import alerts, audits, claim_sources, drawing, targeting
from auditor.services.alert_moves import Move, make
from auditor.services.audits import Opening
from auditor.services.claim_sources import Access
from auditor.sources.suspects import SuspectQuestion
from auditor.storage.audits import Audit, Selection
from auditor.storage.database import Database
from auditor.storage.monitors import Alert
from auditor.storage.plans import Plan, Source

MOST_CASES = 200


@dataclass(frozen=True, kw_only=True)
class Order:
    """Which alert orders how many cases; a fresh `seed` is for an audit that has to be opened first."""

    alert_id: int
    size: int
    seed: str


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """The audit, how many cases were added, and whether it was opened for them."""

    audit_id: int
    cases: int
    opened: bool


@dataclass(frozen=True, kw_only=True)
class _Brief:
    audit_id: int | None
    opening: Opening | None
    access: Access
    question: SuspectQuestion
    seed: str
    known: frozenset[str]


def order(database: Database, request: Order, *, by: str, at: datetime, environment: Mapping[str, str]) -> Ordered:
    """Pick the claims, add them as cases, and write down on the alert that it was done."""
    with database.read() as session:
        brief = _brief(session, request)
    with claim_sources.opened(brief.access, environment=environment) as source:
        found = source.suspects(brief.question, seed=brief.seed, size=request.size + len(brief.known))
    fresh = tuple(claim_id for claim_id in found if claim_id not in brief.known)[: request.size]
    if not fresh:
        raise Conflict(
            f"source {brief.access.name} has no claim left that shows what alert {request.alert_id} tells of"
        )
    audit_id = brief.audit_id or _open_and_draw(database, brief, by=by, at=at, environment=environment)
    with database.read() as session:
        known = _known(session, audit_id)
    added = tuple(claim_id for claim_id in fresh if claim_id not in known)
    if added:
        target = targeting.TargetRequest(audit_id=audit_id, item_ids=added, reason=reason(request.alert_id))
        targeting.target(database, target, by=by, at=at, environment=environment)
    with database.write() as session:
        alert = alerts.numbered(session, request.alert_id)
        make(session, alert, Move(kind=AlertMove.AUDIT_ORDERED, audit_id=audit_id), by=by, at=at)
    return Ordered(audit_id=audit_id, cases=len(added), opened=brief.audit_id is None)


def reason(alert_id: int) -> str:
    """Why a targeted claim was picked, as its selection says it."""
    return f"alert {alert_id}"


def _brief(session: Session, request: Order) -> _Brief:
    alert = alerts.numbered(session, request.alert_id)
    if not 1 <= request.size <= MOST_CASES:
        raise BadInput(f"order 1 to {MOST_CASES} cases, not {request.size}")
    if alert.kind is not AlertKind.DRIFT:
        raise Conflict(f"alert {alert.id} is about the machinery: no claim can show it")
    if not AlertMove.AUDIT_ORDERED.is_allowed(alert.state):
        raise Conflict(f"alert {alert.id} is {alert.state} already: reopen it to go on")
    source = claim_sources.named(session, alert.latest["source"])
    audit_id = _in_review(session, source)
    return _Brief(
        audit_id=audit_id,
        opening=None if audit_id else _opening(session, source, alert, request.seed),
        access=claim_sources.access_to(source),
        question=question_of(alert.latest),
        seed=alert.evidence_sha256,
        known=_known(session, audit_id) if audit_id else frozenset(),
    )


def question_of(story: Mapping[str, object]) -> SuspectQuestion:
    """Which claims show what a story tells of, from its arm, version, weeks and signals."""
    version, signals = story["model_version"], story["signals"]
    names = [(str(each["what"]), int(each["direction"])) for each in signals] if isinstance(signals, list) else []
    return SuspectQuestion(
        arm=CodingSource(str(story["arm"])),
        model_version=None if version is None else str(version),
        first_on=date.fromisoformat(str(story["since"])),
        last_on=date.fromisoformat(str(story["weeks_until"])),
        codes=tuple(dict.fromkeys(code for what, up in names for code in _codes(what, up))),
        modifiers=tuple(
            what.removeprefix("modifier ") for what, up in names if what.startswith("modifier ") and up > 0
        ),
    )


def _codes(what: str, direction: int) -> list[str]:
    if what.startswith("code ") and direction > 0:
        return [what.removeprefix("code ").upper().replace(".", "")]
    if what != "E/M level":
        return []
    return [code for _, codes in families() for code, level in codes if (level >= 4) is (direction > 0)]


def _in_review(session: Session, source: Source) -> int | None:
    question = (
        select(Audit.id)
        .join(Plan, Plan.id == Audit.plan_id)
        .where(Plan.source_id == source.id, Plan.unit == SamplingUnit.CLAIM, Audit.state == AuditState.DRAWN)
        .order_by(Audit.last_on.desc(), Audit.id.desc())
    )
    return session.scalars(question.limit(1)).first()


def _opening(session: Session, source: Source, alert: Alert, seed: str) -> Opening:
    question = (
        select(Plan)
        .where(Plan.source_id == source.id, Plan.unit == SamplingUnit.CLAIM, Plan.approved_at.is_not(None))
        .order_by(Plan.id.desc())
    )
    plans = list(session.scalars(question))
    arm = alert.latest["arm"]
    own = next((plan for plan in plans if plan.coding_source and plan.coding_source.value == arm), None)
    plan = own or next(iter(plans), None)
    if plan is None:
        raise Conflict(f"source {source.name} has no approved plan by claim: approve one, then order the audit again")
    weeks = (date.fromisoformat(alert.latest[name]) for name in ("since", "weeks_until"))
    first_on, last_on = weeks
    return Opening(plan=plan.name, period=Period(first_on=first_on, last_on=last_on), seed=seed)


def _open_and_draw(
    database: Database, brief: _Brief, *, by: str, at: datetime, environment: Mapping[str, str]
) -> int:
    if brief.opening is None:
        raise ValueError("there is neither an audit nor an opening")
    with database.write() as session:
        audit_id = audits.open_audit(session, brief.opening, by=by, at=at).id
    drawing.draw(database, drawing.DrawRequest(audit_id=audit_id), by=by, at=at, environment=environment)
    return audit_id


def _known(session: Session, audit_id: int) -> frozenset[str]:
    return frozenset(session.scalars(select(Selection.item_id).where(Selection.audit_id == audit_id)))
