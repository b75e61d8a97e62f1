"""What a rule is, and what it answers: a violation, or that a claim could not be judged and why.

A rule looks at the lines of one claim, at one day of a patient with a provider, or at a patient's history. It
yields `Fault` and `Gap`; `judging` puts names to them. Silence means clean, so a rule that lacks what it needs
says `Gap`. It does not know where claims or tables come from.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeAlias

from auditor.domain.findings import ErrorType, Severity
from auditor.guidelines.lines import Day, JudgedClaim, Line, PatientHistory
from auditor.guidelines.tables import CodeTables


class Scope(StrEnum):
    """How much of a source a rule must see at once."""

    CLAIM = "claim"
    DAY = "patient, provider and day"
    HISTORY = "patient"
    AGGREGATE = "all claims of a period"


class Reason(StrEnum):
    """Why a claim could not be judged by a rule: never counted as clean."""

    NO_EDITION = "no edition in force on the date of service"
    INCOMPLETE_EDITION = "the edition in force does not list every code"
    UNKNOWN_CODE_SYSTEM = "code system without tables"
    UNKNOWN_CLAIM_TYPE = "unknown claim type"
    NO_PATIENT = "no patient"
    NO_PROVIDER = "no provider"
    NO_UNITS = "no units"
    NO_AGE = "no age"
    NO_SEX = "no sex"
    NO_PAYER = "no payer"
    NO_PLACE = "no place of service"
    NO_SPECIALTY = "no specialty"
    NO_DISCHARGE = "inpatient claim without a discharge date"
    NO_FEE = "code without fee schedule indicators"
    NO_EVIDENCE = "no time or decision making in the evidence"
    EARLIER_UNREAD = "earlier claims were not read"
    PERIOD_TOO_SHORT = "less than a year of claims was read"
    PRIMARY_OF_A_COLLEAGUE = "a colleague of the group may have billed the primary"
    TOO_FEW = "too few codes, visits or peers"
    CONTRACTOR_DEFINED = "primary codes are left to the contractor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What a rule found: the lines at fault, the worst first. It is of that line's claim, or of `claim_id`."""

    lines: tuple[Line, ...]
    edition: str
    detail: str
    claim_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What a rule could not judge, and why."""

    claim_id: str
    reason: Reason


class CodeAtFault(NamedTuple):
    """A code at fault, by its claim and the line that `Claim.lines` names; the other claim for rules of a day."""

    claim_id: str
    line: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One breach of one rule by one claim. `edition` is what judged it, `detail` one sentence without PHI."""

    rule: str
    claim_id: str
    codes: tuple[CodeAtFault, ...]
    edition: str
    severity: Severity
    detail: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The codes at fault as plain text, the worst first."""
        return tuple(each.code for each in self.codes)


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class NotJudged:
    """A claim that a rule applies to and could not judge."""

    rule: str
    claim_id: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCard:
    """What a rule says of itself: `config/rules.toml` for built-in rules, the house's own file for house rules."""

    name: str
    citation: str
    explanation: str
    needs: str
    not_judged: str
    severity: Severity
    error_type: ErrorType


Verdicts: TypeAlias = Iterator[Fault | Gap]
ClaimJudge: TypeAlias = Callable[[JudgedClaim, CodeTables], Verdicts]
DayJudge: TypeAlias = Callable[[Day, CodeTables], Verdicts]
HistoryJudge: TypeAlias = Callable[[PatientHistory, CodeTables], Verdicts]


def every_line(line: Line) -> bool:
    """The lines that a rule about all lines concerns."""
    return True


class Rule(Protocol):
    """What every rule has, whatever its scope."""

    @property
    def card(self) -> RuleCard:
        """Its name, citation and explanation."""

    @property
    def scope(self) -> Scope:
        """What it must see at once."""


@dataclass(frozen=True, kw_only=True)
class ClaimRule:
    """A rule that looks at one claim."""

    card: RuleCard
    judge: ClaimJudge
    scope: Scope = Scope.CLAIM


@dataclass(frozen=True, kw_only=True)
class DayRule:
    """A rule that looks at all procedure lines of a patient with one provider on one day, across claims.

    `concerns` tells which lines it is about: only claims with such a line can be not judged for want of a day.
    """

    card: RuleCard
    judge: DayJudge
    concerns: Callable[[Line], bool] = every_line
    scope: Scope = Scope.DAY


@dataclass(frozen=True, kw_only=True)
class HistoryRule:
    """A rule that looks at the claims of one patient over time."""

    card: RuleCard
    judge: HistoryJudge
    scope: Scope = Scope.HISTORY
