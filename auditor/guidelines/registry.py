"""The list of all built-in rules. Knows their names and scopes, and leaves the judging to `judging`."""

from functools import cache
from typing import TypeAlias

from auditor.errors import NotFound
from auditor.guidelines.cards import cards
from auditor.guidelines.protocol import ClaimRule, DayRule, HistoryRule
from auditor.guidelines.rules import mue, ncci_ptp

AnyRule: TypeAlias = ClaimRule | DayRule | HistoryRule

_DAY = {
    "ncci_ptp": ncci_ptp.judge,
    "mue": mue.judge,
}


@cache
def built_in() -> tuple[AnyRule, ...]:
    """Every built-in rule, sorted by name."""
    card = cards()
    rules: list[AnyRule] = [DayRule(card=card[name], judge=judge) for name, judge in _DAY.items()]
    return tuple(sorted(rules, key=lambda rule: rule.card.name))


def rule(name: str) -> AnyRule:
    """One built-in rule by name.

    >>> rule("ncci_ptp").scope.value
    'patient, provider and day'
    """
    found = next((each for each in built_in() if each.card.name == name), None)
    if found is None:
        raise NotFound(f"there is no built-in rule {name!r}: see docs/guidelines.md for those there are")
    return found
