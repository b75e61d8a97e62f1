"""What a review leaves behind besides findings: codings made blind, and changes that a browser may send again."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from auditor.storage.base import Base
from auditor.storage.cases import AuditCase
from auditor.storage.types import Json, Moment


class BlindCoding(Base):
    """The codes that a reviewer wrote down before seeing those of the claim. Once locked, never changed again.

    `codes` is a list of {code_system, code, modifiers, units}.
    """

    __tablename__ = "blind_codings"

    case_id: Mapped[int] = mapped_column(ForeignKey(AuditCase.id), primary_key=True)
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
