"""The auditor's one correct code set, and every stage scored against it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.domain.audits import DocumentationStatus
from auditor.domain.claims import Claim, CodingSource, Stage
from auditor.domain.comparison import compare
from auditor.domain.corrections import CorrectCode, correct_set, same_codes
from auditor.domain.findings import CodeFinding, ErrorType, Outcome, Severity
from auditor.domain.scoring import CaseScore, StageScore, own_stage, score_case
from tests import make
from tests.domain.judgements import DRAFT, HUMAN, SUBMITTED, change, claim, codes, judged, verdict

COMPLETE = DocumentationStatus.COMPLETE


def scored(of: Claim, findings: tuple[CodeFinding, ...]) -> CaseScore:
    score = score_case(of, findings, COMPLETE)
    assert score is not None
    return score


def written(correct: tuple[CorrectCode, ...]) -> list[str]:
    return [code.code for code in correct]


def test_the_correct_set_follows_from_the_findings_on_one_stage() -> None:
    billed = claim(codes(SUBMITTED, "99215", "93000", "36415", "I10", "80053x2", "20610"))
    findings = judged(
        billed,
        SUBMITTED,
        l1=change("99214", correct_modifiers=("25",)),
        l3=verdict(Outcome.DELETE),
        l5=verdict(Outcome.UNITS, correct_units=1),
        l6=verdict(Outcome.MODIFIER, correct_modifiers=("LT",)),
        add1={"correct_code": "J1030", "code_system": "HCPCS", "correct_units": 2},
    )
    correct = correct_set(billed, SUBMITTED, findings)
    assert written(correct) == ["99214", "93000", "I10", "80053", "20610", "J1030"]
    assert [code.modifiers for code in correct] == [("25",), (), (), (), ("LT",), ()]
    assert [code.units for code in correct] == [1, 1, 1, 1, 1, 2]


def test_a_resequenced_code_moves_to_its_place() -> None:
    billed = claim(codes(SUBMITTED, "I10", "E11.9"))
    findings = judged(
        billed,
        SUBMITTED,
        l1=verdict(Outcome.RESEQUENCE, correct_sequence=2),
        l2=verdict(Outcome.RESEQUENCE, correct_sequence=1),
    )
    assert written(correct_set(billed, SUBMITTED, findings)) == ["E11.9", "I10"]
    assert not scored(billed, findings).stages[SUBMITTED].is_error


def test_every_stage_is_scored_against_the_set_of_the_stage_that_was_reviewed() -> None:
    both = claim(codes(DRAFT, "99214", "93000", "I10"), codes(SUBMITTED, "99213", "I10"))
    score = scored(both, judged(both, SUBMITTED))
    draft, submitted = score.stages[DRAFT], score.stages[SUBMITTED]
    assert (draft.assigned, draft.correct, draft.matched, draft.changed, draft.extra) == (3, 2, 1, 1, 1)
    assert (draft.is_error, draft.overcoded, draft.undercoded, draft.explicit) == (True, True, False, False)
    assert (submitted.matched, submitted.is_error, submitted.explicit) == (2, False, True)


def test_a_level_below_the_correct_one_is_undercoded_and_a_missed_code_too() -> None:
    low = claim(codes(DRAFT, "99213", "I10"), codes(SUBMITTED, "99214", "I10"))
    draft = scored(low, judged(low, SUBMITTED)).stages[DRAFT]
    assert (draft.findings[0].error_type, draft.undercoded, draft.overcoded) == (ErrorType.UNDERCODED, True, False)
    missing = claim(codes(DRAFT, "99214"), codes(SUBMITTED, "99214", "93000"))
    score = scored(missing, judged(missing, SUBMITTED)).stages[DRAFT]
    assert (score.missed, score.undercoded, score.matched, score.correct) == (1, True, 1, 2)


def test_new_and_established_visits_are_not_levels_of_one_family() -> None:
    visit = claim(codes(DRAFT, "99204"), codes(SUBMITTED, "99214"))
    draft = scored(visit, judged(visit, SUBMITTED)).stages[DRAFT]
    assert draft.findings[0].error_type is ErrorType.UNSUPPORTED


def test_cpt_and_hcpcs_are_one_family_and_dots_do_not_matter() -> None:
    undotted = make.code("I2510", code_system="ICD-10-CM")
    mixed = claim(codes(DRAFT, "J1030"), codes(HUMAN, undotted))
    correct = (CorrectCode(code_system="HCPCS", code="j1030"), CorrectCode(code_system="ICD-10-CM", code="I25.10"))
    assert [f.outcome for f in compare(DRAFT, mixed.lines(DRAFT), correct[:1])] == [Outcome.AGREE]
    assert [f.outcome for f in compare(HUMAN, mixed.lines(HUMAN), correct[1:])] == [Outcome.AGREE]


def test_what_is_left_over_is_paired_with_what_is_most_like_it() -> None:
    draft = claim(codes(DRAFT, "93000", "99214", "I10", "E11.9"))
    correct = tuple(
        CorrectCode(code_system=system, code=code)
        for system, code in (
            ("CPT", "99213"),
            ("CPT", "93010"),
            ("ICD-10-CM", "E11.65"),
            ("ICD-10-CM", "I11.9"),
        )
    )
    found = compare(DRAFT, draft.lines(DRAFT), correct)
    assert [(f.code_submitted, f.correct_code) for f in found] == [
        ("93000", "93010"),
        ("99214", "99213"),
        ("I10", "I11.9"),
        ("E11.9", "E11.65"),
    ]


def test_a_code_billed_twice_and_right_once_is_one_extra_code() -> None:
    twice = claim(codes(DRAFT, "93000", "93000"), codes(SUBMITTED, "93000"))
    draft = scored(twice, judged(twice, SUBMITTED)).stages[DRAFT]
    assert (draft.matched, draft.correct, draft.extra) == (1, 1, 1)


def test_modifier_and_unit_differences_leave_the_code_right_and_the_claim_wrong() -> None:
    draft = claim(codes(DRAFT, "99214", "80053x2"), codes(SUBMITTED, "99214-25", "80053x1"))
    score = scored(draft, judged(draft, SUBMITTED)).stages[DRAFT]
    assert [f.outcome for f in score.findings] == [Outcome.MODIFIER, Outcome.UNITS]
    assert [f.error_type for f in score.findings] == [ErrorType.MODIFIER, ErrorType.UPCODED]
    assert (score.matched, score.correct, score.is_error, score.overturned) == (2, 2, True, 2)


def test_a_wrong_first_diagnosis_is_a_variance() -> None:
    draft = claim(codes(DRAFT, "I10", "E11.9"), codes(SUBMITTED, "E11.9", "I10"))
    score = scored(draft, judged(draft, SUBMITTED)).stages[DRAFT]
    assert [f.outcome for f in score.findings] == [Outcome.RESEQUENCE, Outcome.AGREE]
    assert (score.findings[0].severity, score.is_error) == (Severity.VARIANCE, False)


def test_the_auditors_own_severity_decides_where_a_stage_was_judged_line_by_line() -> None:
    billed = claim(codes(SUBMITTED, "99214"))
    mild = judged(billed, SUBMITTED, l1=change("99213", severity=Severity.VARIANCE))
    score = scored(billed, mild).stages[SUBMITTED]
    assert (score.is_error, score.overcoded, score.changed, score.matched) == (False, False, 1, 0)


def test_findings_on_two_stages_count_each_on_its_own() -> None:
    both = claim(codes(DRAFT, "99214"), codes(SUBMITTED, "99213"))
    findings = judged(both, DRAFT, l1=change("99213")) + judged(both, SUBMITTED)
    score = scored(both, findings)
    assert (score.reviewed_stage, score.stages[DRAFT].is_error, score.stages[SUBMITTED].is_error) == (
        SUBMITTED,
        True,
        False,
    )


def test_a_record_that_was_not_produced_leaves_nothing_supported() -> None:
    billed = claim(codes(DRAFT, "99214"), codes(SUBMITTED, "99214", "I10"))
    score = score_case(billed, (), DocumentationStatus.NOT_PRODUCED)
    assert score is not None
    assert score.documentation_missing
    assert score.correct_codes == ()
    for stage in score.stages.values():
        assert (stage.is_error, stage.overcoded, stage.undercoded, stage.matched) == (True, True, False, 0)
        assert {f.error_type for f in stage.findings} == {ErrorType.NO_DOCUMENTATION}


def test_a_requested_record_leaves_the_case_pending() -> None:
    billed = claim(codes(SUBMITTED, "99214"))
    assert score_case(billed, judged(billed, SUBMITTED), DocumentationStatus.REQUESTED) is None
    assert score_case(billed, (), COMPLETE) is None


@pytest.mark.parametrize(
    ("arm", "present", "own"),
    [
        (CodingSource.AI, (DRAFT, HUMAN, SUBMITTED), DRAFT),
        (CodingSource.AI, (HUMAN, SUBMITTED), SUBMITTED),
        (CodingSource.HUMAN, (DRAFT, HUMAN, SUBMITTED), HUMAN),
        (CodingSource.HUMAN, (DRAFT, SUBMITTED), SUBMITTED),
        (CodingSource.AI_ASSISTED, (DRAFT, HUMAN, SUBMITTED), SUBMITTED),
        (CodingSource.AI_ASSISTED, (DRAFT,), DRAFT),
    ],
)
def test_an_arm_is_judged_by_the_stage_that_shows_its_own_work(
    arm: CodingSource, present: tuple[Stage, ...], own: Stage
) -> None:
    assert own_stage(arm, present) is own


CODES = st.lists(st.sampled_from(["99213", "99214-25", "93000x2", "93000", "I10", "E11.9", "E11.65"]), max_size=6)


@given(draft=CODES, right=CODES)
def test_the_findings_of_a_comparison_lead_back_to_the_correct_set(draft: list[str], right: list[str]) -> None:
    both = claim(codes(DRAFT, *draft), codes(SUBMITTED, *right))
    correct = correct_set(both, SUBMITTED, judged(both, SUBMITTED))
    found = compare(DRAFT, both.lines(DRAFT), correct)
    again = correct_set(both, DRAFT, found)
    assert same_codes(correct, again)
    assert sorted((c.key, sorted(c.modifiers)) for c in again) == sorted(
        (c.key, sorted(c.modifiers)) for c in correct
    )


@given(draft=CODES, right=CODES)
def test_matched_codes_never_exceed_assigned_or_correct_ones(draft: list[str], right: list[str]) -> None:
    both = claim(codes(DRAFT, *draft), codes(SUBMITTED, *right))
    if not both.codes:
        return
    score: StageScore | None = scored(both, judged(both, SUBMITTED)).stages.get(DRAFT) if right else None
    if score:
        assert score.matched + score.changed + score.extra == score.assigned
        assert score.matched + score.changed + score.missed == score.correct


def test_a_draft_does_not_miss_what_drafts_of_its_source_cannot_hold() -> None:
    both = claim(codes(DRAFT, "99214"), codes(SUBMITTED, "99214", "I10"))
    findings = judged(both, SUBMITTED)
    assert scored(both, findings).stages[DRAFT].is_error  # a draft that could have held it, and did not
    procedures = replace(both, drafts_hold=("CPT/HCPCS",))
    draft, submitted = (scored(procedures, findings).stages[stage] for stage in (DRAFT, SUBMITTED))
    assert (draft.is_error, draft.missed, draft.correct, draft.matched) == (False, 0, 1, 1)
    assert (submitted.correct, submitted.matched) == (2, 2)


def test_a_missed_diagnosis_is_no_error_of_a_draft_that_was_judged_itself_and_cannot_hold_it() -> None:
    drafted = replace(claim(codes(DRAFT, "99214")), drafts_hold=("CPT/HCPCS",))
    findings = judged(drafted, DRAFT, add1={"correct_code": "I10", "code_system": "ICD-10-CM"})
    score = scored(drafted, findings)
    assert written(score.correct_codes) == ["99214", "I10"]
    assert not score.stages[DRAFT].is_error
