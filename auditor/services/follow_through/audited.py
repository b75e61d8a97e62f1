"""Who is audited by a case: its coder of record and its provider. They see its findings, and may argue with them."""

from collections.abc import Sequence

from sqlalchemy import Select, Text, and_, func, or_, select, type_coerce
from sqlalchemy.orm import Session, defer

from auditor.domain.audits import AuditState, ReviewStatus
from auditor.domain.people import Role
from auditor.errors import Forbidden
from auditor.services import findings, identifiers, privilege
from auditor.services.second_reviews import is_decided
from auditor.services.web_sessions import SignedIn
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.review_work import FurtherReview

_OVERSEERS = frozenset({Role.OFFICER, Role.AUDITOR})


def is_audited(session: Session, case: AuditCase, name: str) -> bool:
    """Whether a case is about a person's own work."""
    return name.casefold() in identifiers.behind(session, case)


def is_final(session: Session, case: AuditCase) -> bool:
    """Whether the case is reviewed, twice where it is to be, and nothing about it waits for an adjudication."""
    return case.review_status is ReviewStatus.DONE and case.id not in set(
        session.scalars(_undecided().where(FurtherReview.case_id == case.id))
    )


def open_result(session: Session, case_id: int, who: SignedIn) -> AuditCase:
    """A case as a result: for the audited once it is reviewed, and for those who answer; Forbidden otherwise."""
    case = findings.case_of(session, case_id)
    if is_audited(session, case, who.name):
        if not is_final(session, case):
            raise Forbidden(f"case {case.id} is still under review: its result appears here when that is done")
        return case
    if Role.OFFICER in who.roles or case.assigned_to == who.name or case.reviewed_by == who.name:
        return case
    raise Forbidden(f"case {case.id} is not about your own work: your own results are on your start page")


def own_cases(session: Session, name: str) -> Sequence[AuditCase]:
    """The reviewed cases of a person's own work, the newest first."""
    text = func.lower(type_coerce(AuditCase.claim, Text))
    known = identifiers.known_as(session, name)
    near = [text.contains(f'"{field}":"{value.lower()}"', autoescape=True) for field, value in sorted(known)]
    question = (
        select(AuditCase)
        .options(defer(AuditCase.protected))
        .join(Audit, Audit.id == AuditCase.audit_id)
        .where(
            Audit.state.in_([AuditState.DRAWN, AuditState.SIGNED]),
            privilege.known_to(name),
            AuditCase.review_status == ReviewStatus.DONE,
            or_(*near),
        )
        .order_by(AuditCase.audit_id.desc(), AuditCase.number)
    )
    undecided = set(session.scalars(_undecided()))
    found = session.scalars(question)
    return [case for case in found if identifiers.is_of(case.claim, known) and case.id not in undecided]


def _undecided() -> Select[int]:
    """Cases whose second review is under way, or differs and is not adjudicated."""
    differs = and_(FurtherReview.differs.is_(True), ~is_decided())
    return select(FurtherReview.case_id).where(or_(FurtherReview.review_status != ReviewStatus.DONE, differs))
