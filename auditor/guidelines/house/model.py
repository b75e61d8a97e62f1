"""A house rule as a value: which lines it is about, what it asks of the lines beside them, and its own examples."""

from dataclasses import dataclass
from datetime import date

from auditor.domain.claims import Claim
from auditor.guidelines.house.patterns import Bounds, CodePattern, TextPattern
from auditor.guidelines.protocol import RuleCard


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCondition:
    """What a line must be: a procedure or a diagnosis of a pattern, with or without modifiers. None asks nothing."""

    codes: CodePattern | None = None
    diagnoses: CodePattern | None = None
    modifiers: frozenset[str] | None = None
    without_modifiers: frozenset[str] | None = None
    units: Bounds | None = None
    first_listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCondition:
    """What the claim of a line must be. None asks nothing; what a claim does not say leaves the rule not judged."""

    payers: TextPattern | None = None
    places: frozenset[str] | None = None
    claim_types: frozenset[str] | None = None
    specialties: TextPattern | None = None
    sexes: frozenset[str] | None = None
    ages: Bounds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A claim that the rule must fire on, or must pass; `number` counts within its list."""

    claim: Claim
    fires: bool
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRule:
    """A rule of a file: a line that meets both conditions is at fault, unless the rule asks for company.

    With `requires` it is at fault where no other line meets that; with `forbids` where one does. The others are those
    of its claim, or of its day (same patient and provider) with `whole_day`. It holds from `first_on` to `last_on`.
    """

    card: RuleCard
    file: str
    line: LineCondition
    claim: ClaimCondition
    requires: LineCondition | None
    forbids: LineCondition | None
    whole_day: bool
    first_on: date
    last_on: date
    examples: tuple[Example, ...]
