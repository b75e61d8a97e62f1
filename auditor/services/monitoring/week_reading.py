"""The weeks of a source: those that changed since they were counted are counted again, all others are taken as kept.

The source says of each week, by one mark, which state it is in. Late claims, corrected and deleted ones change the
mark of their week, so that the past is corrected by counting those weeks alone. What was kept changes no answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from auditor.services.monitoring.kept_weeks import NOTHING, Kept
from auditor.services.monitoring.week_parts import SourceWeeks, WeekPart, split
from auditor.services.monitoring.weeks import WEEK, last_day
from auditor.sources.connection import ClaimsSource
from auditor.sources.week_marks import WeekMark

_LINES_AT_ONCE, _WEEKS_AT_ONCE = 250_000, 26
_WEEKS_MARKED = 8
"""Weeks are counted in spans of about so many lines, so that memory does not grow with the history."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """All weeks asked for, and those among them that had to be counted."""

    weeks: SourceWeeks
    fresh: Kept = field(default=NOTHING)


def read_weeks(source: ClaimsSource, weeks: Sequence[date], kept: Kept) -> Counted:
    """These weeks of an open source, one after another."""
    recipe, marks = _marks(source, weeks)
    known = kept.parts if kept.recipe == recipe else {}
    texts = {week: marks[week].text if week in marks else "" for week in weeks}
    stale = [week for week in weeks if week not in known or known[week].mark != texts[week]]
    lines = {week: marks[week].lines if week in marks else 0 for week in weeks}
    fresh: dict[date, WeekPart] = {}
    for span in _spans(stale, lines):
        counts = source.week_counts(span[0], last_day(span[-1]))
        fresh |= {part.week_on: part for part in split(counts, {week: texts[week] for week in span})}
    parts = tuple(fresh.get(week) or known[week] for week in weeks)
    return Counted(weeks=SourceWeeks(parts=parts), fresh=Kept(recipe=recipe, parts=fresh))


def _marks(source: ClaimsSource, weeks: Sequence[date]) -> tuple[str, dict[date, WeekMark]]:
    """The recipe, and the mark of each week that holds anything."""
    recipe, found = "", dict[date, WeekMark]()
    for first in range(0, len(weeks), _WEEKS_MARKED):
        span = weeks[first : first + _WEEKS_MARKED]
        marked = source.week_marks(span[0], last_day(span[-1]))
        recipe, found = marked.recipe, found | dict(marked.marks)
    return recipe, found


def _spans(stale: Iterable[date], lines: dict[date, int]) -> Iterator[list[date]]:
    """Weeks that follow one another, in groups of not much more than so many lines."""
    weeks = list(stale)
    span: list[date] = weeks[:1]
    for before, week in pairwise(weeks):
        full = len(span) == _WEEKS_AT_ONCE or sum(lines[each] for each in span) + lines[week] > _LINES_AT_ONCE
        if full or week - before > WEEK:
            yield span
            span = []
        span.append(week)
    if span:
        yield span
