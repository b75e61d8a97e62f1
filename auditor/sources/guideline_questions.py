"""Everything that a guideline check asks of an open source about one period and stage: breaches and counts."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from auditor.guidelines.pair_lists import PairList
from auditor.guidelines.tables import CodeTables
from auditor.sources import addon_question, code_question, gap_question, line_usage, pair_question, unit_question
from auditor.sources.breaches import Breach
from auditor.sources.coded_lines import LinesWanted, coded_lines
from auditor.sources.items import Tables
from auditor.sources.line_usage import CodeUsage, DayLines, Partners, SliceLines
from auditor.sources.together import together

Rows = Iterator[Any]

_ADDONS = "addons"


class GuidelineQuestions:
    """Questions about the lines of a period; ask for usage first, and then judge by lists narrowed to it."""

    def __init__(self, tables: Tables, wanted: LinesWanted) -> None:
        self._tables = tables
        self._wanted = wanted
        self._lines = coded_lines(tables, wanted)
        self.not_judged: dict[str, dict[str, int]] = {}

    def usage(self) -> tuple[tuple[CodeUsage, ...], tuple[SliceLines, ...]]:
        """The codes in use, and the judged lines by week and slice."""
        rows = self._tables.reader.stream(line_usage.slice_question(self._lines))
        return self.codes(), tuple(line_usage.slice_lines(row) for row in rows)

    def codes(self) -> tuple[CodeUsage, ...]:
        """The codes in use."""
        rows = self._tables.reader.stream(line_usage.usage_question(self._lines))
        return tuple(line_usage.code_usage(row) for row in rows)

    def partners(self) -> Partners:
        """The procedure codes that stand on one day with each other."""
        return line_usage.codes_of_one_day(self._tables, self._lines)

    def days(self, codes: Collection[tuple[str, str]]) -> Iterator[DayLines]:
        """The judged lines of some codes by arm and day."""
        return line_usage.lines_by_day(self._tables, self._lines, codes)

    def breaches(self, usage: Sequence[CodeUsage], tables: CodeTables, pairs: Sequence[PairList]) -> Iterator[Breach]:
        """Every breach of the rules that can be asked in the engine, one rule after another.

        What could not be judged is counted in `not_judged`, {rule: {reason: claims}}, which is whole at the end.
        """
        asked = _Asked(self._tables.reader.dialect, self._lines)
        asked.put(usage, tables, pairs)
        for name, rows in groupby(together(self._tables.reader, asked.questions), key=itemgetter(0)):
            yield from asked.readers[name](row for _, row in rows)
        self.not_judged = asked.not_judged()
        if left_out := gap_question.claims_left_out(self._tables, self._wanted):
            self.not_judged[gap_question.EVERY_RULE] = left_out


class _Asked:
    """The questions of a check by name, and what reads each one's rows."""

    def __init__(self, dialect: str, lines: Any) -> None:
        self.questions: dict[str, Any] = {}
        self.readers: dict[str, Callable[[Rows], Iterator[Breach]]] = {}
        self._dialect, self._lines = dialect, lines
        self._gaps: dict[str, dict[str, int]] = {}
        self._without_units = 0
        self._codes_unjudged: dict[str, int] = {}
        self._left_to_others: defaultdict[str, set[str]] = defaultdict(set)

    def put(self, usage: Sequence[CodeUsage], tables: CodeTables, pairs: Sequence[PairList]) -> None:
        dialect, lines = self._dialect, self._lines
        for name, (one, question) in pair_question.pair_questions(dialect, lines, pairs).items():
            self._put(name, question, partial(pair_question.pair_breaches, pairs=one))
        for name, (limits, question) in unit_question.unit_questions(dialect, lines, tables).items():
            self._put(name, question, partial(unit_question.unit_breaches, limits=limits))
        spells, questions = code_question.code_questions(dialect, lines, usage, tables)
        for name, question in questions.items():
            self._put(name, question, self._count_codes)
        self.readers[code_question.INVALID] = partial(code_question.code_breaches, spells=spells)
        for name, question in gap_question.gap_questions(dialect, lines, tables).items():
            self._put(name, question, self._count_gaps if name == gap_question.GAPS else self._count_units)
        addons = addon_question.addon_question(dialect, lines, tables)
        if addons is not None:
            self._put(_ADDONS, addons, partial(self._addons, tables=tables))

    def not_judged(self) -> dict[str, dict[str, int]]:
        found = dict(self._gaps)
        if self._codes_unjudged:
            found[code_question.RULE] = self._codes_unjudged
        if self._left_to_others:
            counted = {reason: len(claims) for reason, claims in self._left_to_others.items()}
            found.setdefault(addon_question.RULE, {}).update(counted)
        if self._without_units:
            found.setdefault("mue", {})[gap_question.NO_UNITS] = self._without_units
        return found

    def _put(self, name: str, question: Any, reader: Callable[[Rows], Iterator[Breach]]) -> None:
        self.questions[name], self.readers[name] = question, reader

    def _count_codes(self, rows: Rows) -> Iterator[Breach]:
        self._codes_unjudged |= {row.reason: row.claims for row in rows if row.claims}
        yield from ()

    def _count_gaps(self, rows: Rows) -> Iterator[Breach]:
        for row in rows:
            self._gaps = gap_question.day_gaps(row)
        yield from ()

    def _count_units(self, rows: Rows) -> Iterator[Breach]:
        self._without_units = sum(row.claims for row in rows)
        yield from ()

    def _addons(self, rows: Rows, tables: CodeTables) -> Iterator[Breach]:
        for row in rows:
            found = addon_question.addon_breach(row, tables)
            if isinstance(found, Breach):
                yield found
            elif found:
                self._left_to_others[found].add(row.claim_id)
