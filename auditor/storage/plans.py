"""Claims sources by name, and the audit plans that draw from them."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditor.domain.claims import CodingSource
from auditor.domain.plans import DateBasis, Objective, SamplingUnit, Spread, Timing
from auditor.storage.base import Base, Key
from auditor.storage.types import Json, Moment, Rate, by_value


class Source(Base):
    """A claims database: where it is, and how its schema maps to ours. The URL holds `${NAME}`, never a password."""

    __tablename__ = "sources"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    url: Mapped[str] = mapped_column(Text)
    mapping: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class PopulationCount(Base):
    """How many claims a source had in a period, by field, as counted at a moment; the newest of a source counts.

    `shares` is a list of {field, value, claims, planned}: `planned` are those that some plan in force draws from.
    """

    __tablename__ = "population_counts"

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    counted_at: Mapped[datetime] = mapped_column(Moment)
    shares: Mapped[list[dict[str, Any]]] = mapped_column(Json)

    source: Mapped[Source] = relationship()


class Plan(Base):
    """What is audited, how often, and what the sample must show. Approved before an audit of it opens.

    `credentials` is {specialty: credential that its auditors must hold}, with "" for every specialty not named.
    An audit is late when it is not signed `finish_days` after it fell due. A prebill plan selects each arriving claim
    with the chance `prebill_rate`, and holds its bill for `hold_days` at most.
    """

    __tablename__ = "plans"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    where_sql: Mapped[str | None] = mapped_column(Text)
    coding_source: Mapped[CodingSource | None] = mapped_column(by_value(CodingSource))
    stratify: Mapped[list[str]] = mapped_column(Json)
    spread: Mapped[Spread] = mapped_column(by_value(Spread), default=Spread.PROPORTIONAL)
    unit: Mapped[SamplingUnit] = mapped_column(by_value(SamplingUnit))
    date_basis: Mapped[DateBasis] = mapped_column(by_value(DateBasis))
    objective: Mapped[Objective] = mapped_column(by_value(Objective))
    confidence: Mapped[Fraction] = mapped_column(Rate)
    tolerable: Mapped[Fraction | None] = mapped_column(Rate)
    expected: Mapped[Fraction | None] = mapped_column(Rate)
    half_width: Mapped[Fraction | None] = mapped_column(Rate)
    variation: Mapped[Fraction | None] = mapped_column(Rate)
    size: Mapped[int | None]
    repeat: Mapped[str | None] = mapped_column(Text)
    starts_on: Mapped[date | None]
    auditors: Mapped[list[str]] = mapped_column(Json)
    blind_share: Mapped[Fraction] = mapped_column(Rate)
    second_review_share: Mapped[Fraction] = mapped_column(Rate)
    timing: Mapped[Timing] = mapped_column(by_value(Timing), default=Timing.RETROSPECTIVE)
    prebill_rate: Mapped[Fraction | None] = mapped_column(Rate)
    hold_days: Mapped[int | None]
    credentials: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    second_signature: Mapped[bool] = mapped_column(default=False)
    finish_days: Mapped[int] = mapped_column(default=30)
    lead: Mapped[str | None] = mapped_column(String(80))
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Moment)
    approved_by: Mapped[str | None] = mapped_column(String(80))
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    retired_by: Mapped[str | None] = mapped_column(String(80))
    retired_at: Mapped[datetime | None] = mapped_column(Moment)

    source: Mapped[Source] = relationship()
