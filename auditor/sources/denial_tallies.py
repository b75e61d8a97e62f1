"""Decided claims by the week of the decision and arm: how many were paid without a denial, and denials by reason."""

from datetime import date

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    null,
    select,
    type_coerce,
)

from auditor.domain.claims import CodingSource
from auditor.domain.denials import NO_DENIAL, PATIENT_GROUP
from auditor.sources.canonical import Section
from auditor.sources.dialects import WeekStart
from auditor.sources.items import Tables
from auditor.sources.tally import Tally, WeekTally, tally

_KNOWN = tuple(source.value for source in CodingSource)


def denials(tables: Tables, remits: Section, first_on: date, last_on: date) -> list[WeekTally]:
    """Clean claims and denials of a period; a claim counts once a reason."""
    adjustments = decided(tables, remits, first_on, last_on)
    by = (adjustments.c.week_start, adjustments.c.coding_source, adjustments.c.model_version)
    claims = func.count(func.distinct(adjustments.c.claim_id))
    denied = func.count(func.distinct(case((adjustments.c.denied == 1, adjustments.c.claim_id))))
    found, units = [], {}
    for row in tables.reader.rows(select(*by, claims, denied).group_by(*by)):
        units[tuple(row[:3])] = row[3]
        clean = row[3] - row[4]
        found.append(tally(row[:3], Tally.CLEAN_CLAIM, (clean, clean, row[3])))
    reasons = (
        select(*by, adjustments.c.carc, claims).where(adjustments.c.denied == 1).group_by(*by, adjustments.c.carc)
    )
    for row in tables.reader.rows(reasons):
        found.append(tally(row[:3], Tally.DENIAL, (row[4], row[4], units[tuple(row[:3])]), row=row[3]))
    return found


def reason_of(remits: Section) -> ColumnElement[str]:
    """The adjustment reason of a remittance line, in capitals."""
    return func.upper(func.trim(remits.table.c.carc))


def is_denial(remits: Section) -> ColumnElement[bool]:
    """Whether a remittance line denies what was asked, rather than shares, writes off or waits (`domain.denials`)."""
    table, carc = remits.table, reason_of(remits)
    parts: list[ColumnElement[bool]] = [carc.is_not(None), carc.not_in(sorted(NO_DENIAL))]
    if "group_code" in remits.present:
        parts.append(func.coalesce(func.upper(table.c.group_code), "") != PATIENT_GROUP)
    if "adjusted_cents" in remits.present:
        parts.append(func.coalesce(table.c.adjusted_cents, 0) > 0)
    return and_(*parts)


def decided(tables: Tables, remits: Section, first_on: date, last_on: date) -> Subquery:
    """Adjustments decided in the period, with the week of the decision, and whether each is a denial."""
    claims, table = tables.claims.table, remits.table
    denied = cast(case((is_denial(remits), 1), else_=0), Integer)
    version = claims.c.model_version if "model_version" in tables.claims.present else cast(null(), String)
    inner = (
        select(
            claims.c.claim_id,
            claims.c.coding_source,
            version.label("model_version"),
            func.coalesce(reason_of(remits), "").label("carc"),
            denied.label("denied"),
            type_coerce(table.c.decided_on, Date).label("decided_on"),
        )
        .join_from(claims, table, table.c.claim_id == claims.c.claim_id)
        .where(table.c.decided_on.between(first_on, last_on), claims.c.coding_source.in_(_KNOWN))
        .subquery("decided")
    )
    return select(inner, WeekStart(inner.c.decided_on).label("week_start")).subquery("decided_weeks")
