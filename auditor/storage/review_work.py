"""What a review leaves behind besides findings: further reviews, codings made blind, changes that came already."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.storage.base import Base, BigKey
from auditor.storage.cases import AuditCase
from auditor.storage.types import Json, Moment, by_value


class FurtherReview(Base):
    """A second review or an adjudication of a case: who has it, and how far it is. Its columns are those of a case.

    Of a second review `differs` tells whether it came to something else than the first, None until both are done.
    Of an adjudication `replaced_documentation` is what the first review had said of the record.
    """

    __tablename__ = "further_reviews"
    __table_args__ = (
        UniqueConstraint("case_id", "review_pass"),
        Index(None, "review_status", "assigned_to"),
        Index(None, "review_pass", "differs"),
        Index(None, "reviewed_by", "review_pass"),
    )

    id: Mapped[BigKey]
    case_id: Mapped[int] = mapped_column(ForeignKey(AuditCase.id))
    review_pass: Mapped[ReviewPass] = mapped_column(by_value(ReviewPass))
    assigned_to: Mapped[str | None] = mapped_column(String(80))
    documentation_status: Mapped[DocumentationStatus] = mapped_column(by_value(DocumentationStatus))
    review_status: Mapped[ReviewStatus] = mapped_column(by_value(ReviewStatus))
    revision: Mapped[int] = mapped_column(default=0)
    reviewed_by: Mapped[str | None] = mapped_column(String(80))
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    seconds_spent: Mapped[int] = mapped_column(default=0)
    differs: Mapped[bool | None]
    replaced_documentation: Mapped[DocumentationStatus | None] = mapped_column(by_value(DocumentationStatus))

    case: Mapped[AuditCase] = relationship()


class BlindCoding(Base):
    """The codes that a reviewer wrote down before seeing those of the claim. Once locked, never changed again.

    `codes` is a list of {code_system, code, modifiers, units}.
    """

    __tablename__ = "blind_codings"

    case_id: Mapped[int] = mapped_column(ForeignKey(AuditCase.id), primary_key=True)
    review_pass: Mapped[ReviewPass] = mapped_column(by_value(ReviewPass), primary_key=True)
    codes: Mapped[list[dict[str, object]]] = mapped_column(Json)
    coded_by: Mapped[str] = mapped_column(String(80))
    saved_at: Mapped[datetime] = mapped_column(Moment)
    locked_at: Mapped[datetime | None] = mapped_column(Moment)


class AppliedChange(Base):
    """A change of a case that was taken from a browser, by the key that it was sent under: sent twice, done once."""

    __tablename__ = "applied_changes"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(AuditCase.id))
    made_by: Mapped[str] = mapped_column(String(80))
    body_sha256: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    applied_at: Mapped[datetime] = mapped_column(Moment, index=True)
