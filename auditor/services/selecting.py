"""How drawn or picked units become selections and cases: frozen claim, auditor, blind or shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewStatus, SelectionMethod
from auditor.domain.claims import Claim
from auditor.services import assignment, audits, cases, reviewers, second_reviews
from auditor.services.assignment import Work
from auditor.sources.draw import Drawn
from auditor.storage.audits import Audit, SampleRound, Selection
from auditor.storage.cases import AuditCase

BLIND = "blind"


@dataclass(frozen=True, kw_only=True)
class Picked:
    """Units to be added to a sample, in draw order, with their claims; `populations` has the size of each stratum.

    `on` is the day of it, which tells who is there to review.
    """

    units: Sequence[Drawn]
    claims: Mapping[str, Claim]
    method: SelectionMethod
    sizes: Mapping[str, int]
    populations: Mapping[str, int]
    on: date
    reason: str | None = None


def add_to(session: Session, sample_round: SampleRound, picked: Picked) -> list[AuditCase]:
    """Write selections and cases: each case with its frozen claim, an auditor, and whether it is coded blind.

    A claim that was picked for a reason before and is now drawn by chance keeps its case, and counts from now on.
    """
    audit = audits.numbered(session, sample_round.audit_id)
    before = _count(session, sample_round, picked.method)
    orders = {unit.item_id: place for place, unit in enumerate(picked.units, start=before + 1)}
    known = _picked_before(session, audit, list(orders))
    for selection in known:
        _now_by_chance(selection, sample_round, picked, order=orders[selection.item_id])
    known_ids = {selection.item_id for selection in known}
    fresh = [unit for unit in picked.units if unit.item_id not in known_ids]
    work = [_work(picked.claims[unit.claim_id]) for unit in fresh]
    there = reviewers.of_plan(session, audit.plan, on=picked.on)
    assigned = assignment.assign(work, there, load=reviewers.load(session, there.names))
    number = session.scalar(select(func.max(AuditCase.number)).where(AuditCase.audit_id == audit.id)) or 0
    added = []
    for place, (unit, auditor) in enumerate(zip(fresh, assigned, strict=True), start=1):
        selection = _selection(sample_round, picked, unit, order=orders[unit.item_id])
        case = _case(audit, selection, picked.claims[unit.claim_id])
        case.number, case.assigned_to = number + place, auditor
        added.append(case)
    session.add_all(added)
    session.flush()
    drawn = [*_cases_of(session, known), *added]
    second_reviews.give_out(session, audit, drawn, there=there, load=reviewers.load(session, there.names))
    return added


def _selection(sample_round: SampleRound, picked: Picked, unit: Drawn, *, order: int) -> Selection:
    by_chance = picked.method is SelectionMethod.PROBABILITY
    return Selection(
        audit_id=sample_round.audit_id,
        round_id=sample_round.id,
        item_id=unit.item_id,
        claim_id=unit.claim_id,
        line_number=unit.line_number,
        stratum=unit.stratum,
        draw_order=order,
        ticket=unit.ticket,
        drawn=picked.sizes[unit.stratum] if by_chance else None,
        population=picked.populations[unit.stratum] if by_chance else None,
        method=picked.method,
        reason=picked.reason,
    )


def _count(session: Session, sample_round: SampleRound, method: SelectionMethod) -> int:
    """How many selections of this kind the round has already: draw order counts on from there."""
    of_kind = select(func.count(Selection.id)).where(
        Selection.round_id == sample_round.id, Selection.method == method
    )
    return session.scalar(of_kind) or 0


def _picked_before(session: Session, audit: Audit, item_ids: Sequence[str]) -> list[Selection]:
    question = select(Selection).where(Selection.audit_id == audit.id, Selection.method == SelectionMethod.TARGETED)
    wanted = set(item_ids)
    return [selection for selection in session.scalars(question) if selection.item_id in wanted]


def _cases_of(session: Session, known: Sequence[Selection]) -> list[AuditCase]:
    return list(session.scalars(select(AuditCase).where(AuditCase.selection_id.in_([each.id for each in known]))))


def _now_by_chance(selection: Selection, sample_round: SampleRound, picked: Picked, *, order: int) -> None:
    selection.method, selection.round_id, selection.draw_order = picked.method, sample_round.id, order
    unit = next(unit for unit in picked.units if unit.item_id == selection.item_id)
    selection.stratum = unit.stratum
    selection.drawn, selection.population = picked.sizes[unit.stratum], picked.populations[unit.stratum]


def _case(audit: Audit, selection: Selection, claim: Claim) -> AuditCase:
    frozen = cases.freeze(claim)
    share = audit.plan.blind_share
    return AuditCase(
        audit_id=audit.id,
        selection=selection,
        coding_source=claim.coding_source,
        model_version=claim.model_version,
        claim=frozen.claim,
        protected=frozen.protected,
        claim_sha256=frozen.sha256,
        blind=assignment.by_chance(share, seed=audit.seed, purpose=BLIND, item_id=selection.item_id),
        documentation_status=DocumentationStatus.COMPLETE,
        review_status=ReviewStatus.PENDING,
    )


def _work(claim: Claim) -> Work:
    return Work(coder=claim.coder_of_record, specialty=claim.specialty)
