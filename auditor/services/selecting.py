"""How drawn or picked units become selections and cases: frozen claim, auditor, blind or shown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewStatus, SelectionMethod
from auditor.domain.claims import Claim
from auditor.services import assignment, audits, cases, second_reviews
from auditor.sources.draw import Drawn
from auditor.storage.audits import Audit, SampleRound, Selection
from auditor.storage.cases import AuditCase
from auditor.storage.people import User
from auditor.storage.review_work import FurtherReview

BLIND = "blind"


@dataclass(frozen=True, kw_only=True)
class Picked:
    """Units to be added to a sample, in draw order, with their claims; `populations` has the size of each stratum."""

    units: Sequence[Drawn]
    claims: Mapping[str, Claim]
    method: SelectionMethod
    sizes: Mapping[str, int]
    populations: Mapping[str, int]
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
    coders = [picked.claims[unit.claim_id].coder_of_record for unit in fresh]
    auditors = _auditors(session, audit)
    assigned = assignment.assign(coders, auditors, load=_load(session, auditors))
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
    second_reviews.give_out(session, audit, drawn, auditors=auditors, load=_load(session, auditors))
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


def _auditors(session: Session, audit: Audit) -> list[str]:
    """The plan's auditors who are not disabled."""
    disabled = set(session.scalars(select(func.lower(User.name)).where(User.disabled_at.is_not(None))))
    return [name for name in audit.plan.auditors if name.lower() not in disabled]


def _load(session: Session, auditors: Sequence[str]) -> Counter[str]:
    """How many reviews each auditor has open, first and second ones alike."""
    load: Counter[str] = Counter()
    for kind in (AuditCase, FurtherReview):
        rows = session.execute(
            select(kind.assigned_to, func.count())
            .where(kind.assigned_to.in_(auditors), kind.review_status == ReviewStatus.PENDING)
            .group_by(kind.assigned_to)
        )
        load.update({str(name): count for name, count in rows})
    return load
