"""What follows from findings: rebuttals, corrective actions, overpayments. Each keeps every step that was made."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditor.domain.claims import Stage
from auditor.domain.corrective_actions import ActionState, ActionStep
from auditor.domain.rebuttals import RebuttalState, RebuttalStep
from auditor.storage.audits import Audit
from auditor.storage.base import Base, BigKey, Cents, Key
from auditor.storage.cases import AuditCase
from auditor.storage.plans import Plan
from auditor.storage.types import Encrypted, Json, Moment, by_value


class Rebuttal(Base):
    """An argument against one finding, and where it stands; its steps hold who said what."""

    __tablename__ = "rebuttals"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("audit_cases.id"), index=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"))
    stage: Mapped[Stage] = mapped_column(by_value(Stage))
    line: Mapped[str] = mapped_column(String(20))
    state: Mapped[RebuttalState] = mapped_column(by_value(RebuttalState), index=True)
    argued_by: Mapped[str] = mapped_column(String(80))
    argued_at: Mapped[datetime] = mapped_column(Moment)
    escalated_to: Mapped[str | None] = mapped_column(String(80))
    correct_code: Mapped[str | None] = mapped_column(String(40))
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)

    case: Mapped[AuditCase] = relationship()
    entries: Mapped[list["RebuttalEntry"]] = relationship(order_by="RebuttalEntry.number")


class RebuttalEntry(Base):
    """One step of a rebuttal, never changed: the argument, an answer, a handing up."""

    __tablename__ = "rebuttal_entries"
    __table_args__ = (UniqueConstraint("rebuttal_id", "number"),)

    id: Mapped[BigKey]
    rebuttal_id: Mapped[int] = mapped_column(ForeignKey("rebuttals.id"))
    number: Mapped[int]
    step: Mapped[RebuttalStep] = mapped_column(by_value(RebuttalStep))
    text: Mapped[str] = mapped_column(Encrypted)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
    escalated_to: Mapped[str | None] = mapped_column(String(80))
    correct_code: Mapped[str | None] = mapped_column(String(40))


class CorrectiveAction(Base):
    """What is done about a kind of error, by whom until when, and the plan whose audit will show the effect.

    `field` and `value` say whose coding it is about (`coder_of_record`, `provider`, `specialty` ...); both None
    for everything that the audit covered. `check_first_on` to `check_last_on` are the days that the check looks at.
    """

    __tablename__ = "corrective_actions"

    id: Mapped[Key]
    title: Mapped[str] = mapped_column(String(200))
    education_topic: Mapped[str | None] = mapped_column(String(200))
    audit_id: Mapped[int | None] = mapped_column(ForeignKey("audits.id"), index=True)
    field: Mapped[str | None] = mapped_column(String(40))
    value: Mapped[str | None] = mapped_column(String(200))
    owner: Mapped[str] = mapped_column(String(80), index=True)
    due_on: Mapped[date]
    state: Mapped[ActionState] = mapped_column(by_value(ActionState), index=True)
    added_by: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(Moment)
    done_by: Mapped[str | None] = mapped_column(String(80))
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    check_plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))
    check_first_on: Mapped[date | None]
    check_last_on: Mapped[date | None]
    checked_by: Mapped[str | None] = mapped_column(String(80))
    checked_at: Mapped[datetime | None] = mapped_column(Moment)

    audit: Mapped[Audit | None] = relationship()
    check_plan: Mapped[Plan | None] = relationship()
    entries: Mapped[list["ActionEntry"]] = relationship(order_by="ActionEntry.number")


class ActionEntry(Base):
    """One step of an action, never changed: what it says since then, and why."""

    __tablename__ = "action_entries"
    __table_args__ = (UniqueConstraint("action_id", "number"),)

    id: Mapped[BigKey]
    action_id: Mapped[int] = mapped_column(ForeignKey("corrective_actions.id"))
    number: Mapped[int]
    step: Mapped[ActionStep] = mapped_column(by_value(ActionStep))
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    note: Mapped[str | None] = mapped_column(Encrypted)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)


class Overpayment(Base):
    """Money that was found to be owed back, with the dates that its clock goes by."""

    __tablename__ = "overpayments"

    id: Mapped[Key]
    audit_id: Mapped[int | None] = mapped_column(ForeignKey("audits.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    payer: Mapped[str | None] = mapped_column(String(200))
    identified_on: Mapped[date]
    investigated_from: Mapped[date | None]
    quantified_on: Mapped[date | None]
    quantified_cents: Mapped[Cents | None]
    method: Mapped[str | None] = mapped_column(Text)
    refunded_on: Mapped[date | None]
    refunded_cents: Mapped[Cents | None]
    added_by: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(Moment)

    audit: Mapped[Audit | None] = relationship()
    entries: Mapped[list["OverpaymentEntry"]] = relationship(order_by="OverpaymentEntry.number")


class OverpaymentEntry(Base):
    """One step of an overpayment, never changed: the dates and amounts that hold since then."""

    __tablename__ = "overpayment_entries"
    __table_args__ = (UniqueConstraint("overpayment_id", "number"),)

    id: Mapped[BigKey]
    overpayment_id: Mapped[int] = mapped_column(ForeignKey("overpayments.id"))
    number: Mapped[int]
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    note: Mapped[str | None] = mapped_column(Encrypted)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
