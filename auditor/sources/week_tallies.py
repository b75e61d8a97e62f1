"""What monitors read beside codes, by week and arm: charges, confidence, codes a claim, overrides, denials.

Everything is summed in the engine; a measure whose columns the source lacks is named with what is missing. Knows no
monitor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Float, FromClause, Subquery, cast, func, select

from auditor.sources.canonical import Section
from auditor.sources.denial_tallies import denials
from auditor.sources.items import Tables
from auditor.sources.stage_tallies import overrides
from auditor.sources.tally import Tally, WeekTally, tally


@dataclass(frozen=True, kw_only=True)
class Tallies:
    """The sums of a period, and for each measure that could not be taken the sentence that says why."""

    tallies: tuple[WeekTally, ...]
    missing: Mapping[Tally, str]


_NO_REMITS = "the source tells no remittances: name a [remits] section in its mapping"


def tally_weeks(tables: Tables, claims: FromClause, output: Subquery, first_on: date, last_on: date) -> Tallies:
    """Every measure that the source can tell, over the dated claims and their own output of a period."""
    found: list[WeekTally] = list(_codes(tables, output))
    missing: dict[Tally, str] = {}
    for measure, column in ((Tally.CHARGE, "charge_cents"), (Tally.CONFIDENCE, "ai_confidence")):
        if column in tables.claims.present:
            found += _values(tables, claims, measure, column)
        else:
            missing[measure] = f"the source tells no {column}: name it in its mapping"
    for measure in (Tally.PROVIDER, Tally.FACILITY):
        if measure.value in tables.claims.present:
            found += _named(tables, claims, measure)
        else:
            missing[measure] = f"the source tells no {measure.value}"
    found += overrides(tables, claims)
    lacking = _without_denials(tables.remits)
    if tables.remits is None or lacking:
        missing |= dict.fromkeys((Tally.DENIAL, Tally.CLEAN_CLAIM), lacking)
    else:
        found += denials(tables, tables.remits, first_on, last_on)
    return Tallies(tallies=tuple(found), missing=missing)


def _without_denials(remits: Section | None) -> str:
    if remits is None:
        return _NO_REMITS
    return "" if "decided_on" in remits.present else "the remittances tell no decided_on: name it in the mapping"


def _codes(tables: Tables, output: Subquery) -> list[WeekTally]:
    each = (
        select(output.c.week_start, output.c.coding_source, output.c.model_version, func.count().label("value"))
        .group_by(output.c.claim_id, output.c.week_start, output.c.coding_source, output.c.model_version)
        .subquery("coded")
    )
    return _summed(tables, each, Tally.CODES, each.c.value)


def _values(tables: Tables, claims: FromClause, measure: Tally, column: str) -> list[WeekTally]:
    table = tables.claims.table
    joined = (
        select(claims.c.week_start, claims.c.coding_source, claims.c.model_version, table.c[column].label("value"))
        .join_from(claims, table, table.c.claim_id == claims.c.claim_id)
        .where(table.c[column].is_not(None))
        .subquery("valued")
    )
    return _summed(tables, joined, measure, joined.c.value)


def _named(tables: Tables, claims: FromClause, measure: Tally) -> list[WeekTally]:
    """Claims by who, or where, they are of."""
    table = tables.claims.table
    by = (claims.c.week_start, claims.c.coding_source, claims.c.model_version, table.c[measure.value])
    question = (
        select(*by, func.count())
        .join_from(claims, table, table.c.claim_id == claims.c.claim_id)
        .where(table.c[measure.value].is_not(None))
        .group_by(*by)
    )
    rows = tables.reader.rows(question)
    return [tally(row[:3], measure, (row[4], row[4], row[4]), row=str(row[3])) for row in rows]


def _summed(tables: Tables, rows: Subquery, measure: Tally, value: ColumnElement[Any]) -> list[WeekTally]:
    """Sum, sum of squares and number, with dollars for cents so that squares keep their digits."""
    number = cast(value, Float) / (100.0 if measure is Tally.CHARGE else 1.0)
    by = (rows.c.week_start, rows.c.coding_source, rows.c.model_version)
    question = select(*by, func.sum(number), func.sum(number * number), func.count()).group_by(*by)
    return [tally(row[:3], measure, (row[3], row[4], row[5])) for row in tables.reader.rows(question)]
