"""Validity of codes asked in the claims' own engine: for each code in use the days on which it was not valid travel
as values, and only lines on such days come back. Days on which nothing is known are counted, never taken for clean.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, select

from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.guidelines.tables import CodeState, CodeTables, GuidelineKind
from auditor.sources.breaches import Breach, breach, slices
from auditor.sources.coded_lines import Lines, often
from auditor.sources.line_usage import CodeUsage
from auditor.sources.listed import listed

RULE = "code_validity"
NO_EDITION = "no edition in force on the date of service"
INCOMPLETE = "the edition in force does not list every code"
UNKNOWN_SYSTEM = "code system without tables"
NO_DISCHARGE = "inpatient claim without a discharge date"

ICD = {"ICD-10-CM": GuidelineKind.ICD10CM, "ICD-10-PCS": GuidelineKind.ICD10PCS}
INVALID, UNJUDGED, UNDATED = "invalid_codes", "unjudged_codes", "undated_codes"
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


Spells = Sequence[_Spell]


def code_questions(
    dialect: str, lines: Lines, usage: Sequence[CodeUsage], code_tables: CodeTables
) -> tuple[Spells, dict[str, Any]]:
    """What asks for lines whose code was not valid on their day, and for claims that could not be judged."""
    spells = list(_spells(usage, code_tables))
    at_fault, unjudged = [one for one in spells if one.edition], [one for one in spells if one.reason]
    asked: dict[str, Any] = {UNDATED: _undated(lines)}
    if at_fault:
        asked[INVALID] = _invalid(lines, _listed_spells(dialect, INVALID, at_fault))
    if unjudged:
        asked[UNJUDGED] = _unjudged(lines, _listed_spells(dialect, UNJUDGED, unjudged))
    return at_fault, asked


def code_breaches(rows: Iterable[Any], spells: Spells) -> Iterator[Breach]:
    """Lines whose code was not valid on their day."""
    for row in rows:
        spell = spells[row.number]
        yield breach(row, rule=RULE, codes=(spell.code,), edition=spell.edition or "")


def _invalid(lines: Lines, named: Subquery) -> Select[*tuple[Any, ...]]:
    question = select(lines.c.claim_id, named.c.number, *slices(lines)).join_from(lines, named, _on(lines, named))
    return question.where(*often(lines.c.judged == 1))


def _unjudged(lines: Lines, named: Subquery) -> Select[*tuple[Any, ...]]:
    """How many claims hold a code that could not be judged, by reason."""
    found = select(named.c.reason, lines.c.claim_id).join_from(lines, named, _on(lines, named))
    claims = found.where(*often(lines.c.judged == 1)).distinct().subquery("claims_unjudged")
    return select(claims.c.reason, func.count().label("claims")).group_by(claims.c.reason)


def _undated(lines: Lines) -> Select[*tuple[Any, ...]]:
    claims = func.count(func.distinct(lines.c.claim_id)).label("claims")
    without = (lines.c.coding_day.is_(None), lines.c.system.in_(list(ICD)))
    return select(literal(NO_DISCHARGE).label("reason"), claims).where(lines.c.judged == 1, *without)


def _on(lines: Lines, spells: Subquery) -> ColumnElement[bool]:
    on: Any = case((lines.c.system.in_(list(ICD)), lines.c.coding_day), else_=lines.c.day)
    return and_(
        spells.c.spell_system == lines.c.system,
        spells.c.spell_code == lines.c.code,
        on.between(spells.c.first_on, spells.c.last_on),
    )


def _listed_spells(dialect: str, name: str, spells: Sequence[_Spell]) -> Subquery:
    return listed(
        dialect,
        name,
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
