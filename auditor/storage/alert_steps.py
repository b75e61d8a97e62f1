"""What was done to each alert, by whom and when; reasons are people's words and lie encrypted."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from auditor.domain.alerts import AlertMove
from auditor.storage.base import Base, BigKey
from auditor.storage.types import Encrypted, Moment, by_value


class AlertStep(Base):
    """One move. `person` is the new owner of an assignment, `until` the last day of a silence, `audit_id` an audit
    that the move rests on or has ordered."""

    __tablename__ = "alert_steps"

    id: Mapped[BigKey]
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"), index=True)
    move: Mapped[AlertMove] = mapped_column(by_value(AlertMove))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(Encrypted)
    person: Mapped[str | None] = mapped_column(String(80))
    until: Mapped[date | None]
    audit_id: Mapped[int | None] = mapped_column(ForeignKey("audits.id"))
