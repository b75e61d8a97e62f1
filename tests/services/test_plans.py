from datetime import date
from fractions import Fraction

import pytest

from auditor.domain.plans import Objective, Period, SizingQuestion
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import plan_sizes, plans
from tests import make
from tests.practice import YEAR

DISCOVERY = SizingQuestion(
    objective=Objective.DISCOVERY, confidence=Fraction(95, 100), tolerable=Fraction(5, 100), expected=Fraction(1, 100)
)


def create(practice, **fields):
    new = plans.NewPlan(**({"name": "quarterly", "source": "claims", "question": DISCOVERY} | fields))
    with practice.database.write() as session:
        return plans.create(session, new, by="olga", at=make.NOON)


def size(practice, period=YEAR):
    prices = plan_sizes.Prices(hour_cents=6_000, case_minutes=12)
    return plan_sizes.size(practice.database, name="quarterly", period=period, prices=prices, environment={})


def test_a_plan_comes_back_as_it_was_said(practice):
    create(practice, stratify=("payer", "specialty"), auditors=("anna", "ben", "anna"), blind_share=Fraction(1, 3))
    with practice.database.read() as session:
        plan = plans.named(session, "quarterly")
        assert plans.question(plan) == DISCOVERY
        assert (plan.stratify, plan.auditors, plan.blind_share) == (
            ["payer", "specialty"],
            ["anna", "ben"],
            Fraction(1, 3),
        )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "a plan's name"),
        ({"question": SizingQuestion(objective=Objective.DISCOVERY, confidence=Fraction(1, 2))}, "needs --tolerable"),
        ({"blind_share": Fraction(20)}, "a share lies between 0 and 1"),
        ({"repeat": "FREQ=MONTHLY"}, "needs --starts"),
        ({"repeat": "every month", "starts_on": date(2026, 1, 1)}, "is no recurrence rule"),
        ({"repeat": "FREQ=DAILY;UNTIL=20250101", "starts_on": date(2026, 1, 1)}, "never comes round"),
        ({"where_sql": "1 = 1; DROP TABLE claims"}, "condition"),
        ({"stratify": ("payr",)}, "payer"),
    ],
)
def test_a_plan_that_could_not_be_used_is_refused_with_its_reason(practice, fields, sentence):
    with pytest.raises(BadInput, match=sentence):
        create(practice, **fields)


def test_names_are_given_once_and_sources_must_be_there(practice):
    create(practice)
    with pytest.raises(Conflict, match="there is a plan quarterly already"):
        create(practice)
    with pytest.raises(NotFound, match="there is no source elsewhere"):
        create(practice, name="other", source="elsewhere")


def test_a_plan_is_approved_once(practice):
    create(practice)
    with practice.database.write() as session:
        plans.approve(session, name="quarterly", by="olga", at=make.NOON)
    with practice.database.write() as session, pytest.raises(Conflict, match="approved already, by olga"):
        plans.approve(session, name="quarterly", by="otto", at=make.NOON)


def test_sizing_counts_the_frame_and_shows_every_objective_beside_the_plans_own(practice):
    create(practice, stratify=("coding_source",))
    sized = size(practice)
    assert (sized.frame_claims, sized.sample_size) == (300, 54)
    assert [(s.name, s.claims, s.sample) for s in sized.strata] == [
        ("ai", 100, 18),
        ("ai_assisted", 100, 18),
        ("human", 100, 18),
    ]
    by_objective = {each.objective: each for each in sized.alternatives}
    assert by_objective[Objective.CIA].sample_size == 100
    assert 0.04 < by_objective[Objective.DISCOVERY].at_most_if_clean < 0.05
    assert by_objective[Objective.PRECISION].needs == ("half_width",)
    assert set(by_objective) == set(Objective)


def test_sizing_follows_the_filter_of_the_plan(practice):
    create(practice, where_sql="payer = 'Medicare' AND paid_cents > 0")
    expected = len(practice.claim_ids("payer = 'Medicare' AND paid_cents > 0"))
    assert size(practice).frame_claims == expected


def test_sizing_over_days_without_claims_says_so(practice):
    create(practice)
    with pytest.raises(Conflict, match="covers no claim from 2019-01-01 to 2019-02-01"):
        size(practice, Period(first_on=date(2019, 1, 1), last_on=date(2019, 2, 1)))
