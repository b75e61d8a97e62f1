"""Medically unlikely edits asked in the claims' own engine: lines above their limit, and days above theirs."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import CTE, Select, Subquery, and_, func, select

from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.guidelines.tables import CodeTables, MueLimit
from auditor.sources.breaches import Breach, breach, slices
from auditor.sources.coded_lines import DAY_KEY, SLICES, Lines, portions
from auditor.sources.items import Tables
from auditor.sources.listed import listed

RULE = "mue"

_BY_LINE = 1
_NEEDED = ("code", *DAY_KEY, "claim_id", "sequence", "units", "judged", *SLICES)


def unit_breaches(tables: Tables, lines: Lines, code_tables: CodeTables) -> Iterator[Breach]:
    """Every line, and every code of a day, with more units than its limit; the claim is that with most units."""
    limits = [(setting.value, each) for (setting, _), spells in code_tables.mue.items() for each in spells]
    for by_line in (True, False):
        some = [one for one in limits if (one[1].adjudication == _BY_LINE) is by_line]
        if some:
            named = _listed_limits(tables.reader.dialect, some)
            for portion in portions(tables, lines):
                columns = [lines.c[name] for name in _NEEDED]
                part = select(*columns).where(portion, lines.c.system == PROCEDURE_FAMILY).cte("part")
                question = _lines_above(part, named) if by_line else _days_above(part, named)
                for row in tables.reader.stream(question):
                    limit = some[row.number][1]
                    yield breach(row, rule=RULE, codes=(limit.code,), edition=limit.edition)


def _listed_limits(dialect: str, limits: list[tuple[str, MueLimit]]) -> Subquery:
    return listed(
        dialect,
        "limits",
        {
            "limit_setting": [setting for setting, _ in limits],
            "limit_code": [each.code for _, each in limits],
            "most": [each.units for _, each in limits],
            "first_on": [each.first_on for _, each in limits],
            "last_on": [each.last_on for _, each in limits],
            "number": list(range(len(limits))),
        },
    )


def _limited(lines: CTE, limits: Subquery) -> Any:
    return and_(
        limits.c.limit_setting == lines.c.setting,
        limits.c.limit_code == lines.c.code,
        lines.c.day.between(limits.c.first_on, limits.c.last_on),
    )


def _lines_above(lines: CTE, limits: Subquery) -> Select[*tuple[Any, ...]]:
    return (
        select(lines.c.claim_id, limits.c.number, *slices(lines))
        .join_from(lines, limits, _limited(lines, limits))
        .where(lines.c.judged == 1, lines.c.units > limits.c.most)
    )


def _days_above(lines: CTE, limits: Subquery) -> Select[*tuple[Any, ...]]:
    """Days are summed first; only lines of those above their limit are ranked, the most units first."""
    keys = [lines.c[name] for name in (*DAY_KEY, "code")]
    above = (
        select(*keys, limits.c.number)
        .join_from(lines, limits, _limited(lines, limits))
        .group_by(*keys, limits.c.number, limits.c.most)
        .having(func.sum(lines.c.units) > limits.c.most)
        .subquery("above")
    )
    place = func.row_number().over(
        partition_by=[above.c[name] for name in (*DAY_KEY, "code", "number")],
        order_by=[func.coalesce(lines.c.units, 0).desc(), lines.c.claim_id, lines.c.sequence],
    )
    ranked = (
        select(lines.c.claim_id, lines.c.judged, above.c.number, *slices(lines), place.label("place"))
        .join_from(lines, above, and_(*(lines.c[name] == above.c[name] for name in (*DAY_KEY, "code"))))
        .subquery("ranked")
    )
    return select(ranked).where(ranked.c.place == 1, ranked.c.judged == 1)
