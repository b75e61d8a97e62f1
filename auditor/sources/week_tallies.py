"""What monitors read beside codes, by week and arm: charges, confidence, codes a claim, overrides, denials.

Everything is summed in the engine; a measure whose columns the source lacks is named with what is missing. Knows no
monitor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Float,
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

from auditor.domain.claims import CodingSource, Stage
from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.domain.denials import NO_DENIAL, PATIENT_GROUP
from auditor.sources.canonical import Section
from auditor.sources.dialects import WeekStart
from auditor.sources.items import Tables


class Tally(StrEnum):
    """What is summed. Of values (charge, confidence, codes) also the squares; of events their number."""

    CHARGE = "charge"
    CONFIDENCE = "confidence"
    CODES = "codes"
    OVERRIDE = "override"
    DISAGREEMENT = "disagreement"
    DENIAL = "denial"
    CLEAN_CLAIM = "clean_claim"
    PROVIDER = "provider"
    FACILITY = "facility"


@dataclass(frozen=True, kw_only=True)
class WeekTally:
    """The sum of a value, or the number of events, over `units` claims of one week and arm.

    `row` tells several events of one measure apart: a denial's adjustment reason. Denials stand in the week in which
    they were decided, all else in the week of coding.
    """

    week_start: date
    coding_source: CodingSource
    model_version: str | None
    measure: Tally
    row: str
    total: float
    squares: float
    units: int


@dataclass(frozen=True, kw_only=True)
class Tallies:
    """The sums of a period, and for each measure that could not be taken the sentence that says why."""

    tallies: tuple[WeekTally, ...]
    missing: Mapping[Tally, str]


_NO_REMITS = "the source tells no remittances: name a [remits] section in its mapping"
_KNOWN = tuple(source.value for source in CodingSource)


def tally_weeks(tables: Tables, claims: Subquery, output: Subquery, first_on: date, last_on: date) -> Tallies:
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
    found += _overrides(tables, claims)
    lacking = _without_denials(tables.remits)
    if tables.remits is None or lacking:
        missing |= dict.fromkeys((Tally.DENIAL, Tally.CLEAN_CLAIM), lacking)
    else:
        found += _denials(tables, tables.remits, first_on, last_on)
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


def _values(tables: Tables, claims: Subquery, measure: Tally, column: str) -> list[WeekTally]:
    table = tables.claims.table
    joined = (
        select(claims.c.week_start, claims.c.coding_source, claims.c.model_version, table.c[column].label("value"))
        .join_from(claims, table, table.c.claim_id == claims.c.claim_id)
        .where(table.c[column].is_not(None))
        .subquery("valued")
    )
    return _summed(tables, joined, measure, joined.c.value)


def _named(tables: Tables, claims: Subquery, measure: Tally) -> list[WeekTally]:
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
    return [_tally(row[:3], measure, (row[4], row[4], row[4]), row=str(row[3])) for row in rows]


def _summed(tables: Tables, rows: Subquery, measure: Tally, value: ColumnElement[Any]) -> list[WeekTally]:
    """Sum, sum of squares and number, with dollars for cents so that squares keep their digits."""
    number = cast(value, Float) / (100.0 if measure is Tally.CHARGE else 1.0)
    by = (rows.c.week_start, rows.c.coding_source, rows.c.model_version)
    question = select(*by, func.sum(number), func.sum(number * number), func.count()).group_by(*by)
    return [_tally(row[:3], measure, (row[3], row[4], row[5])) for row in tables.reader.rows(question)]


def _tally(where: Any, measure: Tally, sums: tuple[float, float, int], *, row: str = "") -> WeekTally:
    week, arm, version = where
    return WeekTally(
        week_start=week,
        coding_source=CodingSource(arm),
        model_version=version,
        measure=measure,
        row=row,
        total=float(sums[0]),
        squares=float(sums[1]),
        units=int(sums[2]),
    )


def _overrides(tables: Tables, claims: Subquery) -> list[WeekTally]:
    """Of claims that carry a draft: how many were billed otherwise, and how many a person coded otherwise."""
    stages = _stage_marks(tables, claims)
    by = (claims.c.week_start, claims.c.coding_source, claims.c.model_version)
    billed, coded = stages.c.drafted * stages.c.billed, stages.c.drafted * stages.c.coded
    question = (
        select(
            *by,
            func.sum(billed),
            func.sum(billed * stages.c.billed_otherwise),
            func.sum(coded),
            func.sum(coded * stages.c.coded_otherwise),
        )
        .join_from(claims, stages, stages.c.claim_id == claims.c.claim_id)
        .where(stages.c.drafted > 0)
        .group_by(*by)
    )
    found = []
    for row in tables.reader.rows(question):
        for measure, units, events in ((Tally.OVERRIDE, row[3], row[4]), (Tally.DISAGREEMENT, row[5], row[6])):
            if units:
                found.append(_tally(row[:3], measure, (events, events, units)))
    return found


def _stage_marks(tables: Tables, claims: Subquery) -> Subquery:
    """Per claim which stages it carries, and whether billing or people hold other codes than the draft."""
    codes = tables.codes.table
    system = func.upper(func.trim(codes.c.code_system))
    family = case((system.in_(["CPT", "HCPCS"]), PROCEDURE_FAMILY), else_=system)
    code = func.replace(func.upper(func.trim(codes.c.code)), ".", "")
    marks = [
        func.max(case((codes.c.stage == stage.value, 1), else_=0)).label(name)
        for stage, name in ((Stage.AI_DRAFT, "drafted"), (Stage.SUBMITTED, "billed"), (Stage.HUMAN, "coded"))
    ]
    each = (
        select(codes.c.claim_id, *marks)
        .join_from(claims, codes, codes.c.claim_id == claims.c.claim_id)
        .where(codes.c.code.is_not(None))
        .group_by(codes.c.claim_id, family, code)
        .subquery("each_code")
    )
    whole = [func.max(each.c[name]).label(name) for name in ("drafted", "billed", "coded")]
    apart = [
        func.max(case((each.c.drafted != each.c[name], 1), else_=0)).label(f"{name}_otherwise")
        for name in ("billed", "coded")
    ]
    return select(each.c.claim_id, *whole, *apart).group_by(each.c.claim_id).subquery("stage_marks")


def _denials(tables: Tables, remits: Section, first_on: date, last_on: date) -> list[WeekTally]:
    decided = _decided(tables, remits, first_on, last_on)
    by = (decided.c.week_start, decided.c.coding_source, decided.c.model_version)
    claims = func.count(func.distinct(decided.c.claim_id))
    denied = func.count(func.distinct(case((decided.c.denied == 1, decided.c.claim_id))))
    found, units = [], {}
    for row in tables.reader.rows(select(*by, claims, denied).group_by(*by)):
        units[tuple(row[:3])] = row[3]
        clean = row[3] - row[4]
        found.append(_tally(row[:3], Tally.CLEAN_CLAIM, (clean, clean, row[3])))
    reasons = select(*by, decided.c.carc, claims).where(decided.c.denied == 1).group_by(*by, decided.c.carc)
    for row in tables.reader.rows(reasons):
        found.append(_tally(row[:3], Tally.DENIAL, (row[4], row[4], units[tuple(row[:3])]), row=row[3]))
    return found


def _decided(tables: Tables, remits: Section, first_on: date, last_on: date) -> Subquery:
    """Adjustments decided in the period, with the week of the decision, and whether each is a denial."""
    claims, table = tables.claims.table, remits.table
    carc = func.upper(func.trim(table.c.carc))
    parts: list[ColumnElement[bool]] = [carc.is_not(None), carc.not_in(sorted(NO_DENIAL))]
    if "group_code" in remits.present:
        parts.append(func.coalesce(func.upper(table.c.group_code), "") != PATIENT_GROUP)
    if "adjusted_cents" in remits.present:
        parts.append(func.coalesce(table.c.adjusted_cents, 0) > 0)
    denied = cast(case((and_(*parts), 1), else_=0), Integer)
    version = claims.c.model_version if "model_version" in tables.claims.present else cast(null(), String)
    inner = (
        select(
            claims.c.claim_id,
            claims.c.coding_source,
            version.label("model_version"),
            func.coalesce(carc, "").label("carc"),
            denied.label("denied"),
            type_coerce(table.c.decided_on, Date).label("decided_on"),
        )
        .join_from(claims, table, table.c.claim_id == claims.c.claim_id)
        .where(table.c.decided_on.between(first_on, last_on), claims.c.coding_source.in_(_KNOWN))
        .subquery("decided")
    )
    return select(inner, WeekStart(inner.c.decided_on).label("week_start")).subquery("decided_weeks")
