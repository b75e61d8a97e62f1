"""Second reviews: a hidden random share, given to other auditors at the draw, and compared with the first.

They are made together with the first reviews, so that no auditor can tell by time, number or order which is which.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus, SelectionMethod
from auditor.domain.opinions import Opinion, opinion
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import assignment, audits, blind_coding, cases, seats
from auditor.services.assignment import Reviewers, Work
from auditor.services.finding_rows import newest_versions, standing_findings
from auditor.services.seats import Further
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.review_work import FurtherReview

SECOND = "second"


@dataclass(frozen=True, kw_only=True)
class ListedReview:
    """A second review as a compliance officer sees it; `adjudicated` is None where nothing has to be decided."""

    case_id: int
    number: int
    first_by: str | None
    second_by: str | None
    first_done: bool
    second_done: bool
    differs: bool | None
    adjudicated: bool | None


def give_out(
    session: Session, audit: Audit, drawn: Sequence[AuditCase], *, there: Reviewers, load: Mapping[str, int]
) -> list[FurtherReview]:
    """Second reviews of the random share of drawn cases, each for the least busy auditor who is not the first."""
    share, given = audit.plan.second_review_share, []
    counts = {name: load.get(name, 0) for name in there.names}
    for case in drawn:
        by_chance = case.selection.method is SelectionMethod.PROBABILITY
        chosen = assignment.by_chance(share, seed=audit.seed, purpose=SECOND, item_id=case.selection.item_id)
        if not (by_chance and chosen):
            continue
        free = [name for name in there.names if _may(case, name) and there.may(name, work_on(case))]
        auditor = min(free, key=lambda name: counts[name], default=None)
        if auditor is not None:
            counts[auditor] += 1
        given.append(seats.new_review(case, ReviewPass.SECOND, assigned_to=auditor))
    session.add_all(given)
    session.flush()
    return given


def pass_on(
    session: Session, audit: Audit, source: str, *, there: Reviewers, load: Mapping[str, int]
) -> tuple[Counter[str], int]:
    """Give a person's second reviews that are not done to the others: how many each of them got, how many stay."""
    question = (
        select(FurtherReview, AuditCase)
        .join(FurtherReview.case)
        .where(AuditCase.audit_id == audit.id, FurtherReview.review_pass == ReviewPass.SECOND)
        .where(FurtherReview.assigned_to == source, FurtherReview.review_status == ReviewStatus.PENDING)
        .order_by(AuditCase.number)
    )
    counts = {name: load.get(name, 0) for name in there.names}
    given: Counter[str] = Counter()
    left = 0
    for second, case in session.execute(question).all():
        free = [name for name in there.names if _may(case, name) and there.may(name, work_on(case))]
        taker = min(free, key=lambda name: counts[name], default=None)
        if taker is None:
            left += 1
            continue
        _give(session, second, taker)
        counts[taker] += 1
        given[taker] += 1
    return given, left


def _give(session: Session, second: FurtherReview, taker: str) -> None:
    """What was found so far stays; codes that were being written down blind are the taker's own to write."""
    second.assigned_to = taker
    blind_coding.forget(session, [second.case_id], ReviewPass.SECOND)


def work_on(case: AuditCase) -> Work:
    """What matters of a case for who may review it."""
    return Work(coder=case.claim.get("coder_of_record"), specialty=case.claim.get("specialty"))


def compare(session: Session, case: AuditCase, further: Further) -> None:
    """Note whether the second review differs from the first, once both are done."""
    second = further.get(ReviewPass.SECOND)
    if second is None:
        return
    both = case.review_status is ReviewStatus.DONE and second.review_status is ReviewStatus.DONE
    first, other = opinions(session, case, further) if both else (None, None)
    second.differs = first != other if first is not None and other is not None else None


def opinions(session: Session, case: AuditCase, further: Further) -> tuple[Opinion | None, Opinion | None]:
    """What the first and the second review come to; None for one that is pending."""
    claim = cases.coded(case)
    newest, documentation = newest_versions(session, case.id), further[ReviewPass.SECOND].documentation_status
    return (
        opinion(claim, standing_findings(newest[ReviewPass.FIRST]), first_documentation(case, further)),
        opinion(claim, standing_findings(newest[ReviewPass.SECOND]), documentation),
    )


def first_documentation(case: AuditCase, further: Further) -> DocumentationStatus:
    """What the first review said of the record, whatever an adjudication made of it since."""
    decision = further.get(ReviewPass.ADJUDICATED)
    return (decision.replaced_documentation if decision else None) or case.documentation_status


def listed(session: Session, audit_id: int) -> list[ListedReview]:
    """The second reviews of an audit. For compliance officers: auditors must not know which cases these are."""
    audits.numbered(session, audit_id)
    question = (
        select(FurtherReview, AuditCase)
        .join(FurtherReview.case)
        .where(AuditCase.audit_id == audit_id, FurtherReview.review_pass == ReviewPass.SECOND)
        .order_by(AuditCase.number)
    )
    decided = _decided(session, audit_id)
    return [_listed(second, case, decided) for second, case in session.execute(question)]


def hand_over(session: Session, case_id: int, *, to: str) -> FurtherReview:
    """Give a second review that is not done to another auditor."""
    case = session.get(AuditCase, case_id)
    second = seats.further_reviews(session, case_id).get(ReviewPass.SECOND)
    if case is None or second is None:
        raise NotFound(f"case {case_id} has no second review: see `auditor review second AUDIT`")
    if second.review_status is ReviewStatus.DONE:
        raise Conflict(f"the second review of case {case_id} is done: it stays with {second.assigned_to}")
    if not _may(case, to):
        raise BadInput(f"{to} reviewed or coded case {case_id}: name another auditor")
    _give(session, second, to)
    session.flush()
    return second


def open_work(session: Session, audit_id: int) -> tuple[int, int]:
    """How many second reviews of an audit are not done, and how many differences are not decided."""
    of_audit = select(func.count(FurtherReview.id)).join(FurtherReview.case).where(AuditCase.audit_id == audit_id)
    second = of_audit.where(FurtherReview.review_pass == ReviewPass.SECOND)
    waiting = session.scalar(second.where(FurtherReview.review_status != ReviewStatus.DONE)) or 0
    undecided = session.scalar(second.where(FurtherReview.differs.is_(True), ~is_decided())) or 0
    return waiting, undecided


def _may(case: AuditCase, name: str) -> bool:
    """Whether somebody else has the first review; whose coding it is, `Reviewers.may` knows."""
    return name.casefold() not in {each.casefold() for each in (case.assigned_to, case.reviewed_by) if each}


def is_decided() -> ColumnElement[bool]:
    """Whether the case of a second review has been adjudicated: a condition for questions of such reviews."""
    decision = aliased(FurtherReview)
    return exists().where(
        decision.case_id == FurtherReview.case_id,
        decision.review_pass == ReviewPass.ADJUDICATED,
        decision.review_status == ReviewStatus.DONE,
    )


def _decided(session: Session, audit_id: int) -> set[int]:
    question = (
        select(FurtherReview.case_id)
        .join(FurtherReview.case)
        .where(
            AuditCase.audit_id == audit_id,
            FurtherReview.review_pass == ReviewPass.ADJUDICATED,
            FurtherReview.review_status == ReviewStatus.DONE,
        )
    )
    return set(session.scalars(question))


def _listed(second: FurtherReview, case: AuditCase, decided: set[int]) -> ListedReview:
    return ListedReview(
        case_id=case.id,
        number=case.number,
        first_by=case.reviewed_by or case.assigned_to,
        second_by=second.assigned_to,
        first_done=case.review_status is ReviewStatus.DONE,
        second_done=second.review_status is ReviewStatus.DONE,
        differs=second.differs,
        adjudicated=case.id in decided if second.differs else None,
    )
