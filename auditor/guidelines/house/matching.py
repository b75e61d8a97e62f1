"""Judges lines by a house rule. Knows nothing of files."""

from collections.abc import Sequence

from auditor.domain.claims import Claim
from auditor.guidelines.house.model import ClaimCondition, HouseRule, LineCondition
from auditor.guidelines.lines import DIAGNOSES, Day, JudgedClaim, Line
from auditor.guidelines.protocol import ClaimRule, DayRule, Fault, Gap, Reason, Verdicts
from auditor.guidelines.registry import AnyRule
from auditor.guidelines.tables import CodeTables


def as_rule(rule: HouseRule) -> AnyRule:
    """The rule as `judging` takes it."""

    def of_claim(claim: JudgedClaim, tables: CodeTables) -> Verdicts:
        return _verdicts(rule, claim.lines, whole=True)

    def of_day(day: Day, tables: CodeTables) -> Verdicts:
        return _verdicts(rule, day.lines, whole=day.whole)

    if rule.whole_day:
        return DayRule(card=rule.card, judge=of_day, concerns=lambda line: _meets(line, rule.line, (line,)))
    return ClaimRule(card=rule.card, judge=of_claim)


def _verdicts(rule: HouseRule, lines: Sequence[Line], *, whole: bool) -> Verdicts:
    for line in lines:
        if not _meets(line, rule.line, lines) or not rule.first_on <= line.on <= rule.last_on:
            continue
        missing = _missing(line, rule)
        if missing:
            yield Gap(claim_id=line.claim_id, reason=missing)
        elif _claim_meets(line.claim, rule.claim):
            yield from _faults(rule, line, lines, whole)


def _faults(rule: HouseRule, line: Line, lines: Sequence[Line], whole: bool) -> Verdicts:
    others = [other for other in lines if other is not line]
    required = [other for other in others if rule.requires and _meets(other, rule.requires, lines)]
    forbidden = [other for other in others if rule.forbids and _meets(other, rule.forbids, lines)]
    if forbidden:
        yield _fault(rule, (line, forbidden[0]), f"{line.code} stands beside {forbidden[0].code}")
    elif rule.requires and not required and whole:
        yield _fault(rule, (line,), f"{line.code} stands alone")
    elif not rule.requires and not rule.forbids:
        yield _fault(rule, (line,), line.code)


def _fault(rule: HouseRule, lines: tuple[Line, ...], what: str) -> Fault:
    return Fault(lines=lines, edition=rule.file[:80], detail=f"{what}: {rule.card.name}.")


def _meets(line: Line, asked: LineCondition, lines: Sequence[Line]) -> bool:
    return (
        (asked.codes is None or (line.is_procedure and line.code in asked.codes))
        and (asked.diagnoses is None or (line.system == DIAGNOSES and line.code in asked.diagnoses))
        and (asked.modifiers is None or not asked.modifiers.isdisjoint(line.modifiers))
        and (asked.without_modifiers is None or asked.without_modifiers.isdisjoint(line.modifiers))
        and (asked.units is None or line.units is None or line.units in asked.units)
        and (not asked.first_listed or line is next((one for one in lines if one.system == DIAGNOSES), None))
    )


def _missing(line: Line, rule: HouseRule) -> Reason | None:
    """What the rule asks of the line or its claim that these do not say."""
    claim, asked = line.claim, rule.claim
    needs = (
        (rule.line.units, line.units, Reason.NO_UNITS),
        (asked.payers, claim.payer, Reason.NO_PAYER),
        (asked.places, claim.place_of_service, Reason.NO_PLACE),
        (asked.specialties, claim.specialty, Reason.NO_SPECIALTY),
        (asked.sexes, claim.patient_sex, Reason.NO_SEX),
        (asked.ages, claim.patient_age, Reason.NO_AGE),
    )
    return next((reason for wanted, known, reason in needs if wanted is not None and known in (None, "")), None)


def _claim_meets(claim: Claim, asked: ClaimCondition) -> bool:
    claim_type = (claim.claim_type or "professional").strip().lower()
    checks = (
        (asked.payers, claim.payer),
        (asked.places, (claim.place_of_service or "").strip()),
        (asked.claim_types, claim_type),
        (asked.specialties, claim.specialty),
        (asked.sexes, (claim.patient_sex or "").strip().upper()[:1]),
        (asked.ages, claim.patient_age),
    )
    return all(wanted is None or known in wanted for wanted, known in checks)
