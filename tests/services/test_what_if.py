"""What a size buys, against numbers that anyone can look up, and the minutes that it costs."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from auditor.domain.audits import ReviewStatus
from auditor.domain.plans import Objective, SizingQuestion
from auditor.errors import BadInput
from auditor.reports import figures
from auditor.services import effort, what_if
from auditor.services.effort import Effort
from auditor.storage.database import Database
from tests import make

ASKED = what_if.WhatIf(
    tolerable=Fraction(5, 100),
    expected=Fraction(1, 100),
    confidence=Fraction(95, 100),
    population=None,
    effort=Effort(minutes=12, measured=0),
    hour_cents=6_000,
)


def test_59_clean_cases_rule_out_five_percent_and_find_an_error_19_times_in_20() -> None:
    found = what_if.bought(ASKED, 59)
    assert found.ruled_out == pytest.approx(0.05, abs=0.0005)
    assert found.chance_to_detect == pytest.approx(1 - 0.95**59)
    assert (found.hours, found.cost_cents) == (pytest.approx(11.8), 70_800)


def test_a_small_population_needs_fewer_and_gives_no_more_than_it_has() -> None:
    small = replace(ASKED, population=100)
    assert what_if.bought(small, 45).ruled_out < what_if.bought(ASKED, 45).ruled_out
    whole = what_if.bought(small, 5_000)
    assert (whole.sample_size, whole.ruled_out, whole.chance_to_detect) == (100, 0, 1)
    assert max(each.sample_size for each in what_if.around(small, 60)) <= 100


def test_a_larger_size_buys_more_of_everything() -> None:
    options = what_if.around(ASKED, 93)
    assert 93 in [each.sample_size for each in options]
    for less, more in pairwise(options):
        assert more.half_width < less.half_width
        assert more.ruled_out < less.ruled_out
        assert more.chance_to_detect > less.chance_to_detect
        assert more.cost_cents > less.cost_cents


@pytest.mark.parametrize("size", [0, 2_000_000])
def test_a_size_that_cannot_be_is_refused(size: int) -> None:
    with pytest.raises(BadInput, match="the size lies between"):
        what_if.bought(ASKED, size)


def test_a_plan_that_names_no_rates_is_asked_about_usual_ones() -> None:
    question = SizingQuestion(objective=Objective.CIA, confidence=Fraction(9, 10))
    asked = what_if.asked_of(question, ASKED.effort, population=None, hour_cents=1)
    assert (asked.tolerable, asked.expected) == (Fraction(1, 20), Fraction(1, 100))


def test_a_plan_of_a_precision_has_no_tolerable_rate_and_says_why_its_exact_interval_is_wider() -> None:
    question = SizingQuestion(
        objective=Objective.PRECISION,
        confidence=Fraction(95, 100),
        expected=Fraction(8, 100),
        half_width=Fraction(5, 100),
    )
    asked = what_if.asked_of(question, ASKED.effort, population=None, hour_cents=1)
    assert (asked.named, asked.tolerable, asked.expected) == (False, Fraction(8, 100), Fraction(8, 100))
    told = what_if.why_wider(question, what_if.bought(asked, 114))
    assert told is not None
    plain = told.replace(figures.NO_BREAK, " ")
    assert "within 5.0 % by the normal approximation" in plain
    assert "± 5.6 %" in plain
    assert what_if.why_wider(question, what_if.bought(asked, 500)) is None
    assert what_if.why_wider(replace(question, objective=Objective.CIA), what_if.bought(asked, 114)) is None


def test_minutes_are_a_guess_until_enough_reviews_were_measured(database: Database) -> None:
    with database.write() as session:
        audit = make.audit(session)
        for number in range(6):
            make.case(
                session,
                audit,
                make.claim(f"C-{number}"),
                review_status=ReviewStatus.DONE,
                reviewed_by="anna",
                seconds_spent=0 if number == 5 else 300,
            )
            if number == 3:
                assert effort.of_everybody(session, otherwise=12) == Effort(minutes=12, measured=0)
        found = effort.of_people(session, ["anna", "ben"], otherwise=12)
    assert found == {"anna": Effort(minutes=5, measured=5), "ben": Effort(minutes=5, measured=5)}
