"""Judges claims by rules in memory: the same answer whatever order claims come in.

One of two independent paths: the other asks the claims database. Knows no database, no clock.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from auditor.domain.claims import Claim, Stage
from auditor.domain.plans import Period
from auditor.guidelines.lines import Day, JudgedClaim, Line, PatientHistory, days, histories, judged_claim
from auditor.guidelines.protocol import (
    ClaimRule,
    CodeAtFault,
    DayRule,
    Fault,
    Gap,
    NotJudged,
    Reason,
    RuleCard,
    Violation,
)
from auditor.guidelines.registry import AnyRule
from auditor.guidelines.tables import SETTINGS, CodeTables


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What rules said of claims: sorted by rule, claim and code. A claim can be in both lists of one rule."""

    claims: int
    violations: tuple[Violation, ...] = ()
    not_judged: tuple[NotJudged, ...] = ()
    by_rule: Mapping[str, int] = field(init=False)
    not_judged_by_rule: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        counted = Counter(each.rule for each in self.violations)
        object.__setattr__(self, "by_rule", dict(sorted(counted.items())))
        unjudged = Counter(rule for rule, _ in {(each.rule, each.claim_id) for each in self.not_judged})
        object.__setattr__(self, "not_judged_by_rule", dict(sorted(unjudged.items())))


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read: the judged stage (each claim's own where None), the judged period, and the days read whole.

    Claims outside `period` are context for the others. Without `period` all are judged; without `read_from` and
    `read_to`, all claims were read from the first one's day to the last one's.
    """

    stage: Stage | None = None
    period: Period | None = None
    read_from: date | None = None
    read_to: date | None = None


@dataclass(frozen=True)
class _View:
    """The claims as each scope sees them, grouped once for all rules."""

    claims: Sequence[JudgedClaim]
    days: Sequence[Day]
    histories: Sequence[PatientHistory]


def judge(
    claims: Iterable[Claim], tables: CodeTables, *, rules: Sequence[AnyRule], reading: Reading | None = None
) -> Judgement:
    """Violations of claims by each rule, and the claims that it could not judge.

    All claims of a patient must be given at once; patients may be judged one part after another.
    """
    read = reading or Reading()
    view = _view(claims, read)
    judged = {each.claim.claim_id for each in view.claims if _within(each.claim, read.period)}
    violations: set[Violation] = set()
    gaps: set[NotJudged] = set()
    for rule in rules:
        for verdict in _verdicts(rule, view, tables):
            if isinstance(verdict, Gap):
                gaps.add(NotJudged(rule=rule.card.name, claim_id=verdict.claim_id, reason=verdict.reason))
            else:
                violations.add(_violation(rule.card, verdict))
    return Judgement(
        claims=len(judged),
        violations=tuple(sorted((each for each in violations if each.claim_id in judged), key=_order)),
        not_judged=tuple(sorted(each for each in gaps if each.claim_id in judged)),
    )


def _view(claims: Iterable[Claim], read: Reading) -> _View:
    every = [judged_claim(claim, read.stage) for claim in sorted(claims, key=lambda claim: claim.claim_id)]
    served = [each.claim.served_on for each in every] or [date.max]
    known = histories(every, read_from=read.read_from or min(served), read_to=read.read_to or max(served))
    return _View(claims=every, days=list(days(every)), histories=list(known))


def _within(claim: Claim, period: Period | None) -> bool:
    return period is None or period.first_on <= claim.served_on <= period.last_on


def _verdicts(rule: AnyRule, view: _View, tables: CodeTables) -> Iterator[Fault | Gap]:
    if isinstance(rule, ClaimRule):
        for claim in view.claims:
            yield from rule.judge(claim, tables)
    elif isinstance(rule, DayRule):
        yield from _gaps_of_days(line for each in view.claims for line in each.procedures if rule.concerns(line))
        for day in view.days:
            yield from rule.judge(day, tables)
    else:
        yield from (
            Gap(claim_id=each.claim.claim_id, reason=Reason.NO_PATIENT)
            for each in view.claims
            if not each.claim.patient_id
        )
        for history in view.histories:
            yield from rule.judge(history, tables)


def _gaps_of_days(lines: Iterable[Line]) -> Iterator[Gap]:
    """Claims whose day is not known."""
    for line in lines:
        if (line.claim.claim_type or "").strip().lower() not in SETTINGS:
            yield Gap(claim_id=line.claim_id, reason=Reason.UNKNOWN_CLAIM_TYPE)
        elif line.setting and not line.claim.patient_id:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_PATIENT)
        elif line.setting and not line.provider:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_PROVIDER)


def _violation(card: RuleCard, fault: Fault) -> Violation:
    return Violation(
        rule=card.name,
        claim_id=fault.claim_id or fault.lines[0].claim_id,
        codes=tuple(_at_fault(line) for line in fault.lines),
        edition=fault.edition,
        severity=card.severity,
        detail=fault.detail,
    )


def _at_fault(line: Line) -> CodeAtFault:
    return CodeAtFault(line.claim_id, line.label, line.code)


def _order(violation: Violation) -> tuple[str, str, tuple[CodeAtFault, ...], str]:
    return violation.rule, violation.claim_id, violation.codes, violation.detail
