"""A metric over time; both engines."""

from datetime import date
from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from auditor.domain.findings import Outcome
from auditor.domain.periods import Every, period_name, period_of, periods_between
from auditor.errors import BadInput, NotFound
from auditor.services import metrics
from auditor.services.metric_rows import MetricState
from auditor.services.metric_trend import TrendPoint, TrendQuestion, metric_trend
from auditor.storage.audits import Audit
from auditor.storage.database import Database
from auditor.storage.plans import Plan
from tests import make
from tests.domain.judgements import SUBMITTED, claim, codes, verdict
from tests.services.samples import draw, review


def monthly_audit(
    session: Session, plan: Plan, month: int, errors: int, *, versions: tuple[str, ...] = ("3.1",)
) -> Audit:
    """Twenty claims of a month's 400, the first ones with an unsupported code."""
    audit = make.audit(session, plan=plan, first_on=date(2025, month, 1), last_on=date(2025, month, 28))
    assert audit.frame is not None
    audit.frame.strata = [{"name": "all", "claims": 400}]
    claims = [
        claim(
            codes(SUBMITTED, make.code("99214", paid_cents=12_000), make.code("36415", paid_cents=1_000)),
            claim_id=f"C-{month}-{number}",
            served_on=date(2025, month, 1 + number),
            model_version=versions[number % len(versions)],
            paid_cents=13_000,
        )
        for number in range(20)
    ]
    for place, case in enumerate(draw(session, audit, "all", claims, population=400)):
        review(session, case, {"l2": verdict(Outcome.DELETE)} if place < errors else None)
    return audit


def asked(database: Database, **question: object) -> list[TrendPoint]:
    given = {"metric": "claim_error_rate", "every": Every.MONTH} | question
    with database.read() as session:
        return metric_trend(session, TrendQuestion(**given))


def test_a_month_shows_the_number_of_its_audit_and_a_gap_shows_no_data(database: Database) -> None:
    with database.write() as session:
        plan = make.plan(session)
        audits = [monthly_audit(session, plan, month, errors) for month, errors in ((7, 1), (9, 4))]
    points = asked(database)
    assert [point.period for point in points] == ["2025-07", "2025-08", "2025-09"]
    assert [(p.value.numerator, p.value.denominator) for p in points] == [(1, 20), (0, 0), (4, 20)]
    assert (points[1].value.state, points[1].value.estimate) == (MetricState.NO_DATA, None)
    with database.read() as session:
        alone = metrics.audit_metrics(session, audits[1].id)[0]
    assert points[2].value == alone


def test_two_audits_of_one_quarter_are_pooled_as_strata(database: Database) -> None:
    with database.write() as session:
        plan = make.plan(session)
        for month, errors in ((7, 1), (9, 4)):
            monthly_audit(session, plan, month, errors)
    (point,) = asked(database, every=Every.QUARTER)
    assert (point.period, point.first_on, point.last_on) == ("2025-Q3", date(2025, 7, 1), date(2025, 9, 30))
    assert (point.value.numerator, point.value.n, point.value.method) == (5, 40, "Korn-Graubard")
    assert point.value.estimate == pytest.approx(5 / 40)


def test_a_split_gives_each_value_its_own_line(database: Database) -> None:
    with database.write() as session:
        monthly_audit(session, make.plan(session), 7, 4, versions=("3.1", "3.2"))
    points = asked(database, by="model_version", metric="cia_error_rate")
    assert [(p.value.slice, p.value.numerator, p.value.n) for p in points] == [
        ("model_version=3.1", 2_000, 10),
        ("model_version=3.2", 2_000, 10),
    ]
    assert [p.value.arm for p in asked(database, by="coding_source")] == ["ai"]


def test_weeks_run_from_monday_to_sunday(database: Database) -> None:
    with database.write() as session:
        monthly_audit(session, make.plan(session), 7, 4)
    points = asked(database, every=Every.WEEK)
    assert [(p.period, p.value.n) for p in points] == [("2025-W27", 6), ("2025-W28", 7), ("2025-W29", 7)]
    assert {p.first_on.weekday() for p in points} == {0}


def test_only_the_plan_that_was_named_is_asked(database: Database) -> None:
    with database.write() as session:
        monthly_audit(session, make.plan(session, "monthly"), 7, 1)
        monthly_audit(session, make.plan(session, "other"), 8, 1)
    assert [point.period for point in asked(database, plan="other")] == ["2025-08"]


def test_one_arm_alone_has_no_difference(database: Database) -> None:
    with database.write() as session:
        monthly_audit(session, make.plan(session), 7, 1)
    (point,) = asked(database, metric="ai_human_difference")
    assert (point.value.state, point.value.estimate) == (MetricState.NO_DATA, None)


def test_nothing_audited_gives_no_points(database: Database) -> None:
    assert asked(database) == []


def test_what_cannot_be_asked_is_named(sqlite: Database) -> None:
    with pytest.raises(BadInput, match="there is no metric error_rate"):
        asked(sqlite, metric="error_rate")
    with pytest.raises(BadInput, match="cannot be split by patient_id"):
        asked(sqlite, by="patient_id")
    with pytest.raises(NotFound, match="nothing"):
        asked(sqlite, plan="nothing")


def test_periods_follow_each_other_without_a_gap() -> None:
    for every in Every:
        found = list(periods_between(date(2024, 11, 30), date(2026, 2, 1), every))
        assert all((b.first_on - a.last_on).days == 1 for a, b in pairwise(found))
        assert found[0] == period_of(date(2024, 11, 30), every)
        assert len({period_name(period, every) for period in found}) == len(found)
