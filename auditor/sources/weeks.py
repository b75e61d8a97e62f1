"""What the coders put out, counted by week for the monitors: lines by code, and claims. Knows no monitor.

A claim's own output is what its arm wrote: the AI's draft where the claim has one, else what was submitted;
for the human arm the human's coding, else what was submitted. Weeks are Monday to Sunday, by coding date or,
without one, date of service. Everything is grouped in the engine.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    not_,
    null,
    select,
)

from auditor.domain.claims import CodingSource, Stage
from auditor.domain.codes import normal_modifiers
from auditor.sources.dialects import WeekStart
from auditor.sources.items import Tables
from auditor.sources.tally import Tally, WeekTally
from auditor.sources.week_tallies import tally_weeks


class LineCount(NamedTuple):
    """How many lines of one week and arm carried a code with these modifiers."""

    week_start: date
    coding_source: CodingSource
    model_version: str | None
    code_system: str
    code: str
    modifiers: tuple[str, ...]
    lines: int


class ClaimCount(NamedTuple):
    """How many claims of one week, arm, specialty and payer have an output to watch."""

    week_start: date
    coding_source: CodingSource
    model_version: str | None
    specialty: str | None
    payer: str | None
    claims: int
    place_of_service: str | None = None


class CodePrice(NamedTuple):
    """What the priced lines of a code came to in a week, in any arm: paid, else allowed."""

    week_start: date
    code_system: str
    code: str
    lines: int
    cents: int


@dataclass(frozen=True, kw_only=True)
class WeekCounts:
    """The lines and the claims of a period by week, and what codes are worth where the source tells."""

    lines: tuple[LineCount, ...]
    claims: tuple[ClaimCount, ...]
    prices: tuple[CodePrice, ...] = ()
    tallies: tuple[WeekTally, ...] = ()
    missing: Mapping[Tally, str] = field(default_factory=dict)


_LINE = ("week_start", "coding_source", "model_version", "code_system", "code", "modifiers")
_CLAIM = ("week_start", "coding_source", "model_version", "specialty", "payer", "place_of_service")


def count_weeks(tables: Tables, first_on: date, last_on: date) -> WeekCounts:
    """The output of every arm in a period, both ends included, in no particular order within a week."""
    output = week_output(tables, first_on, last_on)
    lines = _grouped(output, _LINE, func.count().label("lines"))
    claims = _grouped(_with_output(tables, first_on, last_on), _CLAIM, func.count().label("claims"))
    dated = weekly(tables, first_on, last_on)
    beside = tally_weeks(tables, dated, output, first_on, last_on)
    return WeekCounts(
        lines=tuple(_merged(tables.reader.stream(lines))),
        claims=tuple(_claim(row) for row in tables.reader.rows(claims)),
        prices=_prices(tables, first_on, last_on),
        tallies=beside.tallies,
        missing=beside.missing,
    )


def _prices(tables: Tables, first_on: date, last_on: date) -> tuple[CodePrice, ...]:
    codes = tables.codes.table
    told = [codes.c[name] for name in ("paid_cents", "allowed_cents") if name in tables.codes.present]
    if not told:
        return ()
    claims = weekly(tables, first_on, last_on)
    system, code = func.upper(codes.c.code_system), func.upper(func.replace(codes.c.code, ".", ""))
    price = func.coalesce(*told) if len(told) > 1 else told[0]
    by = (claims.c.week_start, system, code)
    question = (
        select(*by, func.count(price), cast(func.sum(price), BigInteger))
        .join_from(claims, codes, codes.c.claim_id == claims.c.claim_id)
        .where(price > 0, codes.c.code.is_not(None))
        .group_by(*by)
    )
    return tuple(CodePrice(*row) for row in tables.reader.rows(question))


def _grouped(output: FromClause, names: tuple[str, ...], count: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    columns = [output.c[name] for name in names]
    return select(*columns, count).group_by(*columns).order_by(*columns)


def _merged(rows: Iterable[Any]) -> Iterator[LineCount]:
    """One count where the engine had several, since `25` and `25,,` are the same modifiers; those come together.

    Arms share the names of codes: there are many lines.
    """
    modifiers, names = cache(normal_modifiers), dict[str, str]()
    arms = {source.value: source for source in CodingSource}
    for (week, arm, version, system, code), group in groupby(rows, key=lambda row: tuple(row[:5])):
        counts = Counter[tuple[str, ...]]()
        for row in group:
            counts[modifiers(row[5])] += row[6]
        of_arm = (week, arms[arm], version, names.setdefault(system, system), names.setdefault(code, code))
        for marks, lines in counts.items():
            yield LineCount(*of_arm, marks, lines)


def _claim(row: Any) -> ClaimCount:
    week, arm, version, specialty, payer, place, claims = row
    return ClaimCount(week, CodingSource(arm), version, specialty, payer, claims, place)


def week_output(tables: Tables, first_on: date, last_on: date) -> Subquery:
    """The codes of each claim's own output, with the claim's week and slices beside each."""
    claims, codes = _with_output(tables, first_on, last_on), tables.codes.table
    modifiers = codes.c.modifiers if "modifiers" in tables.codes.present else cast(null(), String)
    of_claim = and_(codes.c.claim_id == claims.c.claim_id, codes.c.stage == claims.c.own_stage)
    return (
        select(
            *claims.c,
            func.upper(codes.c.code_system).label("code_system"),
            func.upper(func.replace(codes.c.code, ".", "")).label("code"),
            func.coalesce(func.upper(func.replace(modifiers, " ", "")), "").label("modifiers"),
        )
        .join_from(claims, codes, of_claim)
        .where(codes.c.code.is_not(None))
        .subquery("output")
    )


def _with_output(tables: Tables, first_on: date, last_on: date) -> FromClause:
    """The claims that have an output of their own at all, with the stage that holds it."""
    claims, codes = weekly(tables, first_on, last_on), tables.codes.table
    stages = [
        func.max(case((codes.c.stage == stage.value, 1), else_=0)).label(stage.value)
        for stage in (Stage.AI_DRAFT, Stage.HUMAN, Stage.SUBMITTED)
    ]
    grouped = (
        select(codes.c.claim_id, *stages)
        .join_from(claims, codes, codes.c.claim_id == claims.c.claim_id)
        .where(codes.c.code.is_not(None))
        .group_by(codes.c.claim_id)
    )
    written = grouped.subquery("written")
    by_person = claims.c.coding_source == CodingSource.HUMAN.value
    own_stage = case(
        (and_(by_person, written.c.human > 0), Stage.HUMAN.value),
        (and_(not_(by_person), written.c.ai_draft > 0), Stage.AI_DRAFT.value),
        (written.c.submitted > 0, Stage.SUBMITTED.value),
    )
    question = select(*claims.c, own_stage.label("own_stage")).join_from(
        claims, written, written.c.claim_id == claims.c.claim_id
    )
    kept = question.where(own_stage.is_not(None))
    return tables.aside(("with_output", first_on, last_on), kept, "with_output")


def weekly(tables: Tables, first_on: date, last_on: date) -> FromClause:
    """The dated claims of a period, to be joined to what is counted of them."""
    return tables.aside(("weekly", first_on, last_on), dated_claims(tables, first_on, last_on), "weekly")


def dated_claims(tables: Tables, first_on: date, last_on: date) -> Select[*tuple[Any, ...]]:
    """The claims of known arms that count in a period, with the day and week that decide it, and their slices."""
    claims = tables.claims.table
    on: ColumnElement[date] = claims.c.served_on
    if "coded_on" in tables.claims.present:
        on = func.coalesce(claims.c.coded_on, claims.c.served_on, type_=Date())
    known = [source.value for source in CodingSource]
    dated = select(
        claims.c.claim_id,
        claims.c.coding_source,
        on.label("counted_on"),
        *(_slice(tables, name) for name in ("model_version", "specialty", "payer", "place_of_service")),
    ).where(claims.c.coding_source.in_(known))
    inner = dated.subquery("dated")
    kept = inner.c.counted_on.between(first_on, last_on)
    return select(inner, WeekStart(inner.c.counted_on).label("week_start")).where(kept)


def _slice(tables: Tables, name: str) -> ColumnElement[str]:
    column = tables.claims.table.c[name] if name in tables.claims.present else cast(null(), String)
    return column.label(name)
