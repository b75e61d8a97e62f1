"""Cases under review and the findings on them. Findings are versioned and never updated."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.domain.claims import CodingSource, Stage
from auditor.domain.findings import ErrorType, Outcome, Severity
from auditor.storage.audits import Audit, Selection
from auditor.storage.base import Base, BigKey, Cents
from auditor.storage.types import Encrypted, Json, Moment, by_value


class AuditCase(Base):
    """A selected claim under review, with the copy of the claim that was frozen at the draw.

    `claim` holds codes, dates and cents in plain JSON; `protected` holds patient fields, evidence and documents,
    encrypted. `claim_sha256` is the digest of both together (`services.cases`). What is said of a review here is of
    the first one. `revision` counts its recordings, so that of two reviewers at once the second is told;
    `seconds_spent` is the reviewer's time, idle time left out.
    """

    __tablename__ = "audit_cases"
    __table_args__ = (
        UniqueConstraint("audit_id", "number"),
        Index(None, "review_status", "assigned_to", "audit_id", "number"),
        # What pages and mails say of an audit's progress is counted in this index alone: rows of cases are wide.
        Index(
            "ix_audit_cases_progress",
            "audit_id",
            "review_status",
            "documentation_status",
            "revision",
            "assigned_to",
            "seconds_spent",
        ),
        Index(None, "reviewed_by", "audit_id"),
    )

    id: Mapped[BigKey]
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id"))
    selection_id: Mapped[int] = mapped_column(ForeignKey("selections.id"), unique=True)
    number: Mapped[int]
    coding_source: Mapped[CodingSource] = mapped_column(by_value(CodingSource))
    model_version: Mapped[str | None] = mapped_column(String(120))
    claim: Mapped[dict[str, Any]] = mapped_column(Json)
    protected: Mapped[str] = mapped_column(Encrypted)
    claim_sha256: Mapped[str] = mapped_column(String(64))
    assigned_to: Mapped[str | None] = mapped_column(String(80))
    blind: Mapped[bool]
    documentation_status: Mapped[DocumentationStatus] = mapped_column(by_value(DocumentationStatus))
    review_status: Mapped[ReviewStatus] = mapped_column(by_value(ReviewStatus))
    revision: Mapped[int] = mapped_column(default=0)
    reviewed_by: Mapped[str | None] = mapped_column(String(80))
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    seconds_spent: Mapped[int] = mapped_column(default=0)

    audit: Mapped[Audit] = relationship()
    selection: Mapped[Selection] = relationship()


class Finding(Base):
    """One version of the judgement of one code. The newest version of a line counts; older ones stay readable."""

    __tablename__ = "findings"
    __table_args__ = (
        UniqueConstraint("case_id", "review_pass", "stage", "line", "version"),
        # Codes that were agreed with are nearly all, and nobody looks for them: each would be a page more in a save.
        Index(
            "ix_findings_departures",
            "code_submitted",
            sqlite_where=text("outcome != 'agree'"),
            postgresql_where=text("outcome != 'agree'"),
        ),
    )

    id: Mapped[BigKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("audit_cases.id"))
    review_pass: Mapped[ReviewPass] = mapped_column(by_value(ReviewPass))
    stage: Mapped[Stage] = mapped_column(by_value(Stage))
    line: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    code_system: Mapped[str] = mapped_column(String(40))
    code_submitted: Mapped[str | None] = mapped_column(String(40))
    modifiers: Mapped[str] = mapped_column(String(80), default="")
    units: Mapped[int | None]
    outcome: Mapped[Outcome] = mapped_column(by_value(Outcome))
    correct_code: Mapped[str | None] = mapped_column(String(40))
    correct_modifiers: Mapped[str | None] = mapped_column(String(80))
    correct_units: Mapped[int | None]
    correct_sequence: Mapped[int | None]
    error_type: Mapped[ErrorType | None] = mapped_column(by_value(ErrorType))
    severity: Mapped[Severity | None] = mapped_column(by_value(Severity))
    root_cause: Mapped[str | None] = mapped_column(String(80))
    citation: Mapped[str | None] = mapped_column(Text)
    ruling: Mapped[int | None] = mapped_column(ForeignKey("rulings.id"))
    rationale: Mapped[str | None] = mapped_column(Encrypted)
    correct_allowed_cents: Mapped[Cents | None]
    found_by: Mapped[str] = mapped_column(String(80))
    found_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(Encrypted)
