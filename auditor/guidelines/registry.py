"""The list of all built-in rules. Knows their names and scopes, and leaves the judging to `judging`."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TypeAlias

from auditor.errors import NotFound
from auditor.guidelines.cards import cards
from auditor.guidelines.lines import Line
from auditor.guidelines.protocol import (
    ClaimJudge,
    ClaimRule,
    DayJudge,
    DayRule,
    HistoryJudge,
    HistoryRule,
    every_line,
)
from auditor.guidelines.rules import (
    addon,
    bilateral,
    code_validity,
    components,
    demographics,
    em_level,
    excludes1,
    first_listed,
    global_modifiers,
    global_period,
    hcc_support,
    impossible_values,
    modifier_25,
    modifier_51,
    modifier_59,
    mue,
    ncci_ptp,
)

AnyRule: TypeAlias = ClaimRule | DayRule | HistoryRule

_CLAIM: Mapping[str, ClaimJudge] = MappingProxyType(
    {
        "age_conflict": demographics.age,
        "code_validity": code_validity.judge,
        "em_level_too_high": em_level.too_high,
        "em_level_too_low": em_level.too_low,
        "excludes1": excludes1.judge,
        "first_listed_external_cause": first_listed.external_cause,
        "first_listed_manifestation": first_listed.manifestation,
        "impossible_values": impossible_values.judge,
        "sex_conflict": demographics.sex,
    }
)
_DAY: Mapping[str, DayJudge] = MappingProxyType(
    {
        "addon_without_primary": addon.judge,
        "bilateral_modifiers": bilateral.judge,
        "component_modifiers": components.judge,
        "modifier_25": modifier_25.judge,
        "modifier_51": modifier_51.judge,
        "modifier_59": modifier_59.misplaced,
        "modifier_59_less_specific": modifier_59.less_specific,
        "mue": mue.judge,
        "ncci_ptp": ncci_ptp.judge,
    }
)
_HISTORY: Mapping[str, HistoryJudge] = MappingProxyType(
    {
        "global_modifiers": global_modifiers.judge,
        "global_period": global_period.judge,
        "hcc_without_support": hcc_support.judge,
    }
)
# Rules of a day that look at nothing but lines with one of these modifiers.
_ONLY_WITH: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "bilateral_modifiers": frozenset({"50", "LT", "RT"}),
        "modifier_25": frozenset({"25"}),
        "modifier_51": frozenset({"51"}),
        "modifier_59": frozenset({"59", *modifier_59.SUBSETS}),
        "modifier_59_less_specific": frozenset({"59"}),
    }
)
AGGREGATES = ("em_distribution", "unspecified_side")  # rules over counts, with functions of their own


@cache
def built_in() -> tuple[AnyRule, ...]:
    """Every built-in rule that judges claims, sorted by name."""
    card = cards()
    rules: list[AnyRule] = [
        *(ClaimRule(card=card[name], judge=judge) for name, judge in _CLAIM.items()),
        *(DayRule(card=card[name], judge=judge, concerns=_concerns(name)) for name, judge in _DAY.items()),
        *(HistoryRule(card=card[name], judge=judge) for name, judge in _HISTORY.items()),
    ]
    return tuple(sorted(rules, key=lambda rule: rule.card.name))


def _concerns(name: str) -> Callable[[Line], bool]:
    marks = _ONLY_WITH.get(name)
    return (lambda line: bool(line.modifiers & marks)) if marks else every_line


def rule(name: str) -> AnyRule:
    """One built-in rule by name.

    >>> rule("ncci_ptp").scope.value
    'patient, provider and day'
    """
    found = next((each for each in built_in() if each.card.name == name), None)
    if found is None:
        raise NotFound(f"there is no built-in rule {name!r}: see docs/guidelines.md for those there are")
    return found
