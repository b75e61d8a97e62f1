"""What the rules of a day could not judge, counted by claim: no edition, no patient, no provider, no units."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.guidelines.tables import CodeTables, EditionSpell, GuidelineKind, Setting
from auditor.sources.code_question import NO_EDITION
from auditor.sources.coded_lines import UNKNOWN_SETTING, Lines
from auditor.sources.items import Tables
from auditor.sources.listed import listed

UNKNOWN_CLAIM_TYPE = "unknown claim type"
NO_PATIENT = "no patient"
NO_PROVIDER = "no provider"
NO_UNITS = "no units"

_RULES = {
    "ncci_ptp": GuidelineKind.NCCI_PTP,
    "mue": GuidelineKind.NCCI_MUE,
    "addon_without_primary": GuidelineKind.ADDON,
}
_DAY = timedelta(days=1)


def day_gaps(tables: Tables, lines: Lines, code_tables: CodeTables) -> dict[str, dict[str, int]]:
    """{rule: {reason: claims}} for the rules that look at a day."""
    judged_settings = [setting.value for setting in Setting]
    in_setting = lines.c.setting.in_(judged_settings)
    counted = {
        UNKNOWN_CLAIM_TYPE: lines.c.setting == UNKNOWN_SETTING,
        NO_PATIENT: and_(in_setting, lines.c.has_patient == 0),
        NO_PROVIDER: and_(in_setting, lines.c.has_patient == 1, lines.c.whole == 0),
        **{rule: and_(in_setting, _uncovered(lines, kind, code_tables)) for rule, kind in _RULES.items()},
    }
    marks = [func.max(case((condition, 1), else_=0)).label(f"n{at}") for at, condition in enumerate(counted.values())]
    by_claim = (
        select(*marks).where(lines.c.judged == 1, lines.c.system == PROCEDURE_FAMILY).group_by(lines.c.claim_id)
    )
    claims = by_claim.subquery("by_claim")
    totals = tables.reader.rows(select(*(func.coalesce(func.sum(mark), 0) for mark in claims.c)))[0]
    found = {name: int(total) for name, total in zip(counted, totals, strict=True)}
    shared = {reason: found[reason] for reason in (UNKNOWN_CLAIM_TYPE, NO_PATIENT, NO_PROVIDER) if found[reason]}
    gaps = {rule: {**shared, **({NO_EDITION: found[rule]} if found[rule] else {})} for rule in _RULES}
    if without_units := _without_units(tables, lines, code_tables):
        gaps["mue"][NO_UNITS] = without_units
    return {rule: reasons for rule, reasons in gaps.items() if reasons}


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


def _without_units(tables: Tables, lines: Lines, code_tables: CodeTables) -> int:
    limits = [(setting.value, each) for (setting, _), spells in code_tables.mue.items() for each in spells]
    if not limits:
        return 0
    columns: dict[str, list[Any]] = {
        "limit_setting": [setting for setting, _ in limits],
        "limit_code": [each.code for _, each in limits],
        "first_on": [each.first_on for _, each in limits],
        "last_on": [each.last_on for _, each in limits],
    }
    named = listed(tables.reader.dialect, "limits", columns)
    limited = and_(
        named.c.limit_setting == lines.c.setting,
        named.c.limit_code == lines.c.code,
        lines.c.day.between(named.c.first_on, named.c.last_on),
    )
    question = (
        select(func.count(func.distinct(lines.c.claim_id)))
        .join_from(lines, named, limited)
        .where(lines.c.units.is_(None), lines.c.judged == 1, lines.c.system == PROCEDURE_FAMILY)
    )
    return int(tables.reader.rows(question)[0][0])
