"""Prebill audits: a rolling frame, in which a claim is selected on arrival when its ticket is low enough.

The seed was committed when the audit opened and stays secret until the period ends; a claim is selected when its
ticket lies below the plan's rate times 2^256, so that nobody can tell beforehand which claims that will be. When the
period is over the frame is frozen, the seed revealed, and everything below the limit is drawn again from the frame:
`auditor audit verify` reproduces the selection like any other. See `drawing` for the three steps of a use case.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, SelectionMethod
from auditor.domain.claims import Claim
from auditor.domain.events import Event, EventKind
from auditor.domain.plans import Timing
from auditor.errors import Conflict
from auditor.services import audits, claim_sources, drawing, plans, samples, selecting
from auditor.services.claim_sources import Access
from auditor.sources.draw import Drawn
from auditor.sources.frame import Frame
from auditor.sources.population import Population
from auditor.storage import history
from auditor.storage.audits import Audit, SampleRound, Selection
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from auditor.storage.practice_days import day_of
from auditor.storage.prebill import BillHold

ALGORITHM = "sha256-ticket-below/1"
LEFT = "left the frame before its period ended"
_TICKETS = 2**256


@dataclass(frozen=True, kw_only=True)
class Look:
    """Which audit is looked after, and on which day where the practice is: after its period the frame is closed."""

    audit_id: int
    on: date


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """What a look at the source brought: claims selected anew, and whether the audit's frame is closed now."""

    audit_id: int
    selected: int
    closed: bool


@dataclass(frozen=True, kw_only=True)
class _Brief:
    audit_id: int
    access: Access
    population: Population
    seed: str
    rate: Fraction
    hold_days: int
    known: frozenset[str]
    over: bool


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """Everything below the limit, the claims of what is new, and the frame where the period is over."""

    drawn: tuple[Drawn, ...]
    claims: Mapping[str, Claim]
    frame: Frame | None


def limit(rate: Fraction) -> str:
    """The text below which a ticket is selected: `rate` times 2^256 in hexadecimal.

    >>> limit(Fraction(1, 16))[:4], limit(Fraction(1))
    ('1000', 'g')
    """
    return "g" if rate >= 1 else f"{math.ceil(rate * _TICKETS):064x}"


def take_arrivals(
    database: Database, look: Look, *, by: str, at: datetime, environment: Mapping[str, str]
) -> Arrivals:
    """Select what has arrived since the last look; when the period is over on that day, close the frame."""
    with database.read() as session:
        brief = _brief(session, look)
    with claim_sources.opened(brief.access, environment=environment) as source:
        drawn = source.draw_below(brief.population, seed=brief.seed, limit=limit(brief.rate))
        fresh = tuple(unit for unit in drawn if unit.item_id not in brief.known)
        claims = drawing.claims_of(source, fresh, place=brief.access.name) if fresh else {}
        frame = source.frame(brief.population, seed=brief.seed) if brief.over else None
    answer = _Answer(drawn=drawn, claims=claims, frame=frame)
    with database.write() as session:
        selected = _record(session, brief, answer, by=by, at=at)
    return Arrivals(audit_id=look.audit_id, selected=selected, closed=brief.over)


def _brief(session: Session, look: Look) -> _Brief:
    audit = audits.numbered(session, look.audit_id)
    _refuse_unless_arriving(audit)
    plan = audit.plan
    if plan.prebill_rate is None or plan.hold_days is None:
        raise ValueError("a prebill plan without its rate")
    known = session.scalars(select(Selection.item_id).where(Selection.audit_id == audit.id))
    return _Brief(
        audit_id=audit.id,
        access=claim_sources.access_to(plan.source),
        population=plans.population(plan, audits.period(audit)),
        seed=audit.seed,
        rate=plan.prebill_rate,
        hold_days=plan.hold_days,
        known=frozenset(known),
        over=look.on > audit.last_on,
    )


def _record(session: Session, brief: _Brief, answer: _Answer, *, by: str, at: datetime) -> int:
    audit = audits.locked(session, brief.audit_id)
    session.refresh(audit, ["rounds"])
    _refuse_unless_arriving(audit)
    known = set(session.scalars(select(Selection.item_id).where(Selection.audit_id == audit.id)))
    fresh = [unit for unit in answer.drawn if unit.item_id not in known and unit.claim_id in answer.claims]
    first = _round(session, audit, brief, by=by, at=at)
    strata = {unit.stratum for unit in fresh}
    picked = selecting.Picked(
        units=samples.in_draw_order(fresh),
        claims=answer.claims,
        method=SelectionMethod.PROBABILITY,
        sizes=dict.fromkeys(strata, brief.rate.numerator),
        populations=dict.fromkeys(strata, brief.rate.denominator),
        on=day_of(session, at),
    )
    added = selecting.add_to(session, first, picked)
    _hold(session, added, days=brief.hold_days, at=at)
    first.sample_size += len(added)
    if fresh:
        body = {"audit": audit.id, "added": len(added), "selections_sha256": drawing.selections_sha256(tuple(fresh))}
        history.record(session, Event(kind=EventKind.AUDIT_ARRIVALS, by=by, body=body), at=at)
    if answer.frame is not None:
        _close(session, audit, answer, by=by, at=at)
    return len(added)


def _round(session: Session, audit: Audit, brief: _Brief, *, by: str, at: datetime) -> SampleRound:
    """The one round of a rolling frame."""
    if audit.rounds:
        return audit.rounds[0]
    derivation: dict[str, object] = {
        "rate": str(brief.rate),
        "limit": limit(brief.rate),
        "notes": [f"each claim is selected on arrival with a chance of {float(brief.rate):.4%}"],
    }
    first = samples.new_round(audit, sample_size=0, derivation=derivation, by=by, at=at)
    first.algorithm = ALGORITHM
    session.add(first)
    session.flush()
    session.refresh(audit, ["rounds"])
    return first


def _hold(session: Session, added: list[AuditCase], *, days: int, at: datetime) -> None:
    due_on = day_of(session, at) + timedelta(days=days)
    session.add_all(BillHold(case_id=case.id, held_at=at, due_on=due_on) for case in added)
    session.flush()


def _close(session: Session, audit: Audit, answer: _Answer, *, by: str, at: datetime) -> None:
    """Freeze the frame and reveal the seed; what has left the frame meanwhile counts in no estimate."""
    frame, first = answer.frame, audit.rounds[0]
    if frame is None:
        raise ValueError("a frame that was not taken")
    if not frame.claims:
        raise Conflict(f"no claim of audit {audit.id} arrived in its period: abandon it")
    session.add(drawing.frame_row(audit, frame, at=at))
    audit.state, audit.drawn_at = AuditState.DRAWN, at
    there = {unit.item_id: unit.stratum for unit in answer.drawn}
    sizes, populations = Counter(there.values()), {each.name: each.claims for each in frame.strata}
    for selection in session.scalars(select(Selection).where(Selection.audit_id == audit.id)):
        stratum = there.get(selection.item_id)
        if stratum is None:
            selection.method, selection.reason = SelectionMethod.TARGETED, LEFT
            selection.stratum, selection.drawn, selection.population = samples.TARGETED, None, None
        else:
            selection.stratum = stratum
            selection.drawn, selection.population = sizes[stratum], populations[stratum]
    _number(session, audit)
    first.sample_size = len(there)
    session.flush()
    session.refresh(audit, ["frame"])
    body = {
        "audit": audit.id,
        "round": first.number,
        "sample_size": len(there),
        "algorithm": ALGORITHM,
        "seed": audit.seed,
        "seed_sha256": audit.seed_sha256,
        "seed_source": audit.seed_source,
        "frame_sha256": frame.sha256,
        "frame_claims": frame.claims,
        "selections_sha256": drawing.selections_sha256(answer.drawn),
    }
    history.record(session, Event(kind=EventKind.AUDIT_DRAWN, by=by, body=body), at=at)


def _number(session: Session, audit: Audit) -> None:
    """Draw order is the order of tickets, now that all of them are known."""
    of_chance = (Selection.audit_id == audit.id, Selection.method == SelectionMethod.PROBABILITY)
    found = session.execute(select(Selection.id, Selection.ticket, Selection.item_id).where(*of_chance)).all()
    ordered = sorted(found, key=lambda row: (row[1], row[2]))
    for place, row in enumerate(ordered, start=1):
        session.execute(update(Selection).where(Selection.id == row[0]).values(draw_order=place))


def _refuse_unless_arriving(audit: Audit) -> None:
    if audit.plan.timing is not Timing.PREBILL:
        raise Conflict(f"audit {audit.id} is not prebill: draw it with `auditor audit draw {audit.id}`")
    if audit.state is not AuditState.OPEN:
        raise Conflict(f"audit {audit.id} is {audit.state}: no claim is selected any more")
