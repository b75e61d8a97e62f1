"""Examples of house rules as claims, and whether each rule does on its own examples what it promises."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from auditor.domain.claims import Claim, ClaimCode, CodingSource, Stage
from auditor.guidelines.house.matching import as_rule
from auditor.guidelines.house.model import Example, HouseRule
from auditor.guidelines.house.reading import Table
from auditor.guidelines.judging import judge
from auditor.guidelines.tables import CodeTables

_CODE = re.compile(r"^([A-Za-z0-9.]+)((?:-[A-Za-z0-9]{2})*)(?:\s+x(\d+))?$")
_KEYS = ("codes", "diagnoses", "payer", "place", "claim_type", "specialty", "sex", "age", "served_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One example of one rule: what it must do, and what it did."""

    file: str
    rule: str
    example: int
    must_fire: bool
    fired: bool

    @property
    def passed(self) -> bool:
        """Whether the rule kept its promise."""
        return self.must_fire is self.fired


def example(table: Table, *, fires: bool, number: int, served_on: date) -> Example:
    """The claim of one entry: `codes` as `99213-25 x2`, `diagnoses`, and what the claim says of itself."""
    table.only(*_KEYS)
    procedures = [_procedure(table, text) for text in table.texts("codes") or ()]
    diagnoses = [_code(text, system="ICD-10-CM") for text in table.texts("diagnoses") or ()]
    numbered = [replace(each, sequence=at) for at, each in enumerate(diagnoses + procedures, start=1)]
    if not numbered:
        raise table.refuse("codes", "given, or diagnoses, or both")
    claim = Claim(
        claim_id="example",
        coding_source=CodingSource.AI,
        served_on=table.day("served_on", served_on),
        patient_id="patient",
        provider="provider",
        patient_age=table.number("age"),
        patient_sex=_optional(table, "sex"),
        claim_type=_optional(table, "claim_type"),
        payer=_optional(table, "payer"),
        specialty=_optional(table, "specialty"),
        place_of_service=_optional(table, "place"),
        codes=tuple(numbered),
    )
    return Example(claim=claim, fires=fires, number=number)


def _optional(table: Table, key: str) -> str | None:
    return table.text(key) if key in table.values else None


def _procedure(table: Table, text: str) -> ClaimCode:
    found = _CODE.match(text.strip())
    if found is None:
        raise table.refuse("codes", f"codes such as 99213-25 x2, not {text!r}")
    modifiers = tuple(part for part in found[2].split("-") if part)
    return _code(found[1], system="CPT", modifiers=modifiers, units=int(found[3] or 1))


def _code(text: str, *, system: str, modifiers: tuple[str, ...] = (), units: int | None = None) -> ClaimCode:
    return ClaimCode(
        stage=Stage.SUBMITTED, sequence=1, code_system=system, code=text, modifiers=modifiers, units=units
    )


def trials(rules: Iterable[HouseRule]) -> Iterator[Trial]:
    """Every example of every rule, judged by that rule alone."""
    for rule in rules:
        for each in rule.examples:
            found = judge([each.claim], CodeTables(), rules=[as_rule(rule)])
            yield Trial(
                file=rule.file,
                rule=rule.card.name,
                example=each.number,
                must_fire=each.fires,
                fired=bool(found.violations),
            )
