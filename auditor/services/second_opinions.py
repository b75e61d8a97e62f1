"""What both reviews of the second-review share came to, case by case: what auditor agreement is counted from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, defer

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.domain.findings import CodeFinding
from auditor.domain.opinions import Opinion, opinion
from auditor.domain.sampled_lines import line_only
from auditor.services import cases
from auditor.services.finding_rows import findings_of_audits
from auditor.storage.cases import AuditCase
from auditor.storage.review_work import FurtherReview


@dataclass(frozen=True, kw_only=True)
class OpinionPair:
    """Two finished reviews of a case; `undecided` while they differ and no third person has settled it."""

    first: Opinion
    second: Opinion
    undecided: bool


def pairs(session: Session, audit_ids: Sequence[int], *, before: datetime | None = None) -> Mapping[int, OpinionPair]:
    """The cases of these audits on which both reviews are done, by case; `before` looks back at what was known."""
    question = (
        select(FurtherReview)
        .join(FurtherReview.case)
        .options(contains_eager(FurtherReview.case).options(defer(AuditCase.protected)))
        .where(
            AuditCase.audit_id.in_(audit_ids),
            AuditCase.review_status == ReviewStatus.DONE,
            FurtherReview.review_status == ReviewStatus.DONE,
            FurtherReview.review_pass.in_((ReviewPass.SECOND, ReviewPass.ADJUDICATED)),
        )
    )
    rows = session.scalars(question).all()
    if before is not None:
        rows = [row for row in rows if max(row.reviewed_at or before, row.case.reviewed_at or before) < before]
    if not rows:
        return {}
    first, second = (
        findings_of_audits(session, audit_ids, passes=(each,), before=before)
        for each in (ReviewPass.FIRST, ReviewPass.SECOND)
    )
    decisions = {row.case_id: row for row in rows if row.review_pass is ReviewPass.ADJUDICATED}
    found = {}
    for row in (each for each in rows if each.review_pass is ReviewPass.SECOND):
        decision = decisions.get(row.case_id)
        status = (decision.replaced_documentation if decision else None) or row.case.documentation_status
        one = _opinion(row.case, first.get(row.case_id, ()), status)
        other = _opinion(row.case, second.get(row.case_id, ()), row.documentation_status)
        if one is not None and other is not None:
            undecided = bool(row.differs) and decision is None
            found[row.case_id] = OpinionPair(first=one, second=other, undecided=undecided)
    return found


def _opinion(case: AuditCase, found: tuple[CodeFinding, ...], documentation: DocumentationStatus) -> Opinion | None:
    claim = cases.coded(case)
    if case.selection.line_number is not None:
        claim, found = line_only(claim, found, case.selection.line_number)
    return opinion(claim, found, documentation)
