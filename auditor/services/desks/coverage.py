"""What was audited in the last months, by arm, payer and specialty: cases drawn, reviewed, signed."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, ReviewStatus, SelectionMethod
from auditor.reports.desk_model import CoverageRow
from auditor.storage.audits import Audit, Selection
from auditor.storage.cases import AuditCase

FIELDS = ("arm", "payer", "specialty")
_NOT_SAID = "(not said)"


def coverage(session: Session, *, since: date, audit_ids: Collection[int] | None) -> tuple[CoverageRow, ...]:
    """Cases drawn by chance in audits of periods that end after a day, most of them first within each field."""
    question = (
        select(AuditCase.audit_id, AuditCase.claim, AuditCase.coding_source, AuditCase.review_status, Audit.state)
        .join(Audit, Audit.id == AuditCase.audit_id)
        .join(Selection, Selection.id == AuditCase.selection_id)
        .where(
            Audit.last_on > since,
            Audit.state.in_([AuditState.DRAWN, AuditState.SIGNED]),
            Selection.method == SelectionMethod.PROBABILITY,
        )
    )
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for audit_id, claim, arm, review, state in session.execute(question):
        if audit_ids is not None and audit_id not in audit_ids:
            continue
        values = {"arm": arm.value, "payer": claim.get("payer"), "specialty": claim.get("specialty")}
        for field, value in values.items():
            row = counts[field, value or _NOT_SAID]
            row[0] += 1
            row[1] += review is ReviewStatus.DONE
            row[2] += state is AuditState.SIGNED
    rows = [
        CoverageRow(field=field, value=value, drawn=drawn, reviewed=reviewed, signed=signed)
        for (field, value), (drawn, reviewed, signed) in counts.items()
    ]
    return tuple(sorted(rows, key=lambda row: (FIELDS.index(row.field), -row.drawn, row.value)))
