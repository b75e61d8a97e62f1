"""House rules out of a TOML file. Every refusal names file, rule and key; no key is passed over."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from auditor.domain.findings import ErrorType, Severity
from auditor.errors import BadInput
from auditor.guidelines.house.examples import example
from auditor.guidelines.house.model import ClaimCondition, Example, HouseRule, LineCondition
from auditor.guidelines.house.reading import Table
from auditor.guidelines.protocol import RuleCard

_RULE = ("name", "explanation", "citation", "severity", "error_type", "first_on", "last_on", "within")
_PARTS = ("when", "requires", "forbids", "fires", "passes")
MOST_NAME = 80  # what a violation can carry
_LINE = ("codes", "diagnoses", "modifiers", "without_modifiers", "units", "first_listed")
_CLAIM = ("payers", "places", "claim_types", "specialties", "sexes", "ages")


def parse(text: str, *, file: str) -> tuple[HouseRule, ...]:
    """The rules of a file's text, in its order; BadInput says which file, rule and key cannot be used."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{file} is not TOML: {error}") from error
    Table(given, file).only("rule")
    entries = given.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise BadInput(f"{file}: rules must be written as [[rule]]")
    rules = tuple(_rule(entry, number, file) for number, entry in enumerate(entries, start=1))
    names = [rule.card.name for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise BadInput(f"{file}: two rules are named {name!r}, and each needs a name of its own")
    return rules


def read(path: Path) -> tuple[HouseRule, ...]:
    """The rules of a file."""
    try:
        return parse(path.read_text(encoding="utf-8"), file=path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the file of house rules {path} cannot be read ({error.__class__.__name__})") from error


def _rule(entry: Mapping[str, object], number: int, file: str) -> HouseRule:
    named = Table(entry, f"{file}, rule {number}").text("name")
    if len(named) > MOST_NAME:
        raise Table(entry, f"{file}, rule {number}").refuse("name", f"at most {MOST_NAME} characters long")
    table = Table(entry, f"{file}, rule {named!r}")
    table.only(*_RULE, *_PARTS)
    when = table.table("when")
    if when is None:
        raise table.refuse("when", "given: the lines that the rule is about")
    when.only(*_LINE, *_CLAIM)
    first_on, last_on = table.day("first_on", date.min), table.day("last_on", date.max)
    if last_on < first_on:
        raise table.refuse("last_on", "no earlier than first_on")
    rule = HouseRule(
        card=_card(table, named),
        file=file,
        line=_line(when),
        claim=_claim(when),
        requires=_beside(table, "requires"),
        forbids=_beside(table, "forbids"),
        whole_day=_whole_day(table),
        first_on=first_on,
        last_on=last_on,
        examples=_examples(table, first_on if first_on > date.min else min(last_on, date(2025, 1, 2))),
    )
    return _sound(rule, table)


def _card(table: Table, name: str) -> RuleCard:
    return RuleCard(
        name=name,
        citation=table.text("citation"),
        explanation=table.text("explanation"),
        needs="What its conditions name",
        not_judged="Claims that lack what its conditions name.",
        severity=table.choice("severity", Severity, Severity.VARIANCE),
        error_type=table.choice("error_type", ErrorType, ErrorType.UNSUPPORTED),
    )


def _line(table: Table) -> LineCondition:
    condition = LineCondition(
        codes=table.codes("codes"),
        diagnoses=table.codes("diagnoses"),
        modifiers=table.words("modifiers"),
        without_modifiers=table.words("without_modifiers"),
        units=table.bounds("units"),
        first_listed=table.flag("first_listed"),
    )
    if condition.codes and condition.diagnoses:
        raise table.refuse("diagnoses", "left out beside codes: a line is one or the other")
    if not (condition.codes or condition.diagnoses or condition.modifiers or condition.units):
        raise table.refuse("codes", "given, or diagnoses, modifiers or units: else every line would match")
    if condition.first_listed and not condition.diagnoses:
        raise table.refuse("first_listed", "used with diagnoses")
    return condition


def _claim(table: Table) -> ClaimCondition:
    return ClaimCondition(
        payers=table.patterns("payers"),
        places=table.words("places"),
        claim_types=table.words("claim_types", upper=False),
        specialties=table.patterns("specialties"),
        sexes=table.words("sexes"),
        ages=table.bounds("ages"),
    )


def _beside(table: Table, key: str) -> LineCondition | None:
    inner = table.table(key)
    if inner is None:
        return None
    inner.only(*_LINE)
    return _line(inner)


def _whole_day(table: Table) -> bool:
    within = table.text("within", "claim")
    if within not in {"claim", "day"}:
        raise table.refuse("within", "claim or day")
    return within == "day"


def _examples(table: Table, served_on: date) -> tuple[Example, ...]:
    found: list[Example] = []
    for key in ("fires", "passes"):
        entries = table.values.get(key, [])
        if not isinstance(entries, list) or not entries or not all(isinstance(each, Mapping) for each in entries):
            raise table.refuse(key, "a list of examples such as { codes = ['99213'] }, one at least")
        places = (Table(entry, f"{table.place}, {key} {number}") for number, entry in enumerate(entries, start=1))
        found += [
            example(place, fires=key == "fires", number=number, served_on=served_on)
            for number, place in enumerate(places, start=1)
        ]
    return tuple(found)


def _sound(rule: HouseRule, table: Table) -> HouseRule:
    about = (rule.line, rule.requires, rule.forbids)
    if rule.whole_day and any(each and each.diagnoses for each in about):
        raise table.refuse("within", "claim where diagnoses are asked for: a day holds procedures only")
    if rule.whole_day and not (rule.requires or rule.forbids):
        raise table.refuse("within", "used with requires or forbids")
    return rule
