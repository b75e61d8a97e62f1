"""The case mix of what moved, as far as a series of runs has asked for it: of which codes and modifiers, which weeks.

A later run of the series asks for the weeks and codes that are new to it. Asks no source itself.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from auditor.services.monitoring.weeks import WEEK, last_day, monday
from auditor.sources.case_mix import MixCount, MixQuestion

Term = tuple[str, bool]
"""A code (True) or a modifier (False)."""


@dataclass
class KnownMix:
    """What is known of one source."""

    counts: set[MixCount] = field(default_factory=set)
    weeks: defaultdict[Term, set[date]] = field(default_factory=lambda: defaultdict(set))

    def missing(self, question: MixQuestion) -> list[MixQuestion]:
        """What has to be asked before the question can be answered: terms that lack the same span, in one."""
        asked = _weeks(question)
        spans: defaultdict[tuple[date, date], list[Term]] = defaultdict(list)
        for term in _terms(question):
            if lacking := [week for week in asked if week not in self.weeks[term]]:
                spans[lacking[0], lacking[-1]].append(term)
        return [
            MixQuestion(
                first_on=first,
                last_on=last_day(last),
                codes=tuple(name for name, is_code in terms if is_code),
                modifiers=tuple(name for name, is_code in terms if not is_code),
            )
            for (first, last), terms in spans.items()
        ]

    def learn(self, question: MixQuestion, counts: Iterable[MixCount]) -> None:
        """Keep the answer to a question of whole weeks."""
        self.counts.update(counts)
        for term in _terms(question):
            self.weeks[term].update(_weeks(question))

    def answer(self, question: MixQuestion) -> tuple[MixCount, ...]:
        """The lines asked for, of all that is known."""
        codes, modifiers = set(question.codes), set(question.modifiers)
        first, last = monday(question.first_on), question.last_on
        return tuple(
            each
            for each in self.counts
            if first <= each.week_start <= last and (each.code in codes or modifiers.intersection(each.modifiers))
        )


def _terms(question: MixQuestion) -> list[Term]:
    return [*((code, True) for code in question.codes), *((modifier, False) for modifier in question.modifiers)]


def _weeks(question: MixQuestion) -> list[date]:
    first = monday(question.first_on)
    return [first + WEEK * place for place in range((question.last_on - first) // WEEK + 1)]
