"""The event log's table. Rows are written by `storage.history` alone."""

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from auditor.storage.base import Base


class LogEntry(Base):
    """One event: `sha256` covers the other columns, `previous_sha256` the entry before it.

    `at` is ISO 8601 text in UTC and `body` canonical JSON text: exactly what was hashed.
    """

    __tablename__ = "log_entries"

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    previous_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))


class AuditMark(Base):
    """Which entries speak of which audit: so the newest is found without reading bodies."""

    __tablename__ = "audit_marks"
    __table_args__ = (Index(None, "audit_id", "entry_number"),)

    entry_number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    audit_id: Mapped[int]
