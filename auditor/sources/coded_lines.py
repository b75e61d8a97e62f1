"""The lines that guidelines judge, as one SELECT: each claim's own coding, with the day that it belongs to.

A claim's own coding is what its arm wrote: the AI's draft where there is one, the human's coding for the human arm,
else what was submitted. A day is one patient, one provider, one date and one NCCI setting; a line without patient or
provider shares its day with lines of its own claim only. Knows no guideline.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    String,
    TableClause,
    and_,
    case,
    cast,
    column,
    false,
    func,
    null,
    or_,
    select,
    table,
)

from auditor.domain.claims import CodingSource, Stage
from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.guidelines.tables import SETTINGS, Setting
from auditor.sources.dialects import DayKey, WeekStart
from auditor.sources.items import Tables
from auditor.sources.together import EMBEDDED

Lines = CTE | TableClause

UNKNOWN_SETTING = "unknown"
NO_SETTING = "none"
SLICES = ("week_on", "served_week_on", "coding_source", "model_version", "provider", "payer")

_PROCEDURES = ("CPT", "HCPCS")
_BETWEEN = "\x1f"  # stands in no identifier
_STAYS = ("inpatient", "skilled nursing")
# PostgreSQL cannot know how many rows such lines have, takes them for few and would compare each with each.
_POSTGRESQL = dict.fromkeys(("enable_nestloop", "enable_mergejoin", "enable_sort", "jit"), "off") | {
    "work_mem": "'64MB'"
}
_CONTEXT = timedelta(days=31)  # a claim's lines may be served this long after it begins


@dataclass(frozen=True, kw_only=True)
class LinesWanted:
    """Claims by date of service, both ends included; and the stage to judge, each claim's own coding where None."""

    first_on: date
    last_on: date
    stage: Stage | None = None


def coded_lines(tables: Tables, wanted: LinesWanted) -> Lines:
    """One row a code: claim_id, sequence, system, code, modifiers, units, the day and its key, judged, slices."""
    claims, codes = tables.claims.table, tables.codes.table
    kind = func.lower(func.trim(func.coalesce(_claim(tables, "claim_type"), "")))
    setting = _setting(kind)
    rendered = func.coalesce(_text(_code(tables, "provider")), _text(_claim(tables, "provider")))
    outpatient = setting == Setting.OUTPATIENT.value
    billed_by = case((outpatient, func.coalesce(_text(_claim(tables, "facility")), rendered)), else_=rendered)
    patient = _text(_claim(tables, "patient_id"))
    whole = and_(patient.is_not(None), billed_by.is_not(None))
    system = func.upper(func.trim(codes.c.code_system))
    served_on = func.coalesce(_code(tables, "served_on", Date()), claims.c.served_on, type_=Date())
    judged = claims.c.served_on.between(wanted.first_on, wanted.last_on)
    counted_on = func.coalesce(_claim(tables, "coded_on", Date()), claims.c.served_on, type_=Date())
    marks = case((whole, _joined(billed_by, setting)), else_=_joined(func.coalesce(billed_by, ""), setting, ""))
    chosen = (
        select(
            codes.c.claim_id,
            codes.c.sequence,
            case((system.in_(_PROCEDURES), PROCEDURE_FAMILY), else_=system).label("system"),
            func.upper(func.replace(func.trim(codes.c.code), ".", "")).label("code"),
            func.coalesce(_code(tables, "modifiers"), "").label("modifiers"),
            _code(tables, "units", Integer()).label("units"),
            DayKey(_joined(case((whole, patient), else_=codes.c.claim_id), marks, served_on)).label("day_key"),
            case((whole, 1), else_=0).label("whole"),
            served_on.label("day"),
            setting.label("setting"),
            case((kind.in_(_STAYS), _claim(tables, "discharged_on", Date())), else_=served_on).label("coding_day"),
            case((patient.is_not(None), 1), else_=0).label("has_patient"),
            case((judged, 1), else_=0).label("judged"),
            WeekStart(counted_on).label("week_on"),
            WeekStart(claims.c.served_on).label("served_week_on"),
            claims.c.coding_source,
            *(_claim(tables, name).label(name) for name in ("model_version", "provider", "payer")),
        )
        .join_from(codes, claims, claims.c.claim_id == codes.c.claim_id)
        .where(*_conditions(tables, wanted, served_on, judged))
    )
    return _kept(tables, chosen)


def _kept(tables: Tables, chosen: Select[*tuple[Any, ...]]) -> Lines:
    """The lines where questions find them: embedded engines keep them aside in their own memory or temporary folder,
    never in the source; others read them anew for each question, once."""
    dialect = tables.reader.dialect
    if dialect == "postgresql":
        tables.reader.tune(_POSTGRESQL)
    if dialect not in EMBEDDED:
        return chosen.cte("coded_lines")
    name = tables.reader.keep("coded_lines", chosen)
    return table(name, *(column(each.name, each.type) for each in chosen.selected_columns))


def same_day(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Whether two lines are of one day."""
    return one.c.day_key == other.c.day_key


def often(*conditions: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """Conditions that most lines meet, said so that PostgreSQL, without statistics of computed columns, does not take
    them for rare: it would hash millions of lines where it should hash a short list."""
    return [func.coalesce(condition, false()) for condition in conditions]


def twice(lines: Lines, needed: Collection[str], *conditions: ColumnElement[bool]) -> tuple[FromClause, FromClause]:
    """The procedure lines under two names, with their code, their day's key and the columns needed."""
    columns = [lines.c[name] for name in dict.fromkeys(("code", "day_key", *needed))]
    some = select(*columns).where(*often(lines.c.system == PROCEDURE_FAMILY, *conditions))
    return some.subquery("one"), some.subquery("other")


def _conditions(
    tables: Tables, wanted: LinesWanted, served_on: ColumnElement[date], judged: ColumnElement[bool]
) -> list[ColumnElement[bool]]:
    claims, codes = tables.claims.table, tables.codes.table
    known = claims.c.coding_source.in_([source.value for source in CodingSource])
    conditions = [codes.c.code.is_not(None), *often(known, _of_stage(tables, wanted.stage))]
    if "served_on" not in tables.codes.present:
        return [*conditions, judged]
    near = claims.c.served_on.between(_earlier(wanted.first_on), _later(wanted.last_on))
    return [*conditions, near, or_(judged, served_on >= wanted.first_on)]


def _of_stage(tables: Tables, stage: Stage | None) -> ColumnElement[bool]:
    """The stage that was named, or what the claim's arm wrote, or without that what was submitted."""
    claims, codes = tables.claims.table, tables.codes.table
    if stage is not None:
        return codes.c.stage == stage.value
    mine = case((claims.c.coding_source == CodingSource.HUMAN.value, Stage.HUMAN.value), else_=Stage.AI_DRAFT.value)
    if not _drafts(tables):
        return codes.c.stage == Stage.SUBMITTED.value
    other = codes.alias("own")
    own: Select[*tuple[Any, ...]] = select(other.c.claim_id).where(
        other.c.claim_id == codes.c.claim_id, other.c.stage == mine, other.c.code.is_not(None)
    )
    return or_(codes.c.stage == mine, and_(codes.c.stage == Stage.SUBMITTED.value, ~own.exists()))


def _drafts(tables: Tables) -> bool:
    """Whether the source has any coding beside the submitted one; where not, a cheaper question does."""
    codes = tables.codes.table
    drafted = select(codes.c.stage).where(codes.c.stage.in_([Stage.AI_DRAFT.value, Stage.HUMAN.value])).limit(1)
    return bool(tables.reader.rows(drafted))


def _setting(kind: ColumnElement[str]) -> ColumnElement[str]:
    named: dict[str, list[str]] = {}
    for claim_type, setting in SETTINGS.items():
        named.setdefault(setting.value if setting else NO_SETTING, []).append(claim_type)
    return case(*((kind.in_(types), setting) for setting, types in named.items()), else_=UNKNOWN_SETTING)


def _joined(*values: Any) -> ColumnElement[str]:
    joined: ColumnElement[str] = cast(values[0], String)
    for value in values[1:]:
        joined = joined + _BETWEEN + (value if isinstance(value, str) else cast(value, String))
    return joined


def _text(value: ColumnElement[str]) -> ColumnElement[str]:
    return func.nullif(value, "", type_=String())


def _claim(tables: Tables, name: str, kind: Any = None) -> ColumnElement[Any]:
    present = name in tables.claims.present
    return tables.claims.table.c[name] if present else cast(null(), kind or String())


def _code(tables: Tables, name: str, kind: Any = None) -> ColumnElement[Any]:
    present = name in tables.codes.present
    return tables.codes.table.c[name] if present else cast(null(), kind or String())


def _earlier(day: date) -> date:
    return day - _CONTEXT if day - date.min > _CONTEXT else date.min


def _later(day: date) -> date:
    return day + _CONTEXT if date.max - day > _CONTEXT else date.max
