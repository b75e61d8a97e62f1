from fractions import Fraction

import pytest

from auditor.services import adjudication, metrics
from auditor.services.metric_rows import MetricState
from auditor.stats import two_phase
from auditor.stats.proportion import clopper_pearson
from auditor.stats.rate_difference import rate_difference
from auditor.stats.weighted_agreement import weighted_kappa_and_ac1
from auditor.storage.cases import AuditCase
from tests import make
from tests.domain.judgements import change
from tests.services.reviewed_twice import give, with_second
from tests.services.samples import draw, drawn_audit
from tests.services.test_adjudication import OFFICER, decide

WRONG = {"l1": change("99213")}


def rows(session, audit):
    found = {}
    for each in metrics.audit_metrics(session, audit.id):
        found.setdefault((each.metric, each.arm, each.slice), each)
    return {metric: row for (metric, arm, slice_), row in found.items() if (arm, slice_) == ("all", "all")}


@pytest.fixture
def twice(database):
    """40 of 500 claims, 8 in error by the first review; 20 reviewed twice, of which 2 end apart and are undecided."""
    with database.write() as session:
        audit = drawn_audit(session, {"": 500}, confidence=Fraction(9, 10))
        cases = draw(session, audit, "", [make.claim(f"C-{n}") for n in range(40)], population=500)
        for number, case in enumerate(cases):
            case.assigned_to = "anna"
            give(session, case, WRONG if number < 8 else None, by="anna")
        for number, case in enumerate(cases[:20]):
            with_second(session, case)
            give(session, case, WRONG if number < 6 else None, by="ben")
        yield session, audit, cases


def test_agreement_is_that_of_the_two_blind_reviews(twice):
    session, audit, _ = twice
    found = rows(session, audit)
    percent = found["auditor_agreement"]
    assert (percent.numerator, percent.denominator, percent.n, percent.estimate) == (18, 20, 20, 0.9)
    first, second = [True] * 8 + [False] * 12, [True] * 6 + [False] * 14
    kappa, ac1 = weighted_kappa_and_ac1(first, second, confidence=0.9)
    assert found["auditor_agreement_kappa"].estimate == pytest.approx(kappa.estimate)
    assert found["auditor_agreement_ac1"].estimate == pytest.approx(ac1.estimate)
    assert found["auditor_agreement_ac1"].low < ac1.estimate < found["auditor_agreement_ac1"].high
    assert found["auditor_code_agreement"].estimate == 0.9
    assert 0 < found["auditor_code_agreement_alpha"].estimate < 1


def test_the_rate_that_carries_the_auditors_errors_waits_for_every_decision(twice):
    session, audit, cases = twice
    waiting = rows(session, audit)["claim_error_rate_two_phase"]
    assert (waiting.state, waiting.estimate, waiting.method) == (
        MetricState.NO_DATA,
        None,
        "waits for 2 adjudications",
    )
    for case in cases[6:8]:
        decide(session, case.id, "olga", OFFICER, side=_clean_side(session, case))
    found = rows(session, audit)["claim_error_rate_two_phase"]
    first = [1.0] * 8 + [0.0] * 32
    settled = [1.0] * 6 + [0.0] * 14 + [None] * 20
    expected = two_phase.two_phase_rate(first, settled, population=500, confidence=0.9)
    assert (found.estimate, found.low, found.high) == (expected.estimate, expected.low, expected.high)
    assert rows(session, audit)["auditor_agreement"].estimate == 0.9


def _clean_side(session, case: AuditCase) -> int:
    seat = adjudication.seat(session, case.id, name="olga", roles=OFFICER, lock=True)
    return next(n for n, side in enumerate(adjudication.sides(session, seat)) if side.on("1").outcome == "agree")


def test_anchoring_is_the_rate_found_blind_less_the_rate_found_with_the_codes_in_sight(database):
    with database.write() as session:
        audit = drawn_audit(session, {"": 1000}, confidence=Fraction(95, 100))
        cases = draw(session, audit, "", [make.claim(f"C-{n}") for n in range(60)], population=1000)
        for number, case in enumerate(cases):
            give(session, case, WRONG if number < 9 else None, by="anna")
        for number, case in enumerate(cases):
            case.blind = number < 6 or number >= 46
        session.flush()
        found = rows(session, audit)["anchoring_difference"]
    assert found.estimate == pytest.approx(6 / 20 - 3 / 40)
    assert found.low < found.estimate < found.high
    expected = rate_difference(clopper_pearson(6, 20, confidence=0.95), clopper_pearson(3, 40, confidence=0.95))
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.n == 60


def test_without_second_reviews_and_blind_cases_nothing_is_said_of_the_auditors(database):
    with database.write() as session:
        audit = drawn_audit(session, {"": 100})
        for case in draw(session, audit, "", [make.claim("C-1")], population=100):
            give(session, case, by="anna")
        told = rows(session, audit)
    assert not [name for name in told if name.startswith(("auditor_", "anchoring", "claim_error_rate_two"))]
