"""Everything that a guideline check asks of an open source about one period and stage: breaches and counts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain

from auditor.guidelines.tables import CodeTables
from auditor.sources import addon_question, code_question, gap_question, line_usage, pair_question, unit_question
from auditor.sources.breaches import Breach
from auditor.sources.coded_lines import LinesWanted, coded_lines
from auditor.sources.items import Tables
from auditor.sources.line_usage import CodeUsage, DayLines, Partners, SliceLines


class GuidelineQuestions:
    """Questions about the lines of a period; ask for usage first, and then judge by tables narrowed to it."""

    def __init__(self, tables: Tables, wanted: LinesWanted) -> None:
        self._tables = tables
        self._lines = coded_lines(tables, wanted)
        self.not_judged: dict[str, dict[str, int]] = {}

    def codes(self) -> tuple[CodeUsage, ...]:
        """The codes in use."""
        return line_usage.codes_in_use(self._tables, self._lines)

    def partners(self) -> Partners:
        """The procedure codes that stand on one day with each other."""
        return line_usage.codes_of_one_day(self._tables, self._lines)

    def lines(self) -> tuple[SliceLines, ...]:
        """The judged lines by week and slice."""
        return line_usage.lines_by_slice(self._tables, self._lines)

    def days(self, codes: Collection[tuple[str, str]]) -> Iterator[DayLines]:
        """The judged lines of some codes by arm and day."""
        return line_usage.lines_by_day(self._tables, self._lines, codes)

    def breaches(self, usage: Sequence[CodeUsage], tables: CodeTables) -> Iterator[Breach]:
        """Every breach of the rules that can be asked in the engine, one rule after another.

        What could not be judged is counted in `not_judged`, {rule: {reason: claims}}, which is whole at the end.
        """
        self.not_judged = gap_question.day_gaps(self._tables, self._lines, tables)
        gaps = code_question.code_gaps(self._tables, self._lines, usage, tables)
        if gaps:
            self.not_judged[code_question.RULE] = gaps
        yield from chain(
            pair_question.pair_breaches(self._tables, self._lines, tables),
            unit_question.unit_breaches(self._tables, self._lines, tables),
            code_question.code_breaches(self._tables, self._lines, usage, tables),
        )
        yield from self._addons(tables)

    def _addons(self, tables: CodeTables) -> Iterator[Breach]:
        left_to_others: dict[str, set[str]] = {}
        for found in addon_question.addon_breaches(self._tables, self._lines, tables):
            if isinstance(found, Breach):
                yield found
            else:
                claim_id, reason = found
                left_to_others.setdefault(reason, set()).add(claim_id)
        if left_to_others:
            counted: Mapping[str, int] = {reason: len(claims) for reason, claims in left_to_others.items()}
            self.not_judged.setdefault(addon_question.RULE, {}).update(counted)
