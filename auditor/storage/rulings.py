"""Rulings: written answers to questions of coding that come up again."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditor.storage.base import Base, Key
from auditor.storage.cases import AuditCase
from auditor.storage.types import Encrypted, Moment


class Ruling(Base):
    """A question and its answer. Never changed: another one takes its place, or it is withdrawn, and stays readable.

    Question and answer lie encrypted, since people write them with a case before their eyes.
    """

    __tablename__ = "rulings"

    id: Mapped[Key]
    question: Mapped[str] = mapped_column(Encrypted)
    answer: Mapped[str] = mapped_column(Encrypted)
    citation: Mapped[str | None] = mapped_column(Text)
    case_id: Mapped[int | None] = mapped_column(ForeignKey(AuditCase.id))
    written_by: Mapped[str] = mapped_column(String(80))
    written_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by: Mapped[str | None] = mapped_column(String(80))
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("rulings.id"))

    codes: Mapped[list["RulingCode"]] = relationship(order_by="RulingCode.code")


class RulingCode(Base):
    """A code that a ruling speaks of, or the beginning of several: as compared, without dots, in capitals."""

    __tablename__ = "ruling_codes"

    ruling_id: Mapped[int] = mapped_column(ForeignKey(Ruling.id), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
