"""The guideline calendar of a source: codes in use that will end, and how long ended codes were still used.

Before a change it says which codes in current use end with it and how often each arm uses them; after it, how long
each arm went on, as a half-life: days until weekly use had fallen to half of what it was.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from auditor.errors import BadInput
from auditor.guidelines.endings import Ending, endings, half_life_days
from auditor.guidelines.tables import CodeTables
from auditor.services import claim_sources
from auditor.services.guidelines import editions as stored
from auditor.services.guidelines.checking import narrowed
from auditor.services.guidelines.publication import quarter
from auditor.sources.coded_lines import LinesWanted
from auditor.sources.line_usage import DayLines
from auditor.storage.database import Database

Uses = Mapping[tuple[str, str], Mapping[str, Counter[date]]]  # {(system, code): {arm: {day: lines}}}

CURRENT = timedelta(days=91)
AHEAD = timedelta(days=366)
BEFORE_WEEKS = 8

_WEEK = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class CalendarRequest:
    """Which source, seen from which day, looking so many days back."""

    source: str
    as_of: date
    back_days: int = 366


@dataclass(frozen=True, kw_only=True)
class WillEnd:
    """A code in current use whose end is known: lines of the last 13 weeks by arm."""

    code_system: str
    code: str
    last_valid_on: date
    edition: str
    lines: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class StillUsed:
    """What an arm did with a code after its end. `half_life_days` is None while use has not fallen to half."""

    code_system: str
    code: str
    last_valid_on: date
    edition: str
    arm: str
    lines_a_week_before: float
    lines_after: int
    last_used_on: date | None
    half_life_days: int | None


@dataclass(frozen=True, kw_only=True)
class Change:
    """A day on which guidelines change, and the editions imported that begin on it."""

    on: date
    editions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """What changes, what will end, and what was used after its end."""

    as_of: date
    changes: tuple[Change, ...]
    will_end: tuple[WillEnd, ...]
    after_the_end: tuple[StillUsed, ...]


def calendar(database: Database, request: CalendarRequest, *, environment: Mapping[str, str]) -> Calendar:
    """Ask a source which codes it uses, and hold them against the known ends."""
    if request.back_days < 1:
        raise BadInput("the calendar looks back at least one day: mend --back")
    with database.read() as session:
        access = claim_sources.access_to(claim_sources.named(session, request.source))
        begins = [(one.first_on, stored.label(one)) for one in stored.imported(session)]
    first_on = request.as_of - timedelta(days=request.back_days + _WEEK * BEFORE_WEEKS)
    with claim_sources.opened(access, environment=environment) as opened:
        asked = opened.guidelines(LinesWanted(first_on=first_on, last_on=request.as_of))
        usage = asked.codes()
        tables = narrowed(database, usage, {})
        ends = _ends(tables, {(each.system, each.code) for each in usage}, request)
        uses = _uses(asked.days({(end.code_system, end.code) for end in ends}))
    ahead = [end for end in ends if end.last_valid_on >= request.as_of]
    past = [end for end in ends if end.last_valid_on < request.as_of]
    return Calendar(
        as_of=request.as_of,
        changes=_changes(begins, request.as_of),
        will_end=tuple(one for end in ahead if (one := _will_end(end, uses, request.as_of)).lines),
        after_the_end=tuple(one for end in past for one in _after(end, uses, request.as_of)),
    )


def _ends(tables: CodeTables, codes: Iterable[tuple[str, str]], request: CalendarRequest) -> list[Ending]:
    """Ends within the days that are looked at, by day and code."""
    first_on, last_on = request.as_of - timedelta(days=request.back_days), request.as_of + AHEAD
    found = (end for system, code in codes for end in endings(tables, system, code))
    within = [end for end in found if first_on <= end.last_valid_on <= last_on]
    return sorted(within, key=lambda end: (end.last_valid_on, end.code_system, end.code))


def _uses(rows: Iterable[DayLines]) -> Uses:
    uses: defaultdict[tuple[str, str], defaultdict[str, Counter[date]]] = defaultdict(lambda: defaultdict(Counter))
    for row in rows:
        uses[row.system, row.code][row.coding_source][row.day] += row.lines
    return uses


def _will_end(end: Ending, uses: Uses, as_of: date) -> WillEnd:
    recent = {
        arm: sum(lines for day, lines in days.items() if as_of - CURRENT < day <= as_of)
        for arm, days in uses.get((end.code_system, end.code), {}).items()
    }
    return WillEnd(
        code_system=end.code_system,
        code=end.code,
        last_valid_on=end.last_valid_on,
        edition=end.edition,
        lines={arm: lines for arm, lines in sorted(recent.items()) if lines},
    )


def _after(end: Ending, uses: Uses, as_of: date) -> Iterable[StillUsed]:
    for arm, days in sorted(uses.get((end.code_system, end.code), {}).items()):
        weeks: Counter[int] = Counter()
        for day, lines in days.items():
            weeks[((day - end.last_valid_on - _DAY).days) // _WEEK] += lines
        before = sum(weeks[week] for week in range(-BEFORE_WEEKS, 0)) / BEFORE_WEEKS
        whole = (as_of - end.last_valid_on).days // _WEEK
        later = [day for day, lines in days.items() if day > end.last_valid_on and lines]
        yield StillUsed(
            code_system=end.code_system,
            code=end.code,
            last_valid_on=end.last_valid_on,
            edition=end.edition,
            arm=arm,
            lines_a_week_before=before,
            lines_after=sum(days[day] for day in later),
            last_used_on=max(later, default=None),
            half_life_days=half_life_days(before, [weeks[week] for week in range(whole)]) if before else None,
        )


def _changes(begins: Iterable[tuple[date | None, str]], as_of: date) -> tuple[Change, ...]:
    """The next four quarter days, and the days on which imported editions begin."""
    days: defaultdict[date, list[str]] = defaultdict(list)
    current = (as_of.month - 1) // 3
    for ahead in range(1, 5):
        first_on = quarter(as_of.year + (current + ahead) // 4, (current + ahead) % 4 + 1).first_on
        if first_on is not None:
            days[first_on] = []
    for begins_on, name in begins:
        if begins_on is not None and begins_on > as_of:
            days[begins_on].append(name)
    return tuple(Change(on=on, editions=tuple(days[on])) for on in sorted(days))
