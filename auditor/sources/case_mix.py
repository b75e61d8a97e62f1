"""How often some codes and modifiers stand on claims of each specialty, payer and place of service, week by week.

Asked for what has moved alone, so that a change of the patients can be told from a change of the coding.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from auditor.domain.claims import CodingSource
from auditor.domain.codes import normal_modifiers
from auditor.sources.items import Tables
from auditor.sources.weeks import week_output

Cell = tuple[str | None, str | None, str | None]
"""Specialty, payer and place of service."""

_CELL = ("specialty", "payer", "place_of_service")


@dataclass(frozen=True, kw_only=True)
class MixQuestion:
    """Which codes (in normal form) and modifiers are asked for, over which days, both ends included."""

    first_on: date
    last_on: date
    codes: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MixCount:
    """Lines of one week, arm and cell that carry a code with these modifiers."""

    week_start: date
    coding_source: CodingSource
    model_version: str | None
    cell: Cell
    code: str
    modifiers: tuple[str, ...]
    lines: int


def count_mix(tables: Tables, question: MixQuestion) -> tuple[MixCount, ...]:
    """The lines asked for, grouped in the engine."""
    output = week_output(tables, question.first_on, question.last_on)
    wanted: list[ColumnElement[bool]] = []
    if question.codes:
        wanted.append(output.c.code.in_(question.codes))
    wanted += [output.c.modifiers.contains(modifier, autoescape=True) for modifier in question.modifiers]
    if not wanted:
        return ()
    names = ("week_start", "coding_source", "model_version", *_CELL, "code", "modifiers")
    by = [output.c[name] for name in names]
    rows = tables.reader.rows(select(*by, func.count()).where(or_(*wanted)).group_by(*by))
    return tuple(
        MixCount(
            week_start=row[0],
            coding_source=CodingSource(row[1]),
            model_version=row[2],
            cell=(row[3], row[4], row[5]),
            code=row[6],
            modifiers=normal_modifiers(row[7]),
            lines=int(row[8]),
        )
        for row in rows
    )
