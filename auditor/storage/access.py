"""Who is logged in, who tried to be, and who looked at which case."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditor.storage.base import Base, BigKey, Key
from auditor.storage.people import User
from auditor.storage.types import Encrypted, Moment


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


class PendingLogin(Base):
    """A person whose password was right, and whose second factor is still to come."""

    __tablename__ = "pending_logins"

    id: Mapped[Key]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime] = mapped_column(Moment)

    user: Mapped[User] = relationship()


class SecondFactor(Base):
    """The secret that a person's program makes codes from. `last_step` is the newest whose code was used."""

    __tablename__ = "second_factors"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    secret: Mapped[str] = mapped_column(Encrypted)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)


class RecoveryCode(Base):
    """A code for once, where the program is lost. Kept as its SHA-256, and deleted when it was used."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_sha256"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    code_sha256: Mapped[str] = mapped_column(String(64))


class PendingSignOn(Base):
    """Somebody on the way to the identity provider: what the answer must fit to. `verifier` is that of PKCE."""

    __tablename__ = "pending_sign_ons"

    id: Mapped[Key]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    nonce: Mapped[str] = mapped_column(String(80))
    verifier: Mapped[str] = mapped_column(Encrypted)
    back: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(Moment)
