"""Bills that wait for an audit: each selected claim of a prebill audit is held until it is released."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditor.storage.base import Base
from auditor.storage.cases import AuditCase
from auditor.storage.types import Moment


class BillHold(Base):
    """The bill of one case. It waits until `due_on` at the latest; whoever released it let it go."""

    __tablename__ = "bill_holds"

    case_id: Mapped[int] = mapped_column(ForeignKey(AuditCase.id), primary_key=True)
    held_at: Mapped[datetime] = mapped_column(Moment)
    due_on: Mapped[date] = mapped_column(index=True)
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    released_by: Mapped[str | None] = mapped_column(String(80))

    case: Mapped[AuditCase] = relationship()
