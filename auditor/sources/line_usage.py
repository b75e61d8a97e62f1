"""What a source's lines use: codes, code pairs of one day, and how many lines each slice has. Counts only."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select

from auditor.guidelines.tables import Setting
from auditor.sources.coded_lines import NO_SETTING, SLICES, UNKNOWN_SETTING, Lines, same_day, twice
from auditor.sources.items import Tables
from auditor.sources.listed import listed

Question = Select[*tuple[Any, ...]]
Partners = Mapping[Setting, Mapping[str, set[str]]]


_OF_PAIRS = (Setting.PRACTITIONER, Setting.OUTPATIENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeUsage:
    """A code in use: under which NCCI table, how many lines, and from when to when."""

    system: str
    code: str
    setting: Setting | None
    lines: int
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceLines:
    """How many judged lines a week and slice has."""

    week_on: date
    served_week_on: date
    coding_source: str
    model_version: str | None
    provider: str | None
    payer: str | None
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLines:
    """How many lines of a code an arm has on a day."""

    system: str
    code: str
    coding_source: str
    day: date
    lines: int


def usage_question(lines: Lines) -> Question:
    """Every code, with its lines and days."""
    keys = (lines.c.system, lines.c.code, lines.c.setting)
    days = {
        "first_coding": func.min(lines.c.coding_day),
        "last_coding": func.max(lines.c.coding_day),
        "first_day": func.min(lines.c.day),
        "last_day": func.max(lines.c.day),
    }
    labelled = (day.label(name) for name, day in days.items())
    return select(*keys, func.count().label("lines"), *labelled).group_by(*keys)


def code_usage(row: Any) -> CodeUsage:
    """A row of `usage_question`."""
    return CodeUsage(
        system=row.system,
        code=row.code,
        setting=_setting(row.setting),
        lines=row.lines,
        first_on=min((each for each in (row.first_coding, row.first_day) if each), default=None),
        last_on=max((each for each in (row.last_coding, row.last_day) if each), default=None),
    )


def codes_of_one_day(tables: Tables, lines: Lines) -> Partners:
    """Which procedure codes stand on one day with which others, by setting; both ways round."""
    found: dict[Setting, defaultdict[str, set[str]]] = {setting: defaultdict(set) for setting in Setting}
    one, other = twice(lines, ("setting",), lines.c.setting.in_([each.value for each in _OF_PAIRS]))
    pairs = select(one.c.setting, one.c.code, other.c.code).join_from(one, other, same_day(one, other))
    for setting, first, second in tables.reader.stream(pairs.where(one.c.code < other.c.code).distinct()):
        found[Setting(setting)][first].add(second)
        found[Setting(setting)][second].add(first)
    return found


def slice_question(lines: Lines) -> Question:
    """The judged lines of every week and slice."""
    keys = [lines.c[name] for name in SLICES]
    return select(*keys, func.count().label("lines")).where(lines.c.judged == 1).group_by(*keys)


def slice_lines(row: Any) -> SliceLines:
    """A row of `slice_question`."""
    return SliceLines(lines=row.lines, **{name: getattr(row, name) for name in SLICES})


def lines_by_day(tables: Tables, lines: Lines, codes: Collection[tuple[str, str]]) -> Iterator[DayLines]:
    """The judged lines of some codes, (system, code), by arm and day."""
    if not codes:
        return
    columns = {"code_system": [system for system, _ in codes], "code_at_hand": [code for _, code in codes]}
    named = listed(tables.reader.dialect, "codes_at_hand", columns)
    keys = (lines.c.system, lines.c.code, lines.c.coding_source, lines.c.day)
    of_codes = and_(named.c.code_system == lines.c.system, named.c.code_at_hand == lines.c.code)
    counted = select(*keys, func.count().label("lines")).join_from(lines, named, of_codes).group_by(*keys)
    for row in tables.reader.stream(counted.where(lines.c.judged == 1, lines.c.day.is_not(None))):
        yield DayLines(**row._mapping)


def _setting(text: str) -> Setting | None:
    return None if text in {NO_SETTING, UNKNOWN_SETTING} else Setting(text)
