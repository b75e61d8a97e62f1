"""Audits, the frames they were drawn from, their rounds and selections."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditor.domain.audits import AuditState, NoteKind, SeedSource, SelectionMethod
from auditor.storage.base import Base, BigKey, Cents, Key
from auditor.storage.plans import Plan
from auditor.storage.types import Json, Moment, by_value


class Audit(Base):
    """One run of a plan over one period. The seed is made when it opens and shown when it is drawn."""

    __tablename__ = "audits"

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    state: Mapped[AuditState] = mapped_column(by_value(AuditState))
    seed: Mapped[str] = mapped_column(Text)
    seed_sha256: Mapped[str] = mapped_column(String(64))
    seed_source: Mapped[SeedSource] = mapped_column(by_value(SeedSource))
    opened_by: Mapped[str] = mapped_column(String(80))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    drawn_at: Mapped[datetime | None] = mapped_column(Moment)
    abandoned_at: Mapped[datetime | None] = mapped_column(Moment)
    abandoned_by: Mapped[str | None] = mapped_column(String(80))
    abandon_reason: Mapped[str | None] = mapped_column(Text)
    privileged: Mapped[bool] = mapped_column(default=False)

    plan: Mapped[Plan] = relationship()
    frame: Mapped["SamplingFrame | None"] = relationship(back_populates="audit")
    rounds: Mapped[list["SampleRound"]] = relationship(order_by="SampleRound.number")


class PrivilegedName(Base):
    """Somebody who may know of a privileged (counsel-directed) audit; to all others it is not there."""

    __tablename__ = "privileged_names"
    __table_args__ = (UniqueConstraint("audit_id", "user_name"),)

    id: Mapped[Key]
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id"))
    user_name: Mapped[str] = mapped_column(String(80))


class SamplingFrame(Base):
    """The population at draw time: what was asked, what was left out, how much there was, and its digest.

    `exclusions` is {reason: claims}; `strata` a list of {name, claims, paid_cents, sha256, buckets}, the buckets
    being lists [ticket prefix, claims, paid_cents, sha256].
    """

    __tablename__ = "sampling_frames"

    id: Mapped[Key]
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id"), unique=True)
    query_text: Mapped[str] = mapped_column(Text)
    claims: Mapped[Cents]
    paid_cents: Mapped[Cents]
    sha256: Mapped[str] = mapped_column(String(64))
    exclusions: Mapped[dict[str, int]] = mapped_column(Json)
    strata: Mapped[list[dict[str, object]]] = mapped_column(Json)
    taken_at: Mapped[datetime] = mapped_column(Moment)

    audit: Mapped[Audit] = relationship(back_populates="frame")


class SampleRound(Base):
    """One draw: how many, how that number was derived, and by which algorithm. A later round extends the earlier."""

    __tablename__ = "sample_rounds"
    __table_args__ = (UniqueConstraint("audit_id", "number"),)

    id: Mapped[Key]
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id"))
    number: Mapped[int]
    sample_size: Mapped[int]
    algorithm: Mapped[str] = mapped_column(String(80))
    derivation: Mapped[dict[str, object]] = mapped_column(Json)
    drawn_by: Mapped[str] = mapped_column(String(80))
    drawn_at: Mapped[datetime] = mapped_column(Moment)


class Selection(Base):
    """A unit that was drawn, or picked for a reason. Probability is `drawn` of `population` in its stratum.

    The two numbers are those of the whole sample so far, and are written anew when the sample is extended.
    """

    __tablename__ = "selections"
    __table_args__ = (UniqueConstraint("audit_id", "item_id"), Index(None, "claim_id", "audit_id"))

    id: Mapped[BigKey]
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("sample_rounds.id"), index=True)
    item_id: Mapped[str] = mapped_column(String(200))
    claim_id: Mapped[str] = mapped_column(String(200))
    line_number: Mapped[int | None]
    stratum: Mapped[str] = mapped_column(Text)
    draw_order: Mapped[int]
    ticket: Mapped[str] = mapped_column(String(64))
    drawn: Mapped[int | None]
    population: Mapped[int | None]
    method: Mapped[SelectionMethod] = mapped_column(by_value(SelectionMethod))
    reason: Mapped[str | None] = mapped_column(Text)

    @property
    def selection_probability(self) -> float | None:
        """The chance that this unit had of being in the sample; None for targeted picks."""
        return None if not self.population or self.drawn is None else self.drawn / self.population


class SignOff(Base):
    """A signature bound to the digest of what was signed; tainted when that content changed afterwards.

    `credential` is what stands beside the name: the certificates that were in force on the day of the signature.
    `figures` are the main measures as they were then (`reports.model.Figure`), their digest is in the event log.
    """

    __tablename__ = "sign_offs"

    id: Mapped[Key]
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id"), index=True)
    signer: Mapped[str] = mapped_column(String(80))
    credential: Mapped[str | None] = mapped_column(Text)
    meaning: Mapped[str] = mapped_column(Text)
    content_sha256: Mapped[str] = mapped_column(String(64))
    figures: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    signed_at: Mapped[datetime] = mapped_column(Moment)
    tainted_at: Mapped[datetime | None] = mapped_column(Moment)


class CountedReport(Base):
    """What an audit's page says, as it was counted last. `state_key` names the state of the audit that it was of.

    `content_sha256` is of what a signature would cover, `shared_claims` {number of another audit: claims that are in
    both}. It can be counted again at any time;
    nothing is decided by it.
    """

    __tablename__ = "counted_reports"

    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id"), primary_key=True)
    state_key: Mapped[str] = mapped_column(String(80))
    entry_number: Mapped[Cents]
    report: Mapped[str] = mapped_column(Text)
    report_sha256: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str] = mapped_column(String(64))
    shared_claims: Mapped[dict[int, int]] = mapped_column(Json)
    counted_at: Mapped[datetime] = mapped_column(Moment)


class SourceCheck(Base):
    """What the newest look at the source found of an audit: the numbers of cases whose claim changed, or is gone.

    `identical` says that nothing at all differs, in the frame and the sample either.
    """

    __tablename__ = "source_checks"

    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id"), primary_key=True)
    checked_by: Mapped[str] = mapped_column(String(80))
    checked_at: Mapped[datetime] = mapped_column(Moment)
    identical: Mapped[bool]
    changed: Mapped[list[int]] = mapped_column(Json)
    vanished: Mapped[list[int]] = mapped_column(Json)


class AuditNote(Base):
    """Why something was done with an audit, in the words of whoever did it."""

    __tablename__ = "audit_notes"

    id: Mapped[Key]
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id"), index=True)
    kind: Mapped[NoteKind] = mapped_column(by_value(NoteKind))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(80))
    written_at: Mapped[datetime] = mapped_column(Moment)
