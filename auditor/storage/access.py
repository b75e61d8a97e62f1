"""Who is logged in, who tried to be, and who looked at which case."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditor.storage.base import Base, BigKey, Key
from auditor.storage.people import User
from auditor.storage.types import Moment


class WebSession(Base):
    """A login that still holds, or has ended. Of the token only its SHA-256 is kept."""

    __tablename__ = "web_sessions"

    id: Mapped[Key]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    address: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    user: Mapped[User] = relationship()


class LoginAttempt(Base):
    """One attempt to log in. The name is kept as its SHA-256: people type passwords into the wrong field."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index(None, "name_sha256", "at"), Index(None, "address", "at"))

    id: Mapped[BigKey]
    name_sha256: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    succeeded: Mapped[bool] = mapped_column(default=False)


class CaseView(Base):
    """Somebody was shown a case (45 CFR 164.312(b)). Rows are only ever added.

    This log stands beside the event log and not in its chain: reading must not wait for the chain's head.
    """

    __tablename__ = "case_views"
    __table_args__ = (Index(None, "case_id", "at"), Index(None, "user_name", "at"))

    id: Mapped[BigKey]
    user_name: Mapped[str] = mapped_column(String(80))
    case_id: Mapped[int] = mapped_column(ForeignKey("audit_cases.id"))
    route: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)
