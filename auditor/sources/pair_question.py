"""NCCI pairs asked in the claims' own engine: only lines of a pair that stand on one day come back.

The pairs travel as values. Whether a modifier bypasses an edit is decided here, on the few lines that came back.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import FromClause, Row, Select, select

from auditor.domain.codes import normal_modifiers
from auditor.guidelines.tables import CodeTables, PtpEdit, Setting
from auditor.sources.breaches import Breach, breach, slices
from auditor.sources.coded_lines import SLICES, Lines, portions, same_day, twice
from auditor.sources.items import Tables
from auditor.sources.listed import MOST_LITERALS, listed, takes_literals

PairKey = tuple[Setting, str, str]

RULE = "ncci_ptp"

# NCCI Policy Manual for Medicare Services, chapter I, section E; 51 and 76 are not among them.
_ANATOMY = "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT RC LC LD LM RI"
_BYPASSING = frozenset(f"{_ANATOMY} 24 25 57 58 78 79 27 59 91 XE XS XP XU".split())
_NEEDED = ("claim_id", "sequence", "modifiers", "units", "judged", *SLICES)
_NEVER = 0
_CHUNK = 200_000


def pair_breaches(tables: Tables, lines: Lines, code_tables: CodeTables) -> Iterator[Breach]:
    """Every column 2 line that stands beside a column 1 code on one day without a modifier that allows it."""
    pairs = list(code_tables.ptp)
    size = MOST_LITERALS if takes_literals(tables.reader.dialect) else _CHUNK
    for start in range(0, len(pairs), size):
        some = pairs[start : start + size]
        for portion in portions(tables, lines):
            rows = tables.reader.stream(_question(tables.reader.dialect, twice(lines, portion, _NEEDED), some))
            for _, beside in groupby(rows, key=itemgetter(0, 1, 2, 3, 4)):
                yield from _judged(beside, some, code_tables)


def _judged(beside: Iterable[Row[*tuple[Any, ...]]], pairs: list[PairKey], tables: CodeTables) -> Iterator[Breach]:
    """At most one breach by the column 1 lines of one code beside one column 2 line."""
    for row in beside:
        setting, column1, column2 = pairs[row.number]
        edit = tables.ptp_edit(setting, column1, column2, on=row.day)
        if edit and not _allowed(edit, row.modifiers, row.modifiers1):
            yield breach(row, rule=RULE, codes=(column2, column1), edition=edit.edition)
            return


def _question(dialect: str, lines: tuple[FromClause, FromClause], pairs: list[PairKey]) -> Select[*tuple[Any, ...]]:
    """Lines of one day that make a pair. It is compared as one text and without its dates, so that engines look for
    days before they look for codes; the dates are looked at on the few lines that come back."""
    texts = [f"{setting.value} {column1} {column2}" for setting, column1, column2 in pairs]
    named = listed(dialect, "pairs", {"pair": texts, "number": list(range(len(pairs)))})
    one, other = lines
    line = (other.c.claim_id, other.c.sequence, other.c.modifiers, other.c.units)
    return (
        select(*line, named.c.number, one.c.modifiers.label("modifiers1"), one.c.day, *slices(other))
        .select_from(one)
        .join(other, same_day(one, other))
        .join(named, named.c.pair == one.c.setting + " " + one.c.code + " " + other.c.code)
        .where(
            one.c.code.in_(_codes(dialect, "columns1", (column1 for _, column1, _ in pairs))),
            other.c.code.in_(_codes(dialect, "columns2", (column2 for _, _, column2 in pairs))),
            other.c.judged == 1,
        )
        .order_by(*line, named.c.number)
    )


def _codes(dialect: str, name: str, codes: Iterable[str]) -> Select[tuple[str]]:
    return select(listed(dialect, name, {"code": sorted(set(codes))}).c.code)


def _allowed(edit: PtpEdit, one: str, other: str) -> bool:
    if edit.modifier_indicator == _NEVER:
        return False
    return any(modifier in _BYPASSING for modifier in (*normal_modifiers(one), *normal_modifiers(other)))
