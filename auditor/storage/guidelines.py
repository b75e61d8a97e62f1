"""Editions of the official code lists, as imported, and what checks against them counted.

Old editions stay. Codes only: no CPT descriptor is kept (copyright of the AMA); short titles of ICD-10 and HCPCS
stand as the user's own file has them.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditor.domain.claims import CodingSource
from auditor.guidelines.tables import Coverage, GuidelineKind, Setting
from auditor.storage.base import Base, BigKey, Key
from auditor.storage.types import Json, Moment, by_value


class Edition(Base):
    """One imported file. The newest revision of (kind, setting, name) counts.

    `first_on` and `last_on` are the days for which it was published; `coverage` says what its silence means.
    `rejected` is how many lines could not be read, `rejections` the first of them as [line, reason].
    """

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("kind", "setting", "name", "revision"),)

    id: Mapped[Key]
    kind: Mapped[GuidelineKind] = mapped_column(by_value(GuidelineKind))
    setting: Mapped[Setting | None] = mapped_column(by_value(Setting))
    name: Mapped[str] = mapped_column(String(80))
    revision: Mapped[int]
    coverage: Mapped[Coverage] = mapped_column(by_value(Coverage))
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    file_name: Mapped[str] = mapped_column(String(260))
    file_sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    rejected: Mapped[int]
    rejections: Mapped[list[list[Any]]] = mapped_column(Json)
    imported_at: Mapped[datetime] = mapped_column(Moment)
    imported_by: Mapped[str] = mapped_column(String(80))


class PtpGroup(Base):
    """Pairs of one column 1 code that share indicator, days and rationale; `column2s` joins the codes by blanks.

    An edition has some millions of pairs and some ten thousands of groups.
    """

    __tablename__ = "ptp_groups"
    __table_args__ = (Index(None, "edition_id", "column1"),)

    id: Mapped[BigKey]
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    column1: Mapped[str] = mapped_column(String(10))
    modifier_indicator: Mapped[int]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    rationale: Mapped[str] = mapped_column(String(200))
    column2s: Mapped[str] = mapped_column(Text)


class MueValue(Base):
    """The most units of a code."""

    __tablename__ = "mue_values"
    __table_args__ = (Index(None, "edition_id", "code"),)

    id: Mapped[BigKey]
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(10))
    units: Mapped[int]
    adjudication: Mapped[int]
    rationale: Mapped[str] = mapped_column(String(200))


class AddonPair(Base):
    """An add-on code and one primary code that carries it."""

    __tablename__ = "addon_pairs"
    __table_args__ = (Index(None, "edition_id", "code"),)

    id: Mapped[BigKey]
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(10))
    primary_code: Mapped[str] = mapped_column(String(10))
    edit_type: Mapped[int]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]


class ListedCode(Base):
    """A code of a code set or of a list (ICD-10, HCPCS, CARC, RARC), with its own days where the file has them."""

    __tablename__ = "listed_codes"
    __table_args__ = (Index(None, "edition_id", "code", "title"),)  # a search by title reads nothing but the index

    id: Mapped[BigKey]
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(10))
    billable: Mapped[bool]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    title: Mapped[str | None] = mapped_column(String(80))


class FeeScheduleRow(Base):
    """Payment policy indicators of a code, and of its 26, TC or 53 part."""

    __tablename__ = "fee_schedule_rows"
    __table_args__ = (Index(None, "edition_id", "code"),)

    id: Mapped[BigKey]
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(10))
    modifier: Mapped[str] = mapped_column(String(4))
    status: Mapped[str] = mapped_column(String(4))
    global_days: Mapped[str] = mapped_column(String(4))
    pctc: Mapped[str] = mapped_column(String(4))
    multiple: Mapped[str] = mapped_column(String(4))
    bilateral: Mapped[str] = mapped_column(String(4))
    assistant: Mapped[str] = mapped_column(String(4))
    co_surgeon: Mapped[str] = mapped_column(String(4))
    team: Mapped[str] = mapped_column(String(4))


class HccRow(Base):
    """The payment category of a diagnosis under one model."""

    __tablename__ = "hcc_rows"
    __table_args__ = (Index(None, "edition_id", "code"),)

    id: Mapped[BigKey]
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(10))
    model: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(10))


class GuidelineRun(Base):
    """One check of a source and period, by the `rules` that ran.

    `not_judged` is {rule: {reason: claims}}, `editions` what was in force.
    """

    __tablename__ = "guideline_runs"

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    ran_at: Mapped[datetime] = mapped_column(Moment)
    ran_by: Mapped[str] = mapped_column(String(80))
    rules: Mapped[list[str]] = mapped_column(Json)
    editions: Mapped[list[str]] = mapped_column(Json)
    not_judged: Mapped[dict[str, dict[str, int]]] = mapped_column(Json)


class GuidelineTally(Base):
    """Violations of one rule and edition in one week and slice. No claim id: counts are what streams need.

    `week_on` is the week of coding (without it, of service), `served_week_on` that of service, by which runs overlap.
    """

    __tablename__ = "guideline_tallies"
    __table_args__ = (Index(None, "run_id", "week_on"),)

    id: Mapped[BigKey]
    run_id: Mapped[int] = mapped_column(ForeignKey("guideline_runs.id", ondelete="CASCADE"))
    week_on: Mapped[date]
    served_week_on: Mapped[date]
    rule: Mapped[str] = mapped_column(String(80))
    edition: Mapped[str] = mapped_column(String(80))
    coding_source: Mapped[CodingSource] = mapped_column(by_value(CodingSource))
    model_version: Mapped[str | None] = mapped_column(String(120))
    provider: Mapped[str | None] = mapped_column(String(120))
    payer: Mapped[str | None] = mapped_column(String(120))
    violations: Mapped[int]


class GuidelineLines(Base):
    """The lines that a run looked at, by week and slice: what its violations are counted against."""

    __tablename__ = "guideline_lines"
    __table_args__ = (Index(None, "run_id", "week_on"),)

    id: Mapped[BigKey]
    run_id: Mapped[int] = mapped_column(ForeignKey("guideline_runs.id", ondelete="CASCADE"))
    week_on: Mapped[date]
    served_week_on: Mapped[date]
    coding_source: Mapped[CodingSource] = mapped_column(by_value(CodingSource))
    model_version: Mapped[str | None] = mapped_column(String(120))
    provider: Mapped[str | None] = mapped_column(String(120))
    payer: Mapped[str | None] = mapped_column(String(120))
    lines: Mapped[int]
