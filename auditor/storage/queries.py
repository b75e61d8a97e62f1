"""Questions to providers and requests for records about a case; what people wrote is encrypted."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditor.domain.audits import ReviewPass
from auditor.domain.queries import AnswerRoute, QueryOutcome, QueryPurpose, QueryState, RequestState
from auditor.storage.base import Base, BigKey
from auditor.storage.cases import AuditCase
from auditor.storage.types import Encrypted, Moment, by_value


class ProviderQuery(Base):
    """One question. `indicators` and `options` are JSON lists; `addressee` is a user's name, or who `email` reaches.

    Of the link in the mail its SHA-256 is kept to know it by, and an encrypted copy for reminders.
    """

    __tablename__ = "provider_queries"

    id: Mapped[BigKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("audit_cases.id"), index=True)
    state: Mapped[QueryState] = mapped_column(by_value(QueryState), index=True)
    purpose: Mapped[QueryPurpose] = mapped_column(by_value(QueryPurpose))
    question: Mapped[str] = mapped_column(Encrypted)
    indicators: Mapped[str] = mapped_column(Encrypted)
    options: Mapped[str] = mapped_column(Encrypted)
    addressee: Mapped[str | None] = mapped_column(String(80), index=True)
    email: Mapped[str | None] = mapped_column(String(320))
    due_on: Mapped[date]
    asked_by: Mapped[str] = mapped_column(String(80))
    drafted_at: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    reminders: Mapped[int] = mapped_column(default=0)
    link: Mapped[str | None] = mapped_column(Encrypted)
    link_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    link_expires_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by: Mapped[str | None] = mapped_column(String(320))
    answer_route: Mapped[AnswerRoute | None] = mapped_column(by_value(AnswerRoute))
    answer_option: Mapped[str | None] = mapped_column(Encrypted)
    answer_text: Mapped[str | None] = mapped_column(Encrypted)
    outcome: Mapped[QueryOutcome | None] = mapped_column(by_value(QueryOutcome))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[str | None] = mapped_column(String(80))
    note: Mapped[str | None] = mapped_column(Encrypted)

    case: Mapped[AuditCase] = relationship()


class DocumentationRequest(Base):
    """A record that a review asked for. Follows the documentation status of that review, and dates it."""

    __tablename__ = "documentation_requests"

    id: Mapped[BigKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("audit_cases.id"), index=True)
    review_pass: Mapped[ReviewPass] = mapped_column(by_value(ReviewPass))
    state: Mapped[RequestState] = mapped_column(by_value(RequestState), index=True)
    wanted: Mapped[str | None] = mapped_column(Encrypted)
    due_on: Mapped[date]
    requested_by: Mapped[str] = mapped_column(String(80))
    requested_at: Mapped[datetime] = mapped_column(Moment)
    settled_by: Mapped[str | None] = mapped_column(String(80))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)

    case: Mapped[AuditCase] = relationship()


class MissedQuery(Base):
    """An auditor's finding that the coder should have asked the provider before the claim was coded."""

    __tablename__ = "missed_queries"
    __table_args__ = (UniqueConstraint("case_id"),)

    id: Mapped[BigKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("audit_cases.id"))
    reason: Mapped[str] = mapped_column(Encrypted)
    noted_by: Mapped[str] = mapped_column(String(80))
    noted_at: Mapped[datetime] = mapped_column(Moment)
