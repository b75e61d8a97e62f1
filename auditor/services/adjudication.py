"""Adjudication: where two reviews of a case differ, a third person decides with both before their eyes.

Which of them was the first is not told, and chance decides which stands on the left.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from auditor.domain.audits import AuditState, DocumentationStatus, ReviewPass
from auditor.domain.findings import CodeFinding
from auditor.domain.people import Role
from auditor.errors import Conflict, Forbidden
from auditor.services import assignment, cases, findings, identifiers, privilege, seats, second_reviews
from auditor.services.review_queue import stage_under_review
from auditor.services.seats import Seat
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.review_work import FurtherReview

_EVEN = Fraction(1, 2)


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """A case that waits for a decision: our own numbers, nothing of the claim."""

    case_id: int
    audit_id: int
    number: int
    begun: bool


@dataclass(frozen=True, kw_only=True)
class Side:
    """What one of the two reviews says, by line; its reviewer is not told."""

    name: str
    documentation_status: DocumentationStatus
    findings: tuple[CodeFinding, ...]

    def on(self, line: str) -> CodeFinding | None:
        """The finding on a code of the claim."""
        return next((each for each in self.findings if each.line == line), None)

    @property
    def added(self) -> tuple[CodeFinding, ...]:
        """The codes that this reviewer added."""
        return tuple(each for each in self.findings if each.line.startswith("+"))


def disputes(session: Session, *, name: str, roles: Collection[Role]) -> list[Dispute]:
    """The cases that a person may decide, by audit and number; none of those that they reviewed or coded."""
    decision = aliased(FurtherReview)
    of_case = and_(decision.case_id == AuditCase.id, decision.review_pass == ReviewPass.ADJUDICATED)
    question = (
        select(AuditCase, FurtherReview, decision.revision)
        .join(FurtherReview.case)
        .join(Audit, Audit.id == AuditCase.audit_id)
        .outerjoin(decision, of_case)
        .where(
            FurtherReview.review_pass == ReviewPass.SECOND,
            FurtherReview.differs.is_(True),
            Audit.state == AuditState.DRAWN,
            or_(decision.id.is_(None), decision.assigned_to == name),
            ~second_reviews.is_decided(),
            privilege.known_to(name),
        )
        .order_by(AuditCase.audit_id, AuditCase.number)
    )
    who = _Judge(name=name, roles=roles, known=identifiers.known_as(session, name))
    return [
        Dispute(case_id=case.id, audit_id=case.audit_id, number=case.number, begun=bool(revision))
        for case, second, revision in session.execute(question)
        if _hindrance(case, second, who) is None
    ]


def seat(session: Session, case_id: int, *, name: str, roles: Collection[Role], lock: bool = False) -> Seat:
    """The adjudicator's seat at a case; Forbidden for who reviewed it, Conflict where nothing is to be decided.

    With `lock` the seat is taken: from then on the case is this person's to decide.
    """
    case = findings.case_of(session, case_id, lock=lock)
    further = seats.further_reviews(session, case_id)
    second, decision = further.get(ReviewPass.SECOND), further.get(ReviewPass.ADJUDICATED)
    who = _Judge(name=name, roles=roles, known=identifiers.known_as(session, name))
    hindrance = _hindrance(case, second, who)
    if hindrance is not None:
        raise Forbidden(f"case {case_id} is not yours to decide: {hindrance}")
    if second is None or not second.differs:
        raise Conflict(f"case {case_id} has no two reviews that differ: there is nothing to decide")
    if decision is not None and decision.assigned_to != name:
        raise Conflict(f"case {case_id} is being decided by {decision.assigned_to}: take another one")
    if decision is None:
        decision = seats.new_review(case, ReviewPass.ADJUDICATED, assigned_to=name)
        if lock:
            session.add(decision)
            session.flush()
    return Seat(case=case, review_pass=ReviewPass.ADJUDICATED, work=decision, name=name, further=further)


def sides(session: Session, seat: Seat) -> tuple[Side, Side]:
    """Both reviews of a case, in an order that the audit's seed decides."""
    case = seat.case
    stage = stage_under_review(cases.coded(case))
    documentation = {
        ReviewPass.FIRST: second_reviews.first_documentation(case, seat.further),
        ReviewPass.SECOND: seat.further[ReviewPass.SECOND].documentation_status,
    }
    turned = assignment.by_chance(_EVEN, seed=case.audit.seed, purpose="sides", item_id=case.selection.item_id)
    order = [ReviewPass.FIRST, ReviewPass.SECOND][:: -1 if turned else 1]
    left, right = (
        Side(
            name=name,
            documentation_status=documentation[each],
            findings=tuple(f for f in findings.current(session, case.id, each) if f.stage is stage),
        )
        for name, each in zip("AB", order, strict=True)
    )
    return left, right


def same_verdict(one: CodeFinding | None, other: CodeFinding | None) -> bool:
    """Whether two findings on a code leave the same code there, with the same weight."""
    return one is not None and other is not None and _verdict(one) == _verdict(other)


def following(session: Session, case: AuditCase, *, name: str, roles: Collection[Role]) -> int | None:
    """The next case to decide after this one, else the first."""
    waiting: Sequence[Dispute] = [d for d in disputes(session, name=name, roles=roles) if d.case_id != case.id]
    onward = [d for d in waiting if (d.audit_id, d.number) > (case.audit_id, case.number)]
    return (onward or waiting)[0].case_id if waiting else None


@dataclass(frozen=True, kw_only=True)
class _Judge:
    """Who would decide, in which roles, and under which identifiers claims name them."""

    name: str
    roles: Collection[Role]
    known: identifiers.Known


def _hindrance(case: AuditCase, second: FurtherReview | None, who: _Judge) -> str | None:
    involved = (case.assigned_to, case.reviewed_by, second and second.assigned_to, second and second.reviewed_by)
    if who.name.casefold() in {each.casefold() for each in involved if each}:
        return "you reviewed it yourself"
    if identifiers.is_of(case.claim, who.known, (identifiers.CODER,)):
        return "it is your own coding"
    if Role.OFFICER not in who.roles and who.name not in case.audit.plan.auditors:
        return "you are no auditor of this plan"
    return None


def _verdict(finding: CodeFinding) -> tuple[object, ...]:
    return (
        finding.outcome,
        finding.correct_code,
        finding.correct_modifiers and tuple(sorted(finding.correct_modifiers)),
        finding.correct_units,
        finding.correct_sequence,
        finding.error_type,
        finding.severity,
    )
