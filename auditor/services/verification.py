"""A past draw, drawn again from the claims as they are now: identical, or what changed since. See `drawing`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import SelectionMethod
from auditor.domain.chain import sha256_text
from auditor.domain.claim_changes import claim_changes
from auditor.domain.claims import Claim
from auditor.domain.events import Event, EventKind
from auditor.errors import Conflict
from auditor.services import audits, cases, claim_sources, frame_changes, plans, samples, source_checks
from auditor.services.claim_sources import Access
from auditor.services.verification_results import CaseChange, Verification
from auditor.sources.draw import Drawn
from auditor.sources.frame import Frame
from auditor.sources.population import Population
from auditor.storage import history
from auditor.storage.audits import SamplingFrame, Selection
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database

_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class _Copy:
    """What our tables keep of one drawn unit."""

    case: int
    item_id: str
    claim_id: str
    sha256: str
    intact: bool
    ticket: str
    by_chance: bool
    drafts_hold: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Brief:
    audit_id: int
    access: Access
    population: Population
    seed: str
    seed_sha256: str
    frame: SamplingFrame
    sizes: Mapping[str, int]
    copies: tuple[_Copy, ...]


def verify(
    database: Database, *, audit_id: int, by: str, at: datetime, environment: Mapping[str, str]
) -> Verification:
    """Take the frame anew, draw anew, and compare every drawn claim with its frozen copy."""
    with database.read() as session:
        brief = _brief(session, audit_id)
    with claim_sources.opened(brief.access, environment=environment) as source:
        now = source.frame(brief.population, seed=brief.seed, foresee=lambda _: brief.sizes)
        there = {stratum.name: stratum.claims for stratum in now.strata}
        sizes = {name: min(size, there[name]) for name, size in brief.sizes.items() if name in there}
        drawn = source.draw(brief.population, seed=brief.seed, sizes=sizes)
        claims = source.claims([copy.claim_id for copy in brief.copies])
    verification = _compare(brief, now, drawn, claims)
    with database.read() as session:
        verification = _with_fields(session, verification, {claim.claim_id: claim for claim in claims})
    with database.write() as session:
        _record(session, verification, by=by, at=at)
    return verification


def _brief(session: Session, audit_id: int) -> _Brief:
    audit = audits.numbered(session, audit_id)
    frame = samples.drawn_from(audit)
    sizes = {name: len(ids) for name, ids in samples.drawn_by_chance(session, audit_id).items()}
    return _Brief(
        audit_id=audit_id,
        access=claim_sources.access_to(audit.plan.source),
        population=plans.population(audit.plan, audits.period(audit)),
        seed=audit.seed,
        seed_sha256=audit.seed_sha256,
        frame=frame,
        sizes=sizes,
        copies=tuple(_copies(session, audit_id)),
    )


def _copies(session: Session, audit_id: int) -> Iterable[_Copy]:
    question = (
        select(AuditCase, Selection)
        .join(Selection, Selection.id == AuditCase.selection_id)
        .where(AuditCase.audit_id == audit_id)
        .order_by(AuditCase.number)
        .execution_options(yield_per=_BATCH)
    )
    for case, selection in session.execute(question):
        yield _Copy(
            case=case.number,
            item_id=selection.item_id,
            claim_id=selection.claim_id,
            sha256=case.claim_sha256,
            intact=_is_intact(case),
            ticket=selection.ticket,
            by_chance=selection.method is SelectionMethod.PROBABILITY,
            drafts_hold=tuple(case.claim.get("drafts_hold", ())),
        )


def _is_intact(case: AuditCase) -> bool:
    try:
        cases.thaw(case)
    except Conflict:
        return False
    return True


def _compare(brief: _Brief, now: Frame, drawn: Sequence[Drawn], claims: Sequence[Claim]) -> Verification:
    holds = {copy.claim_id: copy.drafts_hold for copy in brief.copies}
    as_then = [replace(claim, drafts_hold=holds[claim.claim_id]) for claim in claims]
    digests = {claim.claim_id: cases.freeze(claim).sha256 for claim in as_then}
    items_now = {unit.item_id for unit in drawn}
    chance = [copy for copy in brief.copies if copy.by_chance]
    there = [copy for copy in brief.copies if copy.claim_id in digests]
    changed = _changes(copy for copy in there if digests[copy.claim_id] != copy.sha256)
    vanished = _changes(copy for copy in brief.copies if copy.claim_id not in digests)
    left = _changes(copy for copy in chance if copy.item_id not in items_now)
    joined = tuple(sorted(items_now - {copy.item_id for copy in chance}))
    broken = tuple(copy.case for copy in brief.copies if not copy.intact)
    tickets = tuple(c.case for c in brief.copies if sha256_text(f"{brief.seed},{c.item_id}") != c.ticket)
    frame_same, seed_same = brief.frame.sha256 == now.sha256, sha256_text(brief.seed) == brief.seed_sha256
    differences = (changed, vanished, left, joined, broken, tickets)
    return Verification(
        audit_id=brief.audit_id,
        identical=frame_same and seed_same and not any(differences),
        seed_matches=seed_same,
        frame_identical=frame_same,
        frame_sha256_then=brief.frame.sha256,
        frame_sha256_now=now.sha256,
        claims_then=brief.frame.claims,
        claims_now=now.claims,
        strata=frame_changes.changed_strata(brief.frame, now),
        changed=changed,
        vanished=vanished,
        left_sample=left,
        joined_sample=joined,
        broken_copies=broken,
        wrong_tickets=tickets,
    )


def _with_fields(session: Session, verification: Verification, now: Mapping[str, Claim]) -> Verification:
    """What changed of each drawn claim, where its frozen copy can still be read."""
    changed = []
    for each in verification.changed:
        where = (AuditCase.audit_id == verification.audit_id, AuditCase.number == each.case)
        case = session.scalars(select(AuditCase).where(*where)).one()
        known = each.case not in verification.broken_copies
        told = claim_changes(cases.thaw(case), now[each.claim_id]) if known else ()
        changed.append(replace(each, fields=told))
        session.expunge(case)
    return replace(verification, changed=tuple(changed))


def _changes(copies: Iterable[_Copy]) -> tuple[CaseChange, ...]:
    return tuple(CaseChange(case=copy.case, claim_id=copy.claim_id) for copy in copies)


def _record(session: Session, verification: Verification, *, by: str, at: datetime) -> None:
    source_checks.keep(session, verification, by=by, at=at)
    body = {
        "audit": verification.audit_id,
        "identical": verification.identical,
        "frame_sha256": verification.frame_sha256_now,
        "changed": [each.case for each in verification.changed],
        "vanished": [each.case for each in verification.vanished],
        "left_sample": [each.case for each in verification.left_sample],
    }
    history.record(session, Event(kind=EventKind.AUDIT_VERIFIED, by=by, body=body), at=at)
