"""What both reviews of the second-review share came to, case by case: what auditor agreement is counted from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, defer

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.domain.findings import CodeFinding
from auditor.domain.opinions import Opinion, opinion
from auditor.domain.sampled_lines import line_only
from auditor.services import cases
from auditor.services.case_states import NOTHING_SAID, CaseState, ReviewState, case_states
from auditor.services.finding_rows import findings_of_audits
from auditor.storage.cases import AuditCase
from auditor.storage.review_work import FurtherReview

_FURTHER = (ReviewPass.SECOND, ReviewPass.ADJUDICATED)


@dataclass(frozen=True, kw_only=True)
class OpinionPair:
    """Two finished reviews of a case; `undecided` while they differ and no third person has settled it."""

    first: Opinion
    second: Opinion
    undecided: bool


def pairs(session: Session, audit_ids: Sequence[int], *, before: datetime | None = None) -> Mapping[int, OpinionPair]:
    """The cases of these audits on which both reviews are done, by case; `before` looks back at what stood then."""
    question = (
        select(FurtherReview)
        .join(FurtherReview.case)
        .options(contains_eager(FurtherReview.case).options(defer(AuditCase.protected)))
        .where(AuditCase.audit_id.in_(audit_ids), FurtherReview.review_pass.in_(_FURTHER))
    )
    rows = session.scalars(question).all()
    if not rows:
        return {}
    states = _now(rows) if before is None else case_states(session, audit_ids, before=before)
    first, second = (
        findings_of_audits(session, audit_ids, passes=(each,), before=before)
        for each in (ReviewPass.FIRST, ReviewPass.SECOND)
    )
    found = {}
    for row in (each for each in rows if each.review_pass is ReviewPass.SECOND):
        said = states.get(row.case_id, NOTHING_SAID)
        reviews = said.of(ReviewPass.FIRST), said.of(ReviewPass.SECOND)
        if all(review.done for review in reviews):
            one = _opinion(row.case, first.get(row.case_id, ()), reviews[0].documentation)
            other = _opinion(row.case, second.get(row.case_id, ()), reviews[1].documentation)
            if one is not None and other is not None:
                undecided = bool(row.differs) and not said.of(ReviewPass.ADJUDICATED).done
                found[row.case_id] = OpinionPair(first=one, second=other, undecided=undecided)
    return found


def _now(rows: Iterable[FurtherReview]) -> Mapping[int, CaseState]:
    """How all passes of these cases stand; of the record, the first is asked for what it said itself."""
    found: defaultdict[int, dict[ReviewPass, ReviewState]] = defaultdict(dict)
    for row in sorted(rows, key=lambda each: each.review_pass is ReviewPass.ADJUDICATED):
        passes, case = found[row.case_id], row.case
        passes[row.review_pass] = _state(row, row.documentation_status)
        passes[ReviewPass.FIRST] = _state(case, row.replaced_documentation or case.documentation_status)
    return {case_id: CaseState(passes=passes) for case_id, passes in found.items()}


def _state(work: AuditCase | FurtherReview, documentation: DocumentationStatus) -> ReviewState:
    return ReviewState(documentation=documentation, done=work.review_status is ReviewStatus.DONE)


def _opinion(case: AuditCase, found: tuple[CodeFinding, ...], documentation: DocumentationStatus) -> Opinion | None:
    claim = cases.coded(case)
    if case.selection.line_number is not None:
        claim, found = line_only(claim, found, case.selection.line_number)
    return opinion(claim, found, documentation)
