"""Medically unlikely edits asked in the claims' own engine: lines above their limit, and days above theirs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Select, Subquery, and_, func, select

from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.guidelines.tables import CodeTables, MueLimit
from auditor.sources.breaches import Breach, breach, slices
from auditor.sources.coded_lines import Lines, often
from auditor.sources.listed import listed

RULE = "mue"

Limits = list[tuple[str, MueLimit]]

_BY_LINE = 1
_DAY_AND_CODE = ("day_key", "code")


def unit_questions(dialect: str, lines: Lines, code_tables: CodeTables) -> Mapping[str, tuple[Limits, Any]]:
    """Lines above their limit, and codes of a day above theirs, each beside the limits that its answer counts."""
    limits = [(setting.value, each) for (setting, _), spells in code_tables.mue.items() for each in spells]
    by_line = [one for one in limits if one[1].adjudication == _BY_LINE]
    by_day = [one for one in limits if one[1].adjudication != _BY_LINE]
    asked: dict[str, tuple[Limits, Any]] = {}
    if by_line:
        asked["units_of_lines"] = by_line, _lines_above(lines, listed_limits(dialect, "line_limits", by_line))
    if by_day:
        asked["units_of_days"] = by_day, _days_above(lines, listed_limits(dialect, "day_limits", by_day))
    return asked


def unit_breaches(rows: Iterable[Any], limits: Limits) -> Iterator[Breach]:
    """Lines, or codes of a day, above their limit; the claim is that with most units."""
    for row in rows:
        limit = limits[row.number][1]
        yield breach(row, rule=RULE, codes=(limit.code,), edition=limit.edition)


def listed_limits(dialect: str, name: str, limits: Limits) -> Subquery:
    """Limits as a table of a question."""
    return listed(
        dialect,
        name,
        {
            "limit_setting": [setting for setting, _ in limits],
            "limit_code": [each.code for _, each in limits],
            "most": [each.units for _, each in limits],
            "first_on": [each.first_on for _, each in limits],
            "last_on": [each.last_on for _, each in limits],
            "number": list(range(len(limits))),
        },
    )


def limited(lines: Lines, limits: Subquery) -> Any:
    """Whether a limit is of a line's code, setting and day."""
    return and_(
        *often(lines.c.system == PROCEDURE_FAMILY),
        limits.c.limit_setting == lines.c.setting,
        limits.c.limit_code == lines.c.code,
        lines.c.day.between(limits.c.first_on, limits.c.last_on),
    )


def _lines_above(lines: Lines, limits: Subquery) -> Select[*tuple[Any, ...]]:
    return (
        select(lines.c.claim_id, limits.c.number, *slices(lines))
        .join_from(lines, limits, limited(lines, limits))
        .where(*often(lines.c.judged == 1), lines.c.units > limits.c.most)
    )


def _days_above(lines: Lines, limits: Subquery) -> Select[*tuple[Any, ...]]:
    """Days are summed first; only lines of those above their limit are ranked, the most units first."""
    keys = [lines.c[name] for name in _DAY_AND_CODE]
    above = (
        select(*keys, limits.c.number)
        .join_from(lines, limits, limited(lines, limits))
        .group_by(*keys, limits.c.number, limits.c.most)
        .having(func.sum(lines.c.units) > limits.c.most)
        .subquery("above")
    )
    place = func.row_number().over(
        partition_by=[above.c[name] for name in (*_DAY_AND_CODE, "number")],
        order_by=[func.coalesce(lines.c.units, 0).desc(), lines.c.claim_id, lines.c.sequence],
    )
    of_day = and_(
        *often(lines.c.system == PROCEDURE_FAMILY), *(lines.c[name] == above.c[name] for name in _DAY_AND_CODE)
    )
    ranked = (
        select(lines.c.claim_id, lines.c.judged, above.c.number, *slices(lines), place.label("place"))
        .join_from(lines, above, of_day)
        .subquery("ranked")
    )
    return select(ranked).where(ranked.c.place == 1, ranked.c.judged == 1)
