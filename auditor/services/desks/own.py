"""A person's own desk: what waits for them as an auditor, and as one of the audited their results and education."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, DocumentationStatus, ReviewPass
from auditor.domain.findings import CodeFinding, ErrorType
from auditor.domain.scoring import score_case
from auditor.services import cases, effort, identifiers, privilege, waiting_reviews
from auditor.services.effort import Effort
from auditor.services.finding_rows import findings_of_audits
from auditor.services.follow_through import actions, audited, rebuttals
from auditor.services.metric_rows import LEAST_CLAIMS
from auditor.services.waiting_reviews import Queue
from auditor.storage.cases import AuditCase
from auditor.storage.follow_through import CorrectiveAction, Rebuttal
from auditor.storage.review_work import FurtherReview

_CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class OwnAgreement:
    """How often this auditor and the other came to the same, of the cases that two reviewed without knowing it."""

    agreed: int
    both: int
    low: float
    high: float
    confidence: float


@dataclass(frozen=True, kw_only=True)
class AuditorDesk:
    """What waits for an auditor, how long a case takes them, and the rebuttals that they answer."""

    queue: Queue
    effort: Effort
    agreement: OwnAgreement | None
    rebuttals: Sequence[Rebuttal]
    actions: Sequence[CorrectiveAction]


@dataclass(frozen=True, kw_only=True)
class OwnCase:
    """One reviewed case of a person's own work; `error` tells that it counts as one."""

    case_id: int
    audit_id: int
    number: int
    plan: str
    signed: bool
    error: bool
    error_types: tuple[ErrorType, ...]
    documentation: DocumentationStatus
    rebuttal: str | None


@dataclass(frozen=True, kw_only=True)
class CoderDesk:
    """Own results by case, the types of error among them by number, and the education that follows."""

    cases: tuple[OwnCase, ...]
    error_types: tuple[tuple[ErrorType, int], ...]
    actions: Sequence[CorrectiveAction]

    @property
    def errors(self) -> int:
        """Cases in error."""
        return sum(case.error for case in self.cases)

    @property
    def told(self) -> list[OwnCase]:
        """Cases in error, and those that were argued."""
        return [case for case in self.cases if case.error or case.rebuttal]

    @property
    def clean(self) -> list[OwnCase]:
        """All others."""
        return [case for case in self.cases if not (case.error or case.rebuttal)]


def auditor_desk(session: Session, name: str, *, minutes: float) -> AuditorDesk:
    """An auditor's desk; `minutes` is what a case takes until enough were measured."""
    waiting = rebuttals.every(session, only_waiting=True)
    return AuditorDesk(
        queue=waiting_reviews.queue(session, by=name),
        effort=effort.of_people(session, [name], otherwise=minutes)[name],
        agreement=_agreement(session, name),
        rebuttals=[each for each in waiting if rebuttals.may_answer(session, each, name)],
        actions=actions.every(session, only_open=True, owner=name),
    )


def coder_desk(session: Session, name: str) -> CoderDesk:
    """The desk of one of the audited: every reviewed case of their own work, however it was picked."""
    known = {audit.id for audit in privilege.known_audits(session, name)}
    rows = [case for case in audited.own_cases(session, name) if case.audit_id in known]
    findings = findings_of_audits(session, {case.audit_id for case in rows})
    found = tuple(_own(session, case, findings.get(case.id, ())) for case in rows)
    counts = Counter(kind for case in found for kind in case.error_types)
    as_known = identifiers.known_as(session, name)
    about = [
        each
        for each in actions.every(session)
        if each.owner == name or (each.field, (each.value or "").casefold()) in as_known
    ]
    return CoderDesk(cases=found, error_types=tuple(counts.most_common()), actions=about)


def _agreement(session: Session, name: str) -> OwnAgreement | None:
    """None while there are too few: one or two would tell which cases a second auditor has."""
    from auditor.stats.proportion import clopper_pearson

    question = (
        select(FurtherReview.differs, func.count())
        .join(AuditCase, AuditCase.id == FurtherReview.case_id)
        .where(
            FurtherReview.review_pass == ReviewPass.SECOND,
            FurtherReview.differs.is_not(None),
            or_(AuditCase.reviewed_by == name, FurtherReview.reviewed_by == name),
        )
        .group_by(FurtherReview.differs)
    )
    counts = {bool(row[0]): int(row[1]) for row in session.execute(question)}
    both = sum(counts.values())
    if both < LEAST_CLAIMS:
        return None
    agreed = counts.get(False, 0)
    found = clopper_pearson(agreed, both, confidence=_CONFIDENCE)
    return OwnAgreement(agreed=agreed, both=both, low=found.low, high=found.high, confidence=_CONFIDENCE)


def _own(session: Session, case: AuditCase, findings: Sequence[CodeFinding]) -> OwnCase:
    score = score_case(cases.coded(case), findings, case.documentation_status)
    reviewed = score.stages[score.reviewed_stage] if score else None
    wrong = [each for each in (reviewed.findings if reviewed else ()) if each.is_error and each.error_type]
    argued = rebuttals.of_case(session, case.id)
    return OwnCase(
        case_id=case.id,
        audit_id=case.audit_id,
        number=case.number,
        plan=case.audit.plan.name,
        signed=case.audit.state is AuditState.SIGNED,
        error=bool(reviewed and reviewed.is_error),
        error_types=tuple(dict.fromkeys(ErrorType(str(each.error_type)) for each in wrong)),
        documentation=case.documentation_status,
        rebuttal=argued[-1].state.value if argued else None,
    )
