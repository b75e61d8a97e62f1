"""Validity of codes asked in the claims' own engine: for each code in use the days on which it was not valid travel
as values, and only lines on such days come back. Days on which nothing is known are counted, never taken for clean.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, select

from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.guidelines.tables import CodeState, CodeTables, GuidelineKind
from auditor.sources.breaches import Breach, breach, slices
from auditor.sources.coded_lines import Lines
from auditor.sources.items import Tables
from auditor.sources.line_usage import CodeUsage
from auditor.sources.listed import listed

RULE = "code_validity"
NO_EDITION = "no edition in force on the date of service"
INCOMPLETE = "the edition in force does not list every code"
UNKNOWN_SYSTEM = "code system without tables"
NO_DISCHARGE = "inpatient claim without a discharge date"

ICD = {"ICD-10-CM": GuidelineKind.ICD10CM, "ICD-10-PCS": GuidelineKind.ICD10PCS}
_WITHOUT_DATES = ("MS-DRG", "APR-DRG", "REVENUE")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Spell:
    """Days on which a code is at fault under an edition, or not judged for a reason."""

    system: str
    code: str
    first_on: date
    last_on: date
    edition: str | None
    reason: str | None


def code_breaches(
    tables: Tables, lines: Lines, usage: Sequence[CodeUsage], code_tables: CodeTables
) -> Iterator[Breach]:
    """Every line whose code was not valid on its day."""
    spells = [each for each in _spells(usage, code_tables) if each.edition]
    if not spells:
        return
    named = _listed_spells(tables.reader.dialect, spells)
    question = select(lines.c.claim_id, named.c.number, *slices(lines)).join_from(lines, named, _on(lines, named))
    for row in tables.reader.stream(question.where(lines.c.judged == 1)):
        spell = spells[row.number]
        yield breach(row, rule=RULE, codes=(spell.code,), edition=spell.edition or "")


def code_gaps(tables: Tables, lines: Lines, usage: Sequence[CodeUsage], code_tables: CodeTables) -> dict[str, int]:
    """How many claims hold a code that could not be judged, by reason."""
    spells = [each for each in _spells(usage, code_tables) if each.reason]
    found: dict[str, int] = {}
    if spells:
        named = _listed_spells(tables.reader.dialect, spells)
        claims = func.count(func.distinct(lines.c.claim_id))
        counted = select(named.c.reason, claims).join_from(lines, named, _on(lines, named)).group_by(named.c.reason)
        found = dict(tables.reader.rows(counted.where(lines.c.judged == 1)))
    undated = _claims_where(tables, lines, lines.c.coding_day.is_(None), lines.c.system.in_(list(ICD)))
    return {reason: count for reason, count in (*found.items(), (NO_DISCHARGE, undated)) if count}


def _claims_where(tables: Tables, lines: Lines, *conditions: ColumnElement[bool]) -> int:
    counted = select(func.count(func.distinct(lines.c.claim_id))).where(lines.c.judged == 1, *conditions)
    return int(tables.reader.rows(counted)[0][0])


def _on(lines: Lines, spells: Subquery) -> ColumnElement[bool]:
    on: Any = case((lines.c.system.in_(list(ICD)), lines.c.coding_day), else_=lines.c.day)
    return and_(
        spells.c.spell_system == lines.c.system,
        spells.c.spell_code == lines.c.code,
        on.between(spells.c.first_on, spells.c.last_on),
    )


def _listed_spells(dialect: str, spells: Sequence[_Spell]) -> Subquery:
    return listed(
        dialect,
        "spells",
        {
            "spell_system": [each.system for each in spells],
            "spell_code": [each.code for each in spells],
            "first_on": [each.first_on for each in spells],
            "last_on": [each.last_on for each in spells],
            "reason": [each.reason or "" for each in spells],
            "number": list(range(len(spells))),
        },
    )


def _spells(usage: Sequence[CodeUsage], tables: CodeTables) -> Iterator[_Spell]:
    """The days in use of every code, cut where something begins or ends, each part that is not plainly valid."""
    days: dict[tuple[str, str], tuple[date, date]] = {}
    for each in usage:
        if each.first_on and each.last_on and each.system not in _WITHOUT_DATES:
            first_on, last_on = days.get((each.system, each.code), (each.first_on, each.last_on))
            days[each.system, each.code] = min(first_on, each.first_on), max(last_on, each.last_on)
    for (system, code), (first_on, last_on) in days.items():
        for begins_on, ends_on in _parts(system, code, (first_on, last_on), tables):
            edition, reason = _verdict(system, code, begins_on, tables)
            if edition or reason:
                yield _Spell(system, code, begins_on, ends_on, edition, reason)


def _parts(system: str, code: str, days: tuple[date, date], tables: CodeTables) -> Iterator[tuple[date, date]]:
    first_on, last_on = days
    entries = (
        *(one for one in tables.editions if one.kind is _kind(system, code)),
        *tables.terms.get((_listed_system(system), code), ()),
        *tables.fees.get(code, ()),
    )
    cuts = {first_on}
    for entry in entries:
        after = entry.last_on + _DAY if entry.last_on < date.max else date.max
        cuts |= {on for on in (entry.first_on, after) if first_on < on <= last_on}
    ordered = sorted(cuts)
    yield from zip(ordered, [*(on - _DAY for on in ordered[1:]), last_on], strict=True)


def _kind(system: str, code: str) -> GuidelineKind | None:
    if system in ICD:
        return ICD[system]
    if system != PROCEDURE_FAMILY:
        return None
    return GuidelineKind.HCPCS if code[:1].isalpha() else GuidelineKind.PFS


def _listed_system(system: str) -> str:
    return "HCPCS" if system == PROCEDURE_FAMILY else system


def _verdict(system: str, code: str, on: date, tables: CodeTables) -> tuple[str | None, str | None]:
    """The edition under which a code is at fault on a day, or the reason why nobody can tell; neither when valid."""
    kind = _kind(system, code)
    if kind is None:
        return None, UNKNOWN_SYSTEM
    if kind is GuidelineKind.PFS and code not in tables.fees:
        return None, UNKNOWN_SYSTEM
    edition = tables.edition(kind, on)
    if edition is None:
        return None, NO_EDITION
    if kind is GuidelineKind.PFS:
        return (None if tables.fee(code, on=on) else edition.edition), None
    term = tables.term(_listed_system(system), code, on=on)
    if term is None:
        return (edition.edition, None) if edition.complete else (None, INCOMPLETE)
    return (None if term.state is CodeState.VALID else term.edition), None
