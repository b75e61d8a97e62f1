"""Claims picked for a reason: reviewed like the others, never counted in an estimate. See `drawing` for the steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, SelectionMethod
from auditor.domain.chain import sha256_text
from auditor.domain.claims import Claim
from auditor.domain.events import Event, EventKind
from auditor.domain.plans import SamplingUnit
from auditor.errors import BadInput, Conflict
from auditor.services import audits, claim_sources, drawing, samples, selecting
from auditor.services.claim_sources import Access
from auditor.services.samples import Sample
from auditor.sources.draw import Drawn
from auditor.storage import history
from auditor.storage.audits import Audit, Selection
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from auditor.storage.practice_days import day_of

_LINE_MARK = "#"


@dataclass(frozen=True, kw_only=True)
class TargetRequest:
    """Which audit, which units (`claim_id`, or `claim_id#line_number` in an audit by line), and why these."""

    audit_id: int
    item_ids: tuple[str, ...]
    reason: str


def target(
    database: Database, request: TargetRequest, *, by: str, at: datetime, environment: Mapping[str, str]
) -> Sample:
    """Add picked claims to a drawn audit as cases of their own kind."""
    with database.read() as session:
        audit = audits.numbered(session, request.audit_id)
        _refuse(session, audit, request)
        access, on = claim_sources.access_to(audit.plan.source), day_of(session, at)
        units = tuple(_unit(audit, item_id) for item_id in dict.fromkeys(request.item_ids))
    picked = selecting.Picked(
        units=units,
        claims=_read(access, units, environment=environment),
        method=SelectionMethod.TARGETED,
        sizes={},
        populations={},
        on=on,
        reason=request.reason,
    )
    with database.write() as session:
        _record(session, request, picked, by=by, at=at)
        return samples.sample(session, request.audit_id)


def _read(access: Access, units: Sequence[Drawn], *, environment: Mapping[str, str]) -> dict[str, Claim]:
    with claim_sources.opened(access, environment=environment) as source:
        found = {claim.claim_id: claim for claim in source.claims([unit.claim_id for unit in units])}
    unknown = [place for place, unit in enumerate(units, start=1) if unit.claim_id not in found]
    if unknown:
        places = ", ".join(map(str, unknown))
        raise BadInput(f"source {access.name} has no claim with the id named at place {places}: nothing was added")
    return found


def _record(session: Session, request: TargetRequest, picked: selecting.Picked, *, by: str, at: datetime) -> None:
    audit = audits.locked(session, request.audit_id)
    session.refresh(audit, ["rounds"])
    _refuse(session, audit, request)
    added = selecting.add_to(session, audit.rounds[-1], picked)
    body = {
        "audit": audit.id,
        "cases": [case.number for case in added],
        "selections_sha256": drawing.selections_sha256(tuple(picked.units)),
    }
    history.record(session, Event(kind=EventKind.AUDIT_TARGETED, by=by, body=body), at=at)


def _refuse(session: Session, audit: Audit, request: TargetRequest) -> None:
    if audit.state is not AuditState.DRAWN:
        raise Conflict(f"audit {audit.id} is {audit.state}: claims are picked for a drawn audit that is not signed")
    if not request.reason.strip():
        raise BadInput("picking claims takes a reason, which stands beside them")
    if not request.item_ids:
        raise BadInput("name at least one claim")
    known = session.scalars(
        select(AuditCase.number)
        .join(Selection)
        .where(Selection.audit_id == audit.id, Selection.item_id.in_(request.item_ids))
        .order_by(AuditCase.number)
    ).all()
    if known:
        raise BadInput(f"already in audit {audit.id}, as case {', '.join(map(str, known))}: leave those out")


def _unit(audit: Audit, item_id: str) -> Drawn:
    claim_id, line_number = item_id, None
    if audit.plan.unit is SamplingUnit.LINE:
        claim_id, mark, line = item_id.rpartition(_LINE_MARK)
        if not mark or not line.isdecimal():
            raise BadInput(f"audit {audit.id} draws lines: write each as claim_id{_LINE_MARK}line_number")
        line_number = int(line)
    ticket = sha256_text(f"{audit.seed},{item_id}")
    stratum = samples.TARGETED
    return Drawn(item_id=item_id, claim_id=claim_id, line_number=line_number, stratum=stratum, ticket=ticket)
