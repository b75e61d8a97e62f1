"""How often some codes and modifiers stand on claims of each specialty, payer and place of service, week by week.

Asked for what has moved alone, so that a change of the patients can be told from a change of the coding.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

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
    return _merged(rows)


def _merged(rows: Iterable[Any]) -> tuple[MixCount, ...]:
    """One count where the engine had several, since `25` and `25,,` are the same modifiers."""
    merged: Counter[tuple[Any, ...]] = Counter()
    for week, arm, version, specialty, payer, place, code, modifiers, lines in rows:
        merged[week, arm, version, (specialty, payer, place), code, normal_modifiers(modifiers)] += lines
    return tuple(
        MixCount(
            week_start=week,
            coding_source=CodingSource(arm),
            model_version=version,
            cell=cell,
            code=code,
            modifiers=modifiers,
            lines=lines,
        )
        for (week, arm, version, cell, code, modifiers), lines in merged.items()
    )
