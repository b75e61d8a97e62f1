"""The metrics of whole small audits, computed by hand; both engines."""

from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, DocumentationStatus, SelectionMethod
from auditor.domain.claims import Claim, CodingSource
from auditor.domain.findings import Outcome
from auditor.errors import Conflict, NotFound
from auditor.services import metrics
from auditor.services.metric_rows import Metric, MetricState
from auditor.stats.finite_population import exact_interval
from auditor.stats.proportion import clopper_pearson
from auditor.stats.rate_difference import rate_difference
from auditor.stats.ratio import clustered_ratio, korn_graubard
from auditor.storage.audits import Audit
from auditor.storage.database import Database
from tests import make
from tests.domain.judgements import DRAFT, HUMAN, SUBMITTED, change, claim, codes, verdict
from tests.services.samples import draw, drawn_audit, review

MISSING = DocumentationStatus.NOT_PRODUCED


def found(rows: list[Metric], metric: str, arm: str = "all", slice_: str = "all", stage: str | None = None) -> Metric:
    """The first row of that name, as a reader would take it."""
    return next(
        row
        for row in rows
        if (row.metric, row.arm, row.slice) == (metric, arm, slice_) and stage in (None, row.stage)
    )


def visit(number: int, *, draft: str = "99214", **fields: object) -> Claim:
    """A claim paid $120.00 for a visit and $20.00 for a tracing, drafted by the AI as given."""
    billed = codes(SUBMITTED, make.code("99214", paid_cents=12_000), make.code("93000", paid_cents=2_000), "I10")
    drafted = codes(DRAFT, draft, "93000", "I10")
    return claim(drafted, billed, claim_id=f"C-{number}", paid_cents=14_000, **fields)


def simple_audit(session: Session) -> Audit:
    """Twelve claims of 600, all of the AI arm: two levels too high, one tracing unsupported, one record missing.

    One further draft was a level too low, which a human put right before billing.
    """
    audit = drawn_audit(session, {"": 600}, confidence=Fraction(90, 100), coding_source=CodingSource.AI)
    claims = [visit(number, draft="99213" if number == 5 else "99214") for number in range(1, 13)]
    cases = draw(session, audit, "", claims, population=600)
    for case in cases[:2]:
        review(session, case, {"l1": change("99213", correct_allowed_cents=9_000)})
    review(session, cases[2], {"l2": verdict(Outcome.DELETE)})
    review(session, cases[3], documentation=MISSING)
    for case in cases[4:]:
        review(session, case)
    return audit


def test_a_whole_small_audit_by_hand(database: Database) -> None:
    with database.write() as session:
        audit = simple_audit(session)
    with database.read() as session:
        rows = metrics.audit_metrics(session, audit.id)

    error = found(rows, "claim_error_rate", "ai")
    assert (error.numerator, error.denominator, error.n, error.stage) == (5, 12, 12, "ai_draft")
    exact = exact_interval(5, 12, 600, confidence=Fraction(9, 10))
    assert (error.estimate, error.low, error.high) == (5 / 12, exact.low, exact.high)
    assert (error.confidence, error.method, error.state) == (0.9, "exact hypergeometric", MetricState.OK)

    billed = found(rows, "claim_error_rate", "ai", stage="submitted")
    assert (billed.numerator, billed.denominator) == (4, 12)
    assert found(rows, "overcoding_rate", "ai").numerator == 4
    assert found(rows, "undercoding_rate", "ai").numerator == 1
    assert found(rows, "undercoding_rate", "ai", stage="submitted").numerator == 0

    # codes: 11 claims with a record, 3 correct codes each but 2 where the tracing goes
    codes_right = found(rows, "code_over_code_accuracy", "ai")
    assert (codes_right.numerator, codes_right.denominator, codes_right.n) == (32 - 3, 32, 11)
    assert codes_right.estimate == pytest.approx(29 / 32)
    assert codes_right.low is not None
    assert codes_right.low < 29 / 32
    overturned = found(rows, "overturn_rate", "ai")
    assert (overturned.numerator, overturned.denominator) == (4, 33)
    assert found(rows, "overturn_rate", "ai", stage="submitted").numerator == 3

    # dollars: 2 x $30 for the level, $20 for the tracing, $140 for the missing record, of 12 x $140
    dollars = found(rows, "cia_error_rate", "ai")
    assert (dollars.numerator, dollars.denominator, dollars.stage) == (22_000, 168_000, "submitted")
    overpaid = [3_000, 3_000, 2_000, 14_000] + [0] * 8
    ratio = clustered_ratio(overpaid, [14_000] * 12, populations=600, confidence=Fraction(9, 10))
    assert (dollars.estimate, dollars.low, dollars.high) == pytest.approx((ratio.estimate, ratio.low, ratio.high))

    assert found(rows, "case_over_case_accuracy", "ai").numerator == 8
    gap = found(rows, "documentation_gap_rate", "ai")
    assert (gap.numerator, gap.denominator) == (1, 12)
    assert rows[0].metric == "claim_error_rate"
    assert {row.arm for row in rows} == {"all", "ai"}
    assert not [row for row in rows if row.metric.startswith("ai_human")]


def test_strata_weigh_by_their_size(database: Database) -> None:
    with database.write() as session:
        audit = drawn_audit(session, {"CARD": 900, "ORTH": 100}, stratify=["specialty"])
        cardiology = draw(session, audit, "CARD", [visit(n) for n in range(10)], population=900)
        orthopedics = draw(session, audit, "ORTH", [visit(n) for n in range(20, 30)], population=100)
        for case in cardiology[:1] + orthopedics[:5]:
            review(session, case, {"l1": change("99213", correct_allowed_cents=9_000)})
        for case in cardiology[1:] + orthopedics[5:]:
            review(session, case)
    with database.read() as session:
        rows = metrics.audit_metrics(session, audit.id)
    error = found(rows, "claim_error_rate", stage="submitted")
    assert (error.numerator, error.denominator) == (6, 20)
    assert error.estimate == pytest.approx(0.9 * 0.1 + 0.1 * 0.5)
    strata = ["CARD"] * 10 + ["ORTH"] * 10
    outcomes = [1.0] + [0.0] * 9 + [1.0] * 5 + [0.0] * 5
    sizes = {"CARD": 900, "ORTH": 100}
    expected = korn_graubard(outcomes, strata=strata, populations=sizes, confidence=0.95)
    assert (error.low, error.high, error.method) == pytest.approx((expected.low, expected.high, "Korn-Graubard"))
    one = found(rows, "claim_error_rate", slice_="stratum=ORTH", stage="submitted")
    exact = exact_interval(5, 10, 100, confidence=Fraction(95, 100))
    assert (one.estimate, one.low, one.high) == (0.5, exact.low, exact.high)
    dollars = found(rows, "cia_error_rate")
    assert dollars.estimate == pytest.approx((0.9 * 0.1 + 0.1 * 0.5) * 3_000 / 14_000)
    assert (dollars.numerator, dollars.denominator) == (18_000, 280_000)


def test_arms_are_told_apart_and_their_difference_has_an_interval(database: Database) -> None:
    with database.write() as session:
        audit = drawn_audit(session, {"": 1000})
        ai = [visit(n) for n in range(20)]
        human = [
            claim(
                codes(HUMAN, "99214"),
                codes(SUBMITTED, make.code("99214", paid_cents=12_000)),
                claim_id=f"H-{n}",
                coding_source=CodingSource.HUMAN,
                model_version=None,
                paid_cents=12_000,
            )
            for n in range(20)
        ]
        cases = draw(session, audit, "", [*ai, *human], population=1000)
        for place, case in enumerate(cases):
            wrong = place < 4 or place == 20
            review(session, case, {"l1": change("99213", correct_allowed_cents=9_000)} if wrong else None)
    with database.read() as session:
        rows = metrics.audit_metrics(session, audit.id)
    one, other = found(rows, "claim_error_rate", "ai"), found(rows, "claim_error_rate", "human")
    assert (one.numerator, one.denominator, one.stage) == (4, 20, "ai_draft")
    assert (other.numerator, other.denominator, other.stage) == (1, 20, "human")
    assert found(rows, "claim_error_rate").stage == "own"
    # an arm is a part of the stratum, of a size that nobody knows
    limits = [clopper_pearson(k, 20, confidence=Fraction(95, 100)) for k in (4, 1)]
    assert (one.low, one.high, one.method) == (limits[0].low, limits[0].high, "Clopper-Pearson")
    difference = found(rows, "ai_human_difference", "ai-human")
    expected = rate_difference(*limits)
    assert (difference.estimate, difference.low, difference.high) == pytest.approx(
        (0.15, expected.low, expected.high)
    )
    assert (difference.numerator, difference.n) == (None, 40)
    assert found(rows, "claim_error_rate", "all", "model_version=3.1").n == 20


def test_two_codings_of_one_claim_agree_or_not_before_any_review(database: Database) -> None:
    pairs = [("99213", "99213")] * 6 + [("99214", "99214")] * 3 + [("99213", "99214")] * 2 + [("99214", "99213")]
    with database.write() as session:
        audit = drawn_audit(session, {"": 1000})
        both = [
            claim(codes(DRAFT, draft), codes(HUMAN, human), claim_id=f"C-{n}")
            for n, (draft, human) in enumerate(pairs)
        ]
        draw(session, audit, "", [*both, visit(99)], population=1000)
    with database.read() as session:
        rows = metrics.audit_metrics(session, audit.id)
    percent = found(rows, "ai_human_agreement")
    assert (percent.numerator, percent.denominator, percent.estimate) == (9, 12, 0.75)
    chance = (8 * 7 + 4 * 5) / 144
    kappa, ac1 = (found(rows, f"ai_human_agreement_{name}") for name in ("kappa", "ac1"))
    assert kappa.estimate == pytest.approx((0.75 - chance) / (1 - chance))
    share = (8 + 7) / 24
    spread = 2 * share * (1 - share)
    assert ac1.estimate == pytest.approx((0.75 - spread) / (1 - spread))
    assert found(rows, "claim_error_rate").state is MetricState.NO_DATA


def test_nothing_reviewed_is_no_data_and_never_zero(database: Database) -> None:
    with database.write() as session:
        audit = drawn_audit(session, {"": 600})
        draw(session, audit, "", [visit(1), visit(2)], population=600)
    with database.read() as session:
        rows = metrics.audit_metrics(session, audit.id)
    assert {row.state for row in rows} == {MetricState.NO_DATA}
    assert {(row.estimate, row.low, row.high, row.n) for row in rows} == {(None, None, None, 0)}


def test_few_claims_are_marked_as_too_few_to_say(database: Database) -> None:
    with database.write() as session:
        audit = drawn_audit(session, {"": 600})
        for case in draw(session, audit, "", [visit(n) for n in range(9)], population=600):
            review(session, case)
    with database.read() as session:
        error = found(metrics.audit_metrics(session, audit.id), "claim_error_rate")
    assert (error.estimate, error.state) == (0.0, MetricState.TOO_FEW)
    assert error.high is not None
    assert error.high > 0.25


def test_a_stratum_without_a_reviewed_case_is_too_few_to_say(database: Database) -> None:
    with database.write() as session:
        audit = drawn_audit(session, {"CARD": 500, "ORTH": 500}, stratify=["specialty"])
        for case in draw(session, audit, "CARD", [visit(n) for n in range(12)], population=500):
            review(session, case)
        draw(session, audit, "ORTH", [visit(99)], population=500)
    with database.read() as session:
        rows = metrics.audit_metrics(session, audit.id)
    assert found(rows, "claim_error_rate").state is MetricState.TOO_FEW
    assert found(rows, "claim_error_rate", slice_="stratum=CARD").state is MetricState.OK


def test_a_finding_without_a_price_leaves_the_dollar_rate_open(database: Database) -> None:
    with database.write() as session:
        audit = drawn_audit(session, {"": 600})
        cases = draw(session, audit, "", [visit(n) for n in range(12)], population=600)
        for case in cases[1:]:
            review(session, case)
        review(session, cases[0], {"l1": change("99213")})
    with database.read() as session:
        dollars = found(metrics.audit_metrics(session, audit.id), "cia_error_rate")
    assert (dollars.estimate, dollars.state, dollars.denominator) == (None, MetricState.UNPRICED, 168_000)
    assert "1 claim lacks what the right codes would have been allowed" in dollars.method


def test_net_lets_an_underpaid_claim_offset_an_overpaid_one(database: Database) -> None:
    with database.write() as session:
        audit = drawn_audit(session, {"": 600})
        cases = draw(session, audit, "", [visit(n) for n in range(12)], population=600)
        review(session, cases[0], {"l1": change("99213", correct_allowed_cents=9_000)})
        review(session, cases[1], {"l1": change("99215", correct_allowed_cents=18_000)})
        for case in cases[2:]:
            review(session, case)
    with database.read() as session:
        rows = metrics.audit_metrics(session, audit.id)
    assert found(rows, "cia_error_rate").numerator == 3_000
    assert found(rows, "cia_error_rate_net").numerator == -3_000


def test_targeted_picks_never_feed_an_estimate(database: Database) -> None:
    with database.write() as session:
        audit = simple_audit(session)
        picked = make.selection(
            session, audit, "T-1", method=SelectionMethod.TARGETED, drawn=None, population=None, stratum="targeted"
        )
        review(session, make.case(session, audit, visit(77), selection=picked), {"l2": verdict(Outcome.DELETE)})
    with database.read() as session:
        rows = metrics.audit_metrics(session, audit.id)
    assert found(rows, "claim_error_rate", "ai").denominator == 12
    assert not [row for row in rows if "targeted" in row.slice]


def test_a_frame_looked_at_as_a_whole_leaves_no_doubt(database: Database) -> None:
    with database.write() as session:
        audit = drawn_audit(session, {"": 12})
        cases = draw(session, audit, "", [visit(n) for n in range(12)], population=12)
        review(session, cases[0], {"l2": verdict(Outcome.DELETE)})
        for case in cases[1:]:
            review(session, case)
    with database.read() as session:
        rows = metrics.audit_metrics(session, audit.id)
    error = found(rows, "claim_error_rate")
    assert (error.low, error.high) == (1 / 12, 1 / 12)
    dollars = found(rows, "cia_error_rate")
    assert dollars.low == dollars.high == pytest.approx(2_000 / 168_000)


def test_a_drawn_line_is_scored_alone(database: Database) -> None:
    lines = (
        make.code("99214", line_number=1, paid_cents=12_000),
        make.code("93000", line_number=2, paid_cents=2_000),
    )
    billed = claim(codes(SUBMITTED, *lines), claim_id="C-1", paid_cents=14_000)
    with database.write() as session:
        audit = drawn_audit(session, {"": 50})
        for number in (1, 2):
            selection = make.selection(
                session, audit, "C-1", item_id=f"C-1#{number}", line_number=number, drawn=2, population=50
            )
            case = make.case(session, audit, billed, selection=selection)
            review(session, case, {"l2": verdict(Outcome.DELETE)})
    with database.read() as session:
        rows = metrics.audit_metrics(session, audit.id)
    error, dollars = found(rows, "claim_error_rate"), found(rows, "cia_error_rate")
    assert (error.numerator, error.denominator) == (1, 2)
    assert (dollars.numerator, dollars.denominator) == (2_000, 14_000)


def test_an_audit_that_is_not_there_or_not_drawn_is_named(database: Database) -> None:
    with database.write() as session:
        audit = make.audit(session, state=AuditState.OPEN)
        with pytest.raises(Conflict, match="not drawn yet"):
            metrics.audit_metrics(session, audit.id)
        with pytest.raises(NotFound, match="no audit 99"):
            metrics.audit_metrics(session, 99)
