"""What weeks of a source and our audits held when they were last counted: only what changed is counted again."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditor.storage.base import Base, BigKey
from auditor.storage.types import Moment


class KeptWeek(Base):
    """The counts of one week of one source: sums by arm, code and slice, of no claim in particular.

    They hold while the week has this `mark` and the source is counted by this `recipe`; they can be thrown away at
    any time, and are then counted anew.
    """

    __tablename__ = "kept_weeks"
    __table_args__ = (UniqueConstraint("source_id", "week_on"),)

    id: Mapped[BigKey]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    week_on: Mapped[date]
    recipe: Mapped[str] = mapped_column(String(64))
    mark: Mapped[str] = mapped_column(Text)
    counts: Mapped[bytes] = mapped_column(LargeBinary)
    slices: Mapped[bytes] = mapped_column(LargeBinary)
    counted_at: Mapped[datetime] = mapped_column(Moment)


class KeptOutcomes(Base):
    """The scored cases of one audit, which hold while the audit has this `mark`; codes, days and cents, no text."""

    __tablename__ = "kept_outcomes"

    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64))
    outcomes: Mapped[bytes] = mapped_column(LargeBinary)
    scored_at: Mapped[datetime] = mapped_column(Moment)
