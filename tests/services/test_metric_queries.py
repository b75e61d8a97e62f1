"""What queries and waiting cases mean for the numbers of an audit."""

import pytest

from auditor.domain.audits import DocumentationStatus
from auditor.domain.people import Role
from auditor.domain.queries import AnswerRoute, QueryOutcome
from auditor.services import metrics, missed_queries, queries, query_answers, query_times
from auditor.services.queries import Asked, Ending, Sending
from auditor.services.query_answers import Answer
from tests import make
from tests.domain.judgements import change
from tests.domain.test_query_checks import GOOD
from tests.services.samples import draw, drawn_audit, review
from tests.services.test_queries import DUE_ON, PAPER
from tests.web import cases


@pytest.fixture
def audit(database) -> int:
    """Twenty cases of a frame of 400: ten right, two wrong, four that wait for an answer, four not begun."""
    with database.write() as session:
        for name in ("anna", "dora"):
            make.user(session, name, roles=(Role.AUDITOR, Role.CODER))
        made = drawn_audit(session, {"": 400})
        drawn = draw(session, made, "", [cases.claim(n) for n in range(1, 21)], population=400)
        for case in drawn[:10]:
            review(session, case)
        for case in drawn[10:12]:
            review(session, case, {"l1": change("99213")})
        for number, case in enumerate(drawn[12:16]):
            text = Asked(text=GOOD, due_on=DUE_ON, addressee="dora")
            asked = queries.draft(session, case.id, text, by="anna", at=make.NOON)
            sending = Sending(link=f"link-{number}", link_days=14, letterhead=PAPER)
            queries.send(session, asked.id, sending, by="anna", at=make.NOON)
        return made.id


def rows(database, audit):
    with database.read() as session:
        every = metrics.audit_metrics(session, audit)
    return {row.metric: row for row in every if (row.arm, row.slice) == ("all", "all")}


def test_while_cases_wait_the_rate_lies_between_its_bounds(database, audit):
    found = rows(database, audit)
    names = ("claim_error_rate_best", "claim_error_rate", "claim_error_rate_worst")
    best, now, worst = (found[name] for name in names)
    assert [(row.numerator, row.denominator) for row in (best, now, worst)] == [(2, 16), (2, 12), (6, 16)]
    assert best.estimate < now.estimate < worst.estimate
    assert "query_response_rate" not in found


def test_answers_settle_the_bounds_and_give_a_response_rate(database, audit):
    with database.write() as session:
        for number in (1, 2, 3):
            given = Answer(option=GOOD.options[0], text="", route=AnswerRoute.LOGIN, given_by="dora")
            at = make.NOON.replace(day=15 + number)
            query_answers.answer(session, number, given, letterhead=PAPER, at=at)
        queries.close(session, 4, Ending(outcome=QueryOutcome.NO_ANSWER), by="anna", at=make.NOON)
        times = query_times.response_times(session, on=DUE_ON)
    found = rows(database, audit)
    assert "claim_error_rate_best" not in found
    response = found["query_response_rate"]
    assert (response.numerator, response.denominator, response.n, response.estimate) == (3, 4, 4, 0.75)
    assert found["missed_query_rate"].numerator == 0
    assert (times.answered, times.median_days, times.mean_days, times.unanswered, times.open) == (3, 2.0, 2.0, 1, 0)


def test_a_missed_query_counts_on_reviewed_claims(database, audit):
    with database.write() as session:
        missed_queries.note(session, 1, "type was unclear", by="anna", at=make.NOON)
    missed = rows(database, audit)["missed_query_rate"]
    assert (missed.numerator, missed.denominator) == (1, 12)


def test_without_queries_no_row_speaks_of_them(database):
    with database.write() as session:
        made = drawn_audit(session, {"": 400})
        for case in draw(session, made, "", [cases.claim(1)], population=400):
            review(session, case, documentation=DocumentationStatus.NOT_PRODUCED)
    assert not [name for name in rows(database, made.id) if "query" in name or "best" in name]
