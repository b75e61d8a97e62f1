"""The findings that an auditor's correct code set stands for on a stage that was not judged line by line.

Codes are matched by family and code; what is left over of one family is paired as a change, E/M levels with
their own family and diagnoses with their own category first. Error types and severity follow the default policy.
"""

from collections.abc import Callable, Mapping, Sequence

from auditor.domain.claims import ClaimCode, Stage
from auditor.domain.codes import normal_code
from auditor.domain.corrections import CorrectCode, code_key
from auditor.domain.em_levels import em_level
from auditor.domain.findings import CodeFinding, Outcome, under_policy

_DIAGNOSES = "ICD-10-CM"
_CATEGORY_LENGTH = 3


def compare(stage: Stage, lines: Mapping[str, ClaimCode], correct: Sequence[CorrectCode]) -> tuple[CodeFinding, ...]:
    """One finding for each code of the stage, by its line and in its order, and one for each missed code."""
    assigned = list(lines.values())
    pairs, missed = _pair(assigned, correct)
    demoted = _demoted_diagnosis(assigned, correct, pairs)
    judged = [_judge(stage, line, code, pairs.get(id(code)), code is demoted) for line, code in lines.items()]
    added = [_missed(stage, number, right) for number, right in enumerate(missed, start=1)]
    return tuple(under_policy(finding) for finding in [*judged, *added])


def _pair(
    assigned: Sequence[ClaimCode], correct: Sequence[CorrectCode]
) -> tuple[dict[int, CorrectCode], list[CorrectCode]]:
    """The correct code of each assigned one (by its identity), and the correct ones that nobody assigned."""
    left, right = list(assigned), list(correct)
    pairs: dict[int, CorrectCode] = {}
    for alike in (_identical, _same_code, _same_levels, _same_category, _same_family):
        _take(pairs, left, right, alike)
    return pairs, right


def _take(
    pairs: dict[int, CorrectCode],
    left: list[ClaimCode],
    right: list[CorrectCode],
    alike: Callable[[ClaimCode, CorrectCode], bool],
) -> None:
    """Move from both lists into the pairs, in order, what is alike."""
    for code in left:
        match = next((place for place, candidate in enumerate(right) if alike(code, candidate)), None)
        if match is not None:
            pairs[id(code)] = right.pop(match)
    left[:] = [code for code in left if id(code) not in pairs]


def _identical(code: ClaimCode, right: CorrectCode) -> bool:
    return _same_code(code, right) and not _modifiers_differ(code, right) and not _units_differ(code, right)


def _same_code(code: ClaimCode, right: CorrectCode) -> bool:
    return code_key(code) == right.key


def _same_levels(code: ClaimCode, right: CorrectCode) -> bool:
    here, there = em_level(code.code), em_level(right.code)
    return _same_family(code, right) and here is not None and there is not None and here[0] == there[0]


def _same_category(code: ClaimCode, right: CorrectCode) -> bool:
    return _same_family(code, right) and normal_code(code.code)[:_CATEGORY_LENGTH] == right.key[1][:_CATEGORY_LENGTH]


def _same_family(code: ClaimCode, right: CorrectCode) -> bool:
    return code_key(code)[0] == right.key[0]


def _modifiers_differ(code: ClaimCode, right: CorrectCode) -> bool:
    return sorted(code.modifiers) != sorted(right.modifiers)


def _units_differ(code: ClaimCode, right: CorrectCode) -> bool:
    return code.units is not None and right.units is not None and code.units != right.units


def _demoted_diagnosis(
    assigned: Sequence[ClaimCode], correct: Sequence[CorrectCode], pairs: Mapping[int, CorrectCode]
) -> ClaimCode | None:
    """The diagnosis that was listed first though another one of the stage belongs there."""
    first = next((code for code in assigned if code_key(code)[0] == _DIAGNOSES), None)
    right = next((code for code in correct if code.key[0] == _DIAGNOSES), None)
    if first is None or right is None or code_key(first) == right.key:
        return None
    kept = pairs.get(id(first))
    holds_both = kept is not None and _same_code(first, kept) and any(_same_code(code, right) for code in assigned)
    return first if holds_both else None


def _judge(stage: Stage, line: str, code: ClaimCode, right: CorrectCode | None, demoted: bool) -> CodeFinding:
    outcome = _outcome(code, right, demoted)
    return CodeFinding(
        stage=stage,
        line=line,
        code_system=code.code_system,
        outcome=outcome,
        code_submitted=code.code,
        modifiers=code.modifiers,
        units=code.units,
        correct_code=right.code if right and outcome is Outcome.CHANGE else None,
        correct_modifiers=right.modifiers if right and _modifiers_differ(code, right) else None,
        correct_units=right.units if right and _units_differ(code, right) else None,
        correct_allowed_cents=right.allowed_cents if right else None,
    )


def _outcome(code: ClaimCode, right: CorrectCode | None, demoted: bool) -> Outcome:
    if right is None:
        return Outcome.DELETE
    if not _same_code(code, right):
        return Outcome.CHANGE
    if _modifiers_differ(code, right):
        return Outcome.MODIFIER
    if _units_differ(code, right):
        return Outcome.UNITS
    return Outcome.RESEQUENCE if demoted else Outcome.AGREE


def _missed(stage: Stage, number: int, right: CorrectCode) -> CodeFinding:
    return CodeFinding(
        stage=stage,
        line=f"+{number}",
        code_system=right.code_system,
        outcome=Outcome.ADD,
        correct_code=right.code,
        correct_modifiers=right.modifiers,
        correct_units=right.units,
        correct_allowed_cents=right.allowed_cents,
    )
