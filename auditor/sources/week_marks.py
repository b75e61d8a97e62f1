"""Whether a week is as it was when it was counted: one mark a week over all that the counts of `weeks` rest on.

Far cheaper than counting: rows are hashed and added up where they are, nothing is ranked or grouped by code.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, FromClause, Select, func, select

from auditor.domain.chain import digest
from auditor.sources.canonical import Section
from auditor.sources.denial_tallies import decided
from auditor.sources.dialects import CheapKey
from auditor.sources.items import Tables
from auditor.sources.row_sums import RowSum
from auditor.sources.weeks import weekly

COUNTING = 1
"""Raise it when weeks are counted otherwise, so that those kept are counted again."""

_LINES = "codes"
_CLAIMS = ("charge_cents", "ai_confidence", "provider", "facility")
_CODES = ("claim_id", "stage", "code_system", "code", "modifiers", "paid_cents", "allowed_cents")


@dataclass(frozen=True, kw_only=True)
class WeekMark:
    """Two states of a week have one text where they are equal; `lines` is how many codes it holds."""

    text: str
    lines: int


@dataclass(frozen=True, kw_only=True)
class WeekMarks:
    """The mark of every week that holds anything, and the recipe by which its weeks are counted."""

    recipe: str
    marks: Mapping[date, WeekMark]


def _recipe(tables: Tables) -> str:
    """What decides how this source is counted, as one digest: its engine, mapping, columns, and our own counting."""
    sections = [each for each in (tables.claims, tables.codes, tables.remits) if each is not None]
    columns = {each.name: sorted(each.present) for each in sections}
    return digest(
        {
            "counting": COUNTING,
            "engine": tables.reader.dialect,
            "columns": columns,
            "mapping": tables.mapping.sections,
            "fragments": tables.mapping.fragments,
        }
    )


def mark_weeks(tables: Tables, first_on: date, last_on: date) -> WeekMarks:
    """The marks of a period. A claim has a part in several weeks: denials count in the week of their decision."""
    dated = weekly(tables, first_on, last_on)
    parts: list[tuple[str, Select[tuple[date, int, str]]]] = [
        ("claims", _of_claims(tables, dated)),
        (_LINES, _of_codes(tables, dated)),
    ]
    if tables.remits is not None and "decided_on" in tables.remits.present:
        parts.append(("remits", _of_remits(tables, tables.remits, first_on, last_on)))
    told: defaultdict[date, list[str]] = defaultdict(list)
    lines: dict[date, int] = {}
    for name, question in parts:
        for week, rows, total in tables.reader.rows(question):
            told[week].append(f"{name} {rows} {total}")
            if name == _LINES:
                lines[week] = rows
    marks = {week: WeekMark(text="; ".join(each), lines=lines.get(week, 0)) for week, each in told.items()}
    return WeekMarks(recipe=_recipe(tables), marks=marks)


def _of_claims(tables: Tables, dated: FromClause) -> Select[tuple[date, int, str]]:
    claims = tables.claims.table
    values = [*dated.c, *_present(tables.claims, _CLAIMS)]
    return _summed(dated, values).join_from(dated, claims, claims.c.claim_id == dated.c.claim_id)


def _of_codes(tables: Tables, dated: FromClause) -> Select[tuple[date, int, str]]:
    """Joined by a small key, which spares memory: where two ids share one, that is so every night."""
    codes = tables.codes.table
    question = _summed(dated, _present(tables.codes, _CODES))
    return question.join_from(dated, codes, CheapKey(codes.c.claim_id) == CheapKey(dated.c.claim_id))


def _of_remits(tables: Tables, remits: Section, first_on: date, last_on: date) -> Select[tuple[date, int, str]]:
    found = decided(tables, remits, first_on, last_on)
    return _summed(found, found.c).select_from(found)


def _summed(weekly: FromClause, values: Iterable[ColumnElement[object]]) -> Select[tuple[date, int, str]]:
    week = weekly.c.week_start
    return select(week, func.count(), RowSum(*values)).group_by(week)


def _present(section: Section, names: Iterable[str]) -> list[ColumnElement[object]]:
    return [section.table.c[name] for name in names if name in section.present]
