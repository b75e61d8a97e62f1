"""NCCI pairs asked in the claims' own engine: only lines of a pair that stand on one day come back.

The pairs, narrowed to codes in use, travel as values. Whether an edit holds on the day, and whether a modifier
bypasses it, is decided here, on the few lines that came back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, select

from auditor.domain.codes import normal_modifiers
from auditor.guidelines.pair_lists import PairList
from auditor.sources.breaches import Breach, breach, slices
from auditor.sources.coded_lines import SLICES, Lines, often, same_day, twice
from auditor.sources.listed import listed
from auditor.sources.listed_pairs import Groups, in_parts, listed_pairs

RULE = "ncci_ptp"

# NCCI Policy Manual for Medicare Services, chapter I, section E; 51 and 76 are not among them.
_ANATOMY = "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT RC LC LD LM RI"
_BYPASSING = frozenset(f"{_ANATOMY} 24 25 57 58 78 79 27 59 91 XE XS XP XU".split())
_NEEDED = ("claim_id", "sequence", "modifiers", "units", "judged", "day", *SLICES)
_NEVER = 0

_beside = attrgetter("claim_id", "sequence", "code", "modifiers", "units", "code1")


def pair_questions(dialect: str, lines: Lines, lists: Sequence[PairList]) -> Mapping[str, tuple[PairList, Any]]:
    """One question for the days of each list, by name, beside the list that judges its answer."""
    return {
        f"pairs_{at}_{part}": (each, _question(dialect, lines, each, groups=groups, name=f"pairs_{at}_{part}"))
        for at, each in enumerate(lists)
        for part, groups in enumerate(in_parts(dialect, list(each.each())))
    }


def pair_breaches(rows: Iterable[Any], pairs: PairList) -> Iterator[Breach]:
    """At most one breach by the column 1 lines of one code beside one column 2 line; rows come line by line."""
    for _, beside in groupby(rows, key=_beside):
        for row in beside:
            indicator = pairs.indicator(row.code1, row.code, row.day)
            if indicator is not None and not _allowed(indicator, row.modifiers, row.modifiers1):
                yield breach(row, rule=RULE, codes=(row.code, row.code1), edition=pairs.edition)
                break


def _question(dialect: str, lines: Lines, pairs: PairList, *, groups: Groups, name: str) -> Select[*tuple[Any, ...]]:
    """Lines of one day that make a pair, compared as one text, so that engines look for days before codes."""
    on_days = lines.c.day.between(pairs.first_on, pairs.last_on)
    one, other = twice(lines, _NEEDED, lines.c.setting == pairs.setting.value, on_days)
    named = listed_pairs(dialect, name, groups)
    line = (other.c.claim_id, other.c.sequence, other.c.code, other.c.modifiers, other.c.units)
    columns1 = listed(dialect, f"{name}_columns1", {"code": sorted({column1 for column1, _ in groups})})
    return (
        select(*line, one.c.code.label("code1"), one.c.modifiers.label("modifiers1"), one.c.day, *slices(other))
        .select_from(one)
        .join(other, same_day(one, other))
        .join(named, named.c.pair == one.c.code + " " + other.c.code)
        .where(one.c.code.in_(select(columns1.c.code)), *often(other.c.judged == 1))
        .order_by(*line, one.c.code)
    )


def _allowed(indicator: int, one: str, other: str) -> bool:
    if indicator == _NEVER:
        return False
    return any(modifier in _BYPASSING for modifier in (*normal_modifiers(one), *normal_modifiers(other)))
