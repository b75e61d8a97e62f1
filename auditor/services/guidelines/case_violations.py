"""Which guideline rules the codes of one case break, and the finding that each would make.

Judged on the frozen claim alone, by the editions of its days: other claims of the day were not read, so rules that
ask for something missing are silent. Only codes under review are judged, and without what tells who coded them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from auditor.domain.claims import Claim, ClaimCode, Stage
from auditor.domain.codes import PROCEDURE_FAMILY, code_family, normal_code
from auditor.domain.findings import ErrorType, Outcome, Severity
from auditor.guidelines.judging import Reading, judge
from auditor.guidelines.protocol import CodeAtFault, Reason, RuleCard, Violation
from auditor.guidelines.tables import CodeTables, setting_of
from auditor.services import case_evidence, cases
from auditor.services.guidelines import lookup
from auditor.services.guidelines.house import rules_in_force
from auditor.services.review_queue import stage_under_review
from auditor.storage.cases import AuditCase
from auditor.storage.guidelines import Edition

_MUE = "mue"
_OUTCOMES = {
    ErrorType.UNBUNDLED: Outcome.DELETE,
    ErrorType.MODIFIER: Outcome.MODIFIER,
    ErrorType.SEQUENCING: Outcome.RESEQUENCE,
}


@dataclass(frozen=True, kw_only=True)
class CaseViolation:
    """One rule that a code breaks; `beside` are the other codes at fault. `outcome` is what it would come to.

    What is wrong with the claim itself, such as its dates, has no line, no code and no outcome.
    `correct_units` is known for unit limits alone; what else is correct is for the auditor to say.
    """

    line: str | None
    code: str
    beside: tuple[str, ...]
    rule: str
    edition: str
    detail: str
    explanation: str
    citation: str
    outcome: Outcome | None
    error_type: ErrorType
    severity: Severity
    correct_units: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseJudgement:
    """What the guidelines say of a case: what is broken, and which rules could not judge it, with the reason."""

    violations: tuple[CaseViolation, ...]
    not_judged: tuple[tuple[str, str], ...]


def of_case(
    session: Session, case: AuditCase, editions: Sequence[Edition], *, own_rules: Path | None
) -> CaseJudgement:
    """The codes under review by the guidelines of all `editions`; call it only once they may be shown."""
    claim = cases.thaw(case)
    stage = stage_under_review(claim)
    if not case_evidence.may_be_shown(case):
        codes = (code if code.evidence is None else replace(code, evidence=None) for code in claim.codes)
        claim = replace(claim, codes=tuple(codes))
    rules = rules_in_force(own_rules)
    cards = {rule.card.name: rule.card for rule in rules}
    tables = lookup.tables(session, _wanted(claim, stage), editions)
    alone = replace(claim, patient_id=None)  # no day is seen whole, so that nothing counts as missing
    judged = judge([alone], tables, rules=rules, reading=Reading(stage=stage))
    lines = claim.lines(stage)
    found = [_told(each, cards[each.rule], _unit_limit(each, claim, lines, tables)) for each in judged.violations]
    gaps = {(each.rule, each.reason.value) for each in judged.not_judged if each.reason is not Reason.NO_PATIENT}
    places = list(lines)
    return CaseJudgement(
        violations=tuple(sorted(found, key=lambda each: (_place(each, places), each.severity, each.rule))),
        not_judged=tuple(sorted(gaps)),
    )


def _place(violation: CaseViolation, lines: Sequence[str]) -> int:
    return lines.index(violation.line) if violation.line is not None else len(lines)


def _wanted(claim: Claim, stage: Stage) -> lookup.Wanted:
    procedures: set[str] = set()
    icd: defaultdict[str, set[str]] = defaultdict(set)
    for code in claim.stage(stage):
        system = code_family(code.code_system)
        (procedures if system == PROCEDURE_FAMILY else icd[system]).add(normal_code(code.code))
    return lookup.Wanted(
        procedures=frozenset(procedures), icd={system: frozenset(codes) for system, codes in icd.items()}
    )


def _told(violation: Violation, card: RuleCard, most_units: int | None) -> CaseViolation:
    first, *others = violation.codes or (CodeAtFault(violation.claim_id, "", ""),)
    outcome: Outcome | None = _OUTCOMES.get(card.error_type, Outcome.CHANGE) if violation.codes else None
    if violation.rule == _MUE:
        outcome = Outcome.DELETE if most_units == 0 else Outcome.UNITS
    return CaseViolation(
        line=first.line or None,
        code=first.code,
        beside=tuple(dict.fromkeys(each.code for each in others)),
        rule=violation.rule,
        edition=violation.edition,
        detail=violation.detail,
        explanation=card.explanation,
        citation=card.citation,
        outcome=outcome,
        error_type=card.error_type,
        severity=violation.severity,
        correct_units=most_units or None,
    )


def _unit_limit(violation: Violation, claim: Claim, lines: Mapping[str, ClaimCode], tables: CodeTables) -> int | None:
    """The limit of units that one line alone is above; None where several lines share it."""
    setting = setting_of(claim.claim_type)
    if violation.rule != _MUE or setting is None or len(violation.codes) > 1:
        return None
    first = violation.codes[0]
    limit = tables.mue_limit(setting, first.code, on=lines[first.line].served_on or claim.served_on)
    return limit.units if limit else None
