"""How far the reviews of each case were before a moment, and what was said of the record: read from the event log.

A case says how it stands now. How it stood is in the entries that its reviews left, in the order of their numbers.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.domain.events import EventKind
from auditor.storage.log import AuditMark, LogEntry


@dataclass(frozen=True, kw_only=True)
class ReviewState:
    """One review pass of a case: what it said of the record, whether it was done, by whom and when at first."""

    documentation: DocumentationStatus = DocumentationStatus.COMPLETE
    done: bool = False
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None


_NOT_BEGUN = ReviewState()


@dataclass(frozen=True, kw_only=True)
class CaseState:
    """All passes of a case."""

    passes: Mapping[ReviewPass, ReviewState]

    def of(self, review_pass: ReviewPass) -> ReviewState:
        """One of them."""
        return self.passes.get(review_pass, _NOT_BEGUN)

    @property
    def documentation(self) -> DocumentationStatus:
        """What counts: a finished adjudication's word, else the first review's."""
        decided = self.of(ReviewPass.ADJUDICATED)
        return (decided if decided.done else self.of(ReviewPass.FIRST)).documentation


NOTHING_SAID = CaseState(passes={})


def case_states(session: Session, audit_ids: Iterable[int], *, before: datetime) -> Mapping[int, CaseState]:
    """The cases of these audits that had been worked on earlier than a moment, by case."""
    question = (
        select(LogEntry.at, LogEntry.body)
        .join(AuditMark, AuditMark.entry_number == LogEntry.number)
        .where(AuditMark.audit_id.in_(list(audit_ids)), LogEntry.kind == EventKind.CASE_REVIEWED.value)
        .where(LogEntry.at < before.astimezone(UTC).isoformat())
        .order_by(LogEntry.number)
    )
    found: defaultdict[int, dict[ReviewPass, ReviewState]] = defaultdict(dict)
    for at, text in session.execute(question):
        body: dict[str, Any] = json.loads(text)
        review_pass = ReviewPass(body["review_pass"])
        if review_pass is not ReviewPass.REBUTTED:  # it speaks of findings alone
            passes = found[body["case"]]
            passes[review_pass] = _next(passes.get(review_pass, _NOT_BEGUN), body, datetime.fromisoformat(at))
    return {case_id: CaseState(passes=passes) for case_id, passes in found.items()}


def _next(state: ReviewState, body: Mapping[str, Any], at: datetime) -> ReviewState:
    """A review is of the moment of its first completion; one that is taken up again is pending."""
    documentation = DocumentationStatus(body["documentation_status"])
    if ReviewStatus(body["review_status"]) is ReviewStatus.PENDING:
        return ReviewState(documentation=documentation)
    by, moment = (state.reviewed_by, state.reviewed_at) if state.done else (body["by"], at)
    return ReviewState(documentation=documentation, done=True, reviewed_by=by, reviewed_at=moment)
