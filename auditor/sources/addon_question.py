"""Add-on codes asked in the claims' own engine: only those come back beside which no primary stands."""

from typing import Any

from sqlalchemy import FromClause, Select, Subquery, and_, case, func, select

from auditor.guidelines.tables import CONTRACTOR_DEFINED, AddonPrimary, CodeTables, Setting
from auditor.sources.breaches import Breach, breach, slices
from auditor.sources.coded_lines import SLICES, Lines, often, same_day, twice
from auditor.sources.listed import listed

RULE = "addon_without_primary"
OF_A_COLLEAGUE = "a colleague of the group may have billed the primary"
OF_A_CONTRACTOR = "primary codes are left to the contractor"

_NEEDED = ("claim_id", "sequence", "modifiers", "units", "judged", "day", "whole", "setting", *SLICES)
_ALL_LISTED = 1
_OF_A_GROUP = {"99292"}  # critical care: a colleague of the same group and specialty may bill the first hour


def addon_question(dialect: str, lines: Lines, code_tables: CodeTables) -> Select[*tuple[Any, ...]] | None:
    """Add-ons beside which no primary stands; None where no add-on is in use."""
    pairs = [each for spells in code_tables.addons.values() for each in spells]
    return _question(dialect, twice(lines, _NEEDED), pairs) if pairs else None


def addon_breach(row: Any, code_tables: CodeTables) -> Breach | str | None:
    """The breach of an add-on without a primary; or, where that is for others to say, the reason."""
    known = code_tables.primaries(row.code, on=row.day)
    if not known:
        return None
    reason = _for_others(row.code, known, carriers=bool(row.carriers))
    return reason or breach(row, rule=RULE, codes=(row.code,), edition=known[0].edition)


def _question(
    dialect: str, lines: tuple[FromClause, FromClause], pairs: list[AddonPrimary]
) -> Select[*tuple[Any, ...]]:
    primaries, addons = _primaries(dialect, pairs), _addons(dialect, pairs)
    one, other = lines
    pairing = primaries.c.pairing == one.c.code + " " + other.c.code
    is_primary = and_(pairing, one.c.day.between(primaries.c.first_on, primaries.c.last_on))
    is_addon = and_(addons.c.addon == other.c.code, other.c.day.between(addons.c.first_on, addons.c.last_on))
    line = (one.c.claim_id, one.c.sequence, one.c.code, one.c.modifiers, one.c.units, one.c.day, *slices(one))
    carriers = func.max(case((addons.c.addon.is_(None), 1), else_=0)).label("carriers")
    return (
        select(*line, carriers)
        .select_from(one)
        .join(other, same_day(one, other))
        .outerjoin(primaries, is_primary)
        .outerjoin(addons, is_addon)
        .where(
            *often(one.c.whole == 1, one.c.judged == 1),
            *often(one.c.setting.in_([setting.value for setting in Setting])),
            one.c.code.in_(select(_codes(dialect, pairs).c.code)),
        )
        .group_by(*line)
        .having(func.max(case((primaries.c.pairing.is_not(None), 1), else_=0)) == 0)
    )


def _for_others(code: str, known: tuple[AddonPrimary, ...], *, carriers: bool) -> str | None:
    if code in _OF_A_GROUP:
        return OF_A_COLLEAGUE
    is_open = any(each.primary == CONTRACTOR_DEFINED or each.edit_type != _ALL_LISTED for each in known)
    return OF_A_CONTRACTOR if is_open and carriers else None


def _primaries(dialect: str, pairs: list[AddonPrimary]) -> Subquery:
    return listed(
        dialect,
        "primaries",
        {
            "pairing": [f"{each.code} {each.primary}" for each in pairs],
            "first_on": [each.first_on for each in pairs],
            "last_on": [each.last_on for each in pairs],
        },
    )


def _codes(dialect: str, pairs: list[AddonPrimary]) -> Subquery:
    return listed(dialect, "addon_codes", {"code": sorted({each.code for each in pairs})})


def _addons(dialect: str, pairs: list[AddonPrimary]) -> Subquery:
    spells = sorted({(each.code, each.first_on, each.last_on) for each in pairs})
    return listed(
        dialect,
        "addons",
        {
            "addon": [code for code, _, _ in spells],
            "first_on": [first_on for _, first_on, _ in spells],
            "last_on": [last_on for _, _, last_on in spells],
        },
    )
