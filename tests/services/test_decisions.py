"""Whether an audit may stop: read in draw order, whatever was finished first, and honest about what is open."""

from fractions import Fraction

import pytest

from auditor.domain.audits import DocumentationStatus
from auditor.domain.claims import CodingSource
from auditor.domain.decisions import Verdict
from auditor.services import allocation, decisions
from auditor.stats import sequential
from auditor.storage.database import Database
from tests import make
from tests.domain.judgements import change
from tests.services.samples import draw, drawn_audit, review

WRONG = {"l1": change("99213")}


def decided(session, *, cases, wrong=(), skipped=(), tolerable="5/100", **plan):
    """The decision of an audit of so many cases, of which some are wrong and some not reviewed."""
    audit = drawn_audit(session, {"": 1000}, tolerable=Fraction(tolerable), coding_source=CodingSource.AI, **plan)
    made = draw(session, audit, "", [make.claim(f"C-{n}") for n in range(cases)], population=1000)
    for number, case in enumerate(made):
        if number not in skipped:
            review(session, case, WRONG if number in wrong else None)
    return decisions.decision(session, audit)


def test_clean_cases_let_an_audit_stop_and_an_open_one_in_between_does_not_help(database: Database) -> None:
    with database.write() as session:
        clean = decided(session, cases=70)
        waiting = decided(session, cases=70, skipped=(0, 1, 2))
    assert (clean.verdict, clean.extend_by) == (Verdict.ACCEPTABLE, None)
    assert waiting.verdict is Verdict.OPEN
    assert (waiting.unfinished, waiting.best, waiting.worst) == (3, 0, pytest.approx(3 / 70))


def test_an_audit_that_cannot_show_it_is_told_by_how_many_to_grow(database: Database) -> None:
    with database.write() as session:
        found = decided(session, cases=40, wrong=(5,))
    assert found.verdict is Verdict.OPEN
    assert found.more is not None
    assert found.extend_by == found.more > 0
    assert found.steps[-1].high < found.steps[10].high


def test_many_errors_show_that_the_rate_is_exceeded(database: Database) -> None:
    with database.write() as session:
        found = decided(session, cases=40, wrong=range(0, 40, 3))
    assert found.verdict is Verdict.EXCEEDED
    assert found.low >= 0.05


def test_a_stratified_audit_is_decided_over_its_strata_together(database: Database) -> None:
    with database.write() as session:
        audit = drawn_audit(session, {"A": 600, "B": 400}, tolerable=Fraction(5, 100), coding_source=CodingSource.AI)
        for stratum, population in (("A", 600), ("B", 400)):
            claims = [make.claim(f"{stratum}-{n}") for n in range(45)]
            for case in draw(session, audit, stratum, claims, population=population):
                review(session, case)
        found = decisions.decision(session, audit)
    assert found is not None
    assert found.verdict is Verdict.ACCEPTABLE
    assert found.extend_by is None
    assert [step.high for step in found.steps] == sorted((step.high for step in found.steps), reverse=True)


def test_a_stratified_audit_is_told_by_how_many_to_grow_and_that_many_clean_ones_suffice(sqlite: Database) -> None:
    sizes = {"A": 600, "B": 300, "C": 100}

    def decided_with(session, more: int):
        audit = drawn_audit(session, sizes, tolerable=Fraction(15, 100), coding_source=CodingSource.AI)
        shares = allocation.allocate(sizes, 12 + more).sizes
        for stratum, count in shares.items():
            claims = [make.claim(f"{stratum}-{n}") for n in range(count)]
            for number, case in enumerate(draw(session, audit, stratum, claims, population=sizes[stratum])):
                review(session, case, WRONG if (stratum, number) == ("A", 0) else None)
        return decisions.decision(session, audit)

    with sqlite.write() as session:
        found = decided_with(session, 0)
        assert found is not None
        more = found.extend_by
        assert more is not None
        assert found.verdict is Verdict.OPEN
        assert decided_with(session, more).verdict is Verdict.ACCEPTABLE
        assert decided_with(session, more - 2).verdict is Verdict.OPEN


def test_where_only_some_cases_of_the_strata_are_looked_at_the_whole_sample_must_grow_by_more(
    sqlite: Database,
) -> None:
    def told(session, every: int):
        audit = drawn_audit(session, {"A": 1000, "B": 1000}, tolerable=Fraction(15, 100))
        for stratum in ("A", "B"):
            claims = [
                make.claim(f"{stratum}-{n}", coding_source=CodingSource.HUMAN if n % every else CodingSource.AI)
                for n in range(8)
            ]
            for case in draw(session, audit, stratum, claims, population=1000):
                review(session, case)
        return decisions.decision(session, audit)

    with sqlite.write() as session:
        all_of_them, half = told(session, 1), told(session, 2)
    assert all_of_them.extend_by is not None
    assert half.extend_by > 2 * all_of_them.extend_by


def test_an_extension_of_a_mixed_audit_brings_the_other_arms_cases_along(database: Database) -> None:
    with database.write() as session:
        audit = drawn_audit(session, {"": 1000}, tolerable=Fraction(5, 100))
        arms = (CodingSource.AI, CodingSource.HUMAN, CodingSource.HUMAN)
        claims = [make.claim(f"C-{n}", coding_source=arms[n % 3]) for n in range(60)]
        for case in draw(session, audit, "", claims, population=1000):
            review(session, case)
        found = decisions.decision(session, audit)
    alone = sequential.decision([0] * 20, tolerable="0.05")
    assert found is not None
    assert (found.drawn, found.errors) == (20, 0)
    assert alone.clean_needed is not None
    assert found.extend_by == 3 * alone.clean_needed


def test_a_record_that_was_not_produced_counts_as_an_error(database: Database) -> None:
    with database.write() as session:
        audit = drawn_audit(session, {"": 1000}, tolerable=Fraction(5, 100))
        [case] = draw(session, audit, "", [make.claim("C-1")], population=1000)
        review(session, case, documentation=DocumentationStatus.NOT_PRODUCED)
        found = decisions.decision(session, audit)
    assert found is not None
    assert (found.finished, found.errors) == (1, 1)


def test_there_is_nothing_to_decide_without_a_tolerable_rate_or_a_draw(database: Database) -> None:
    with database.write() as session:
        assert decisions.decision(session, make.audit(session, plan=make.plan(session, tolerable=None))) is None
        assert decisions.decision(session, make.audit(session)) is None
