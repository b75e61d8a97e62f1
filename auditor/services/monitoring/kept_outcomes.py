"""Audits as they were last scored, in our own tables: an audit is scored again when anything of it has changed.

Findings are only ever added, so their number and the newest one tell of them; cases and further reviews are looked at
column by column. An overturned finding, a record that came, a larger draw: each changes the audit's mark.
"""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from auditor.domain.chain import plain, sha256_text
from auditor.domain.claims import CodingSource, Stage
from auditor.services.audited_outcomes import AuditedOutcome, audited_outcomes, audits_in_order
from auditor.storage.audits import Selection
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.kept_weeks import KeptOutcomes
from auditor.storage.review_work import FurtherReview

SCORING = 1
"""Raise it when cases are scored otherwise, so that those kept are scored again."""

_READ: Mapping[str, Any] = {
    "arm": CodingSource,
    "stage": Stage,
    "reviewed_at": datetime.fromisoformat,
    "served_on": date.fromisoformat,
    "coded_on": date.fromisoformat,
    "opinions": tuple,
}


@dataclass(frozen=True, kw_only=True)
class ScoredAudit:
    """The outcomes of one audit, and the mark of the state that they were scored from."""

    mark: str
    outcomes: tuple[AuditedOutcome, ...]


@dataclass(frozen=True, kw_only=True)
class Scored:
    """All outcomes of a source as they are known now, in draw order, and the audits that had to be scored for it."""

    outcomes: tuple[AuditedOutcome, ...] = ()
    fresh: Mapping[int, ScoredAudit] = field(default_factory=dict)


def scored(session: Session, source_id: int, seen: dict[int, ScoredAudit]) -> Scored:
    """The outcomes of a source; audits that are as they were when they were scored are not scored again.

    `seen` are those that this process has looked at before, and takes up what it has looked at now.
    """
    order = audits_in_order(session, source_id=source_id)
    now = _marks(session, order)
    known = {audit_id: seen[audit_id] for audit_id, mark in now.items() if _is_at(seen.get(audit_id), mark)}
    known |= _kept(session, {audit_id: mark for audit_id, mark in now.items() if audit_id not in known})
    fresh = {
        audit_id: ScoredAudit(
            mark=mark, outcomes=audited_outcomes(session, source_id=source_id, audit_ids=[audit_id])
        )
        for audit_id, mark in now.items()
        if audit_id not in known
    }
    every = {**known, **fresh}
    seen |= every
    return Scored(outcomes=tuple(each for audit_id in order for each in every[audit_id].outcomes), fresh=fresh)


def _marks(session: Session, audit_ids: Iterable[int]) -> dict[int, str]:
    """A text for each audit that changes with anything that its outcomes rest on."""
    wanted = list(audit_ids)
    told: defaultdict[int, list[str]] = defaultdict(lambda: [f"scoring {SCORING} {[each.name for each in _FIELDS]}"])
    for audit_id, *row in session.execute(_CASES.where(AuditCase.audit_id.in_(wanted))):
        told[audit_id].append(repr(row))
    for audit_id, *row in session.execute(_FURTHER.where(AuditCase.audit_id.in_(wanted))):
        told[audit_id].append(repr(row))
    for audit_id, *row in session.execute(_FINDINGS.where(AuditCase.audit_id.in_(wanted))):
        told[audit_id].append(repr(row))
    return {audit_id: sha256_text("\n".join(told[audit_id])) for audit_id in wanted}


def _is_at(seen: ScoredAudit | None, mark: str) -> bool:
    return seen is not None and seen.mark == mark


def _kept(session: Session, audit_marks: Mapping[int, str]) -> dict[int, ScoredAudit]:
    """Those audits that were scored in the state that they are in."""
    question = select(KeptOutcomes).where(KeptOutcomes.audit_id.in_(audit_marks))
    rows = [row for row in session.scalars(question) if row.mark == audit_marks[row.audit_id]]
    return {row.audit_id: ScoredAudit(mark=row.mark, outcomes=_opened(row.outcomes)) for row in rows}


def keep(session: Session, fresh: Mapping[int, ScoredAudit], *, at: datetime) -> None:
    """Keep these in the place of what was known of the same audits."""
    session.execute(delete(KeptOutcomes).where(KeptOutcomes.audit_id.in_(fresh)))
    session.add_all(
        KeptOutcomes(audit_id=audit_id, mark=each.mark, outcomes=_packed(each.outcomes), scored_at=at)
        for audit_id, each in fresh.items()
    )


_FIELDS = fields(AuditedOutcome)
_CASES = (
    select(
        AuditCase.audit_id,
        AuditCase.id,
        AuditCase.review_status,
        AuditCase.documentation_status,
        AuditCase.reviewed_at,
        AuditCase.reviewed_by,
        AuditCase.claim_sha256,
        Selection.drawn,
        Selection.population,
        Selection.draw_order,
        Selection.stratum,
        Selection.method,
    )
    .join(Selection, Selection.id == AuditCase.selection_id)
    .order_by(AuditCase.id)
)
_FURTHER = (
    select(
        AuditCase.audit_id,
        FurtherReview.id,
        FurtherReview.review_pass,
        FurtherReview.review_status,
        FurtherReview.documentation_status,
        FurtherReview.replaced_documentation,
        FurtherReview.differs,
        FurtherReview.reviewed_at,
    )
    .join(AuditCase, AuditCase.id == FurtherReview.case_id)
    .order_by(FurtherReview.id)
)
_FINDINGS = (
    select(AuditCase.audit_id, func.count(), func.max(Finding.id))
    .join(AuditCase, AuditCase.id == Finding.case_id)
    .group_by(AuditCase.audit_id)
)


def _packed(outcomes: Iterable[AuditedOutcome]) -> bytes:
    names = [each.name for each in _FIELDS]
    rows = [[plain(getattr(each, name)) for name in names] for each in outcomes]
    return zlib.compress(json.dumps(rows).encode(), level=1)


def _opened(packed: bytes) -> tuple[AuditedOutcome, ...]:
    readers = [(each.name, _READ.get(each.name)) for each in _FIELDS]
    return tuple(
        AuditedOutcome(
            **{
                name: value if read is None or value is None else read(value)
                for (name, read), value in zip(readers, row, strict=True)
            }
        )
        for row in json.loads(zlib.decompress(packed))
    )
