"""What the rules of a day could not judge, counted by claim: no edition, no patient, no provider, no units."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, and_, case, false, func, not_, or_, select

from auditor.domain.claims import CodingSource
from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.guidelines.tables import CodeTables, EditionSpell, GuidelineKind, Setting
from auditor.sources.code_question import NO_EDITION
from auditor.sources.coded_lines import UNKNOWN_SETTING, Lines, LinesWanted, often
from auditor.sources.items import Tables
from auditor.sources.unit_question import limited, listed_limits

UNKNOWN_CLAIM_TYPE = "unknown claim type"
NO_PATIENT = "no patient"
NO_PROVIDER = "no provider"
NO_UNITS = "no units"
NO_DATE = "no date of service"
NO_ARM = "no known coding source"
EVERY_RULE = "every rule"
GAPS, WITHOUT_UNITS = "day_gaps", "without_units"

_RULES = {
    "ncci_ptp": GuidelineKind.NCCI_PTP,
    "mue": GuidelineKind.NCCI_MUE,
    "addon_without_primary": GuidelineKind.ADDON,
}
_SHARED = (UNKNOWN_CLAIM_TYPE, NO_PATIENT, NO_PROVIDER)
_COUNTED = (*_SHARED, *_RULES)
_DAY = timedelta(days=1)


def claims_left_out(tables: Tables, wanted: LinesWanted) -> dict[str, int]:
    """Claims that no rule looks at, by reason: those without a date of service, whatever the period, and those of the
    period without a known coding source."""
    claims = tables.claims.table
    known = func.coalesce(claims.c.coding_source, "").in_([source.value for source in CodingSource])
    conditions = {
        NO_DATE: claims.c.served_on.is_(None),
        NO_ARM: and_(claims.c.served_on.between(wanted.first_on, wanted.last_on), not_(known)),
    }
    counts = (func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions.values())
    totals = tables.reader.rows(select(*counts))[0]
    return {reason: int(total) for reason, total in zip(conditions, totals, strict=True) if total}


def gap_questions(dialect: str, lines: Lines, code_tables: CodeTables) -> dict[str, Any]:
    """What asks how many claims the rules of a day could not judge, and how many had no units to judge."""
    asked: dict[str, Any] = {GAPS: _gaps(lines, code_tables)}
    limits = [(setting.value, each) for (setting, _), spells in code_tables.mue.items() for each in spells]
    if limits:
        asked[WITHOUT_UNITS] = _without_units(lines, listed_limits(dialect, "limits", limits))
    return asked


def day_gaps(totals: Any) -> dict[str, dict[str, int]]:
    """{rule: {reason: claims}} for the rules that look at a day, from the one row of `GAPS`."""
    found = {name: int(total) for name, total in zip(_COUNTED, totals, strict=True)}
    shared = {reason: found[reason] for reason in _SHARED if found[reason]}
    gaps = {rule: {**shared, **({NO_EDITION: found[rule]} if found[rule] else {})} for rule in _RULES}
    return {rule: reasons for rule, reasons in gaps.items() if reasons}


def _gaps(lines: Lines, code_tables: CodeTables) -> Select[*tuple[Any, ...]]:
    in_setting = lines.c.setting.in_([setting.value for setting in Setting])
    conditions = (
        lines.c.setting == UNKNOWN_SETTING,
        and_(in_setting, lines.c.has_patient == 0),
        and_(in_setting, lines.c.has_patient == 1, lines.c.whole == 0),
        *(and_(in_setting, _uncovered(lines, kind, code_tables)) for kind in _RULES.values()),
    )
    marks = [func.max(case((condition, 1), else_=0)).label(f"n{at}") for at, condition in enumerate(conditions)]
    by_claim = (
        select(*marks)
        .where(*often(lines.c.judged == 1, lines.c.system == PROCEDURE_FAMILY))
        .group_by(lines.c.claim_id)
    )
    claims = by_claim.subquery("by_claim")
    totals = (func.coalesce(func.sum(mark), 0, type_=BigInteger()).label(mark.key) for mark in claims.c)
    return select(*totals)


def _uncovered(lines: Lines, kind: GuidelineKind, tables: CodeTables) -> ColumnElement[bool]:
    """Days on which no edition of a list is in force, for each setting."""
    conditions = []
    for setting in Setting:
        named = setting if kind is not GuidelineKind.ADDON else None
        spells = [one for one in tables.editions if one.kind is kind and one.setting is named]
        for first_on, last_on in _between(spells):
            conditions.append(and_(lines.c.setting == setting.value, lines.c.day.between(first_on, last_on)))
    return or_(*conditions) if conditions else false()


def _between(spells: Iterable[EditionSpell]) -> list[tuple[date, date]]:
    free, found = date.min, []
    for spell in sorted(spells, key=lambda one: one.first_on):
        if spell.first_on > free:
            found.append((free, spell.first_on - _DAY))
        if spell.last_on == date.max:
            return found
        free = max(free, spell.last_on + _DAY)
    return [*found, (free, date.max)]


def _without_units(lines: Lines, limits: Subquery) -> Select[*tuple[Any, ...]]:
    claims = func.count(func.distinct(lines.c.claim_id)).label("claims")
    question = select(claims).join_from(lines, limits, limited(lines, limits))
    return question.where(lines.c.units.is_(None), *often(lines.c.judged == 1))
