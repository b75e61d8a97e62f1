"""The simulated auditors find what is wrong, err at the stated rate, and do not depend on the order of work."""

from dataclasses import replace
from datetime import date

from auditor.demo import world
from auditor.demo.auditors import review
from auditor.demo.coders import Coding
from auditor.demo.encounters import Coded, Encounter
from auditor.domain.claims import Claim, ClaimCode, CodingSource, Stage
from auditor.domain.findings import Outcome

TRUE_CODES = (Coded("CPT", "99213", ""), Coded("ICD-10-CM", "I10"))
VISIT = Encounter(
    number=1,
    served_on=date(2025, 3, 3),
    specialty=world.SPECIALTIES[0],
    payer=world.PAYERS[0],
    provider="P01",
    patient_id="PT-00001",
    age=70,
    sex="F",
    codes=TRUE_CODES,
)
TRUTH = Coding(VISIT, "ai", "3.0", None, 0.9, {}, documented=True)


def _claim(claim_id: str, level: str) -> Claim:
    codes = (("CPT", level), ("ICD-10-CM", "I10"))
    return Claim(
        claim_id=claim_id,
        coding_source=CodingSource.AI,
        served_on=VISIT.served_on,
        codes=tuple(
            ClaimCode(stage=Stage.SUBMITTED, sequence=place, code_system=system, code=code)
            for place, (system, code) in enumerate(codes, start=1)
        ),
    )


def test_an_upcoded_visit_is_mostly_found_and_sometimes_overlooked() -> None:
    reviews = [review(_claim(f"C{n}", "99214"), TRUTH, auditor="ada", seed=1) for n in range(4_000)]
    outcomes = [r[0].outcome for r in reviews if r]
    overlooked = outcomes.count(Outcome.AGREE) / len(outcomes)
    assert set(outcomes) == {Outcome.CHANGE, Outcome.AGREE}
    assert abs(overlooked - world.AUDITOR_MISSES) < 0.012  # three standard errors of 4,000 reviews


def test_a_clean_claim_is_seldom_called_wrong() -> None:
    reviews = [review(_claim(f"C{n}", "99213"), TRUTH, auditor="ada", seed=1) for n in range(4_000)]
    wrong = sum(any(f.is_error for f in r) for r in reviews if r) / len(reviews)
    assert 0 < wrong < 2 * world.AUDITOR_FALSE_ERRORS


def test_a_review_depends_on_the_claim_and_the_auditor_alone() -> None:
    claim = _claim("C17", "99214")
    again = [review(claim, TRUTH, auditor="ada", seed=1) for _ in range(2)]
    assert again[0] == again[1]


def test_nothing_is_judged_where_the_record_is_missing() -> None:
    assert review(_claim("C1", "99213"), replace(TRUTH, documented=False), auditor="ada", seed=1) is None


def test_what_was_wrong_is_priced_at_what_the_payer_would_have_allowed() -> None:
    reviews = [review(_claim(f"C{n}", "99214"), TRUTH, auditor="ada", seed=1) for n in range(40)]
    priced = {r[0].correct_allowed_cents for r in reviews if r and r[0].outcome is Outcome.CHANGE}
    assert priced == {9_100}  # 99213 at the schedule, Medicare paying it as it is
