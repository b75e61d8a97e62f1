"""A question to a provider, from its draft to its outcome, and what its case does meanwhile."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from auditor.domain.audits import AuditState, DocumentationStatus, ReviewPass, ReviewStatus
from auditor.domain.people import Role
from auditor.domain.queries import OTHER, AnswerRoute, QueryOutcome, QueryState, RequestState
from auditor.errors import BadInput, Conflict, Forbidden, NotFound
from auditor.services import case_pauses, documentation_requests, log, missed_queries, queries, query_answers
from auditor.services.documentation_requests import Wanted
from auditor.services.notices import Letterhead
from auditor.services.queries import Asked, Ending, Sending
from auditor.services.query_answers import Answer, LinkEnded
from auditor.services.query_reminders import remind
from auditor.storage.cases import AuditCase
from auditor.storage.monitors import OutboxMessage
from tests import make
from tests.domain.test_query_checks import GOOD

DUE_ON = date(2026, 1, 22)
PAPER = Letterhead(
    practice="Our practice", base_url="https://audit.example/", time_zone="UTC", mail_domain="practice.example"
)
SENDING = Sending(link="a-secret-that-nobody-guesses", link_days=14, letterhead=PAPER)


@pytest.fixture
def case(database) -> int:
    """A case of anna, coded by dora, who is asked about it."""
    with database.write() as session:
        make.user(session, "anna", roles=(Role.AUDITOR,))
        make.user(session, "dora", roles=(Role.CODER,))
        return make.case(session, make.audit(session), make.claim(coder_of_record="dora"), assigned_to="anna").id


def opened(database, case, **fields) -> int:
    asked = Asked(**({"text": GOOD, "due_on": DUE_ON, "addressee": "dora"} | fields))
    with database.write() as session:
        made = queries.draft(session, case, asked, by="anna", at=make.NOON)
        queries.send(session, made.id, SENDING, by="anna", at=make.NOON)
        return made.id


def answer(database, query, option="Chronic systolic", text="", at=make.NOON + timedelta(days=2)):
    given = Answer(option=option, text=text, route=AnswerRoute.LINK, given_by="dora")
    with database.write() as session:
        return query_answers.answer(session, query, given, letterhead=PAPER, at=at)


def status(database, case) -> tuple[DocumentationStatus, ReviewStatus]:
    with database.read() as session:
        found = session.get_one(AuditCase, case)
        return found.documentation_status, found.review_status


def mails(database) -> list[OutboxMessage]:
    with database.read() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_a_query_lets_its_case_rest_until_it_is_answered(database, case):
    query = opened(database, case)
    assert status(database, case) == (DocumentationStatus.REQUESTED, ReviewStatus.PENDING)
    answer(database, query)
    assert status(database, case) == (DocumentationStatus.COMPLETE, ReviewStatus.PENDING)
    with database.write() as session:
        ending = Ending(outcome=QueryOutcome.RECORD_AMENDED, note="addendum of 17 Jan")
        queries.close(session, query, ending, by="anna", at=make.NOON)
    with database.read() as session:
        closed = queries.numbered(session, query)
        assert (closed.state, closed.outcome, closed.answered_by) == ("closed", "record_amended", "dora")
        kinds = [entry.kind for entry in log.stream(session)]
    assert kinds[:2] == ["query.drafted", "case.reviewed"]
    assert [kind for kind in kinds if kind.startswith("query")] == [
        *("query.drafted", "query.opened", "query.answered", "query.closed")
    ]


def test_the_log_and_the_mails_hold_no_word_of_the_question(database, case):
    query = opened(database, case)
    answer(database, query, OTHER, "a word of the provider")
    with database.read() as session:
        told = json.dumps([entry.body for entry in log.stream(session)]) + json.dumps(
            [mail.content for mail in mails(database)]
        )
        claim = session.get_one(AuditCase, case).selection.claim_id
    for secret in ("heart failure", "Furosemide", "a word of the provider", claim, "P-1"):
        assert secret not in told
    first, second = mails(database)
    assert (first.recipient, second.recipient) == ("dora@practice.example", "anna@practice.example")
    assert first.content["url"] == "https://audit.example/answer/a-secret-that-nobody-guesses"


def test_a_query_that_is_not_compliant_is_kept_as_a_draft_and_not_sent(database, case):
    asked = Asked(text=replace(GOOD, question="Do you agree? It pays more."), due_on=DUE_ON, addressee="dora")
    with database.write() as session:
        made = queries.draft(session, case, asked, by="anna", at=make.NOON)
        with pytest.raises(BadInput, match="take out “Do you agree”"):
            queries.send(session, made.id, SENDING, by="anna", at=make.NOON)
        queries.redraft(session, made.id, Asked(text=GOOD, due_on=DUE_ON, email="dr@clinic.example"))
        assert queries.send(session, made.id, SENDING, by="anna", at=make.NOON).state is QueryState.OPEN
    assert mails(database)[0].recipient == "dr@clinic.example"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"addressee": None}, "nobody to answer"),
        ({"due_on": make.NOON.date()}, "at least until tomorrow"),
        ({"addressee": None, "email": "nowhere"}, "no mail address"),
        ({"addressee": "anna"}, "somebody else than who asks"),
    ],
)
def test_a_query_without_an_addressee_or_time_to_answer_is_refused(database, case, fields, said):
    with pytest.raises(BadInput, match=said):
        opened(database, case, **fields)


def test_nobody_asks_about_their_own_coding(database, case):
    with database.write() as session, pytest.raises(Forbidden, match="is the coding of Dora"):
        queries.draft(session, case, Asked(text=GOOD, due_on=DUE_ON), by="Dora", at=make.NOON)


def test_an_answer_counts_once_and_only_with_one_of_the_options(database, case):
    query = opened(database, case)
    with pytest.raises(BadInput, match="choose one of the answers"):
        answer(database, query, "Something else")
    with pytest.raises(BadInput, match="say in a few words"):
        answer(database, query, OTHER, "  ")
    answer(database, query)
    with pytest.raises(Conflict, match="is answered"):
        answer(database, query)


def test_a_link_is_good_until_some_days_after_the_answer_is_due_and_ends_with_the_query(database, case):
    query = opened(database, case)
    last = make.NOON.replace(month=2, day=5)
    with database.read() as session:
        assert query_answers.by_link(session, SENDING.link, at=last).id == query
        with pytest.raises(LinkEnded, match="has expired"):
            query_answers.by_link(session, SENDING.link, at=last + timedelta(days=1))
        with pytest.raises(NotFound, match="not one of ours"):
            query_answers.by_link(session, "guessed", at=last)
    with database.write() as session:
        queries.cancel(session, query, "asked twice", by="anna", at=make.NOON)
        with pytest.raises(LinkEnded, match="taken back"):
            query_answers.by_link(session, SENDING.link, at=make.NOON)


def test_a_case_goes_on_only_when_nothing_is_awaited_any_more(database, case):
    first, second = opened(database, case), opened_again(database, case)
    with database.write() as session:
        case_pauses.request(session, case, Wanted(record="operative note", due_on=DUE_ON), by="anna", at=make.NOON)
    answer(database, first)
    assert status(database, case)[0] is DocumentationStatus.REQUESTED
    with database.write() as session:
        queries.close(session, second, Ending(outcome=QueryOutcome.NO_ANSWER), by="anna", at=make.NOON)
    assert status(database, case)[0] is DocumentationStatus.REQUESTED
    with database.write() as session:
        case_pauses.settle(session, case, produced=True, by="anna", at=make.NOON)
    assert status(database, case)[0] is DocumentationStatus.COMPLETE


def opened_again(database, case) -> int:
    with database.write() as session:
        made = queries.draft(
            session, case, Asked(text=GOOD, due_on=DUE_ON, addressee="dora"), by="anna", at=make.NOON
        )
        queries.send(session, made.id, replace(SENDING, link="another"), by="anna", at=make.NOON)
        return made.id


def test_an_answered_query_is_not_closed_as_unanswered_nor_an_open_one_as_answered(database, case):
    query = opened(database, case)
    with database.write() as session, pytest.raises(Conflict, match="nobody answered it"):
        queries.close(session, query, Ending(outcome=QueryOutcome.RECORD_STANDS), by="anna", at=make.NOON)
    answer(database, query)
    with database.write() as session, pytest.raises(Conflict, match="it was answered"):
        queries.close(session, query, Ending(outcome=QueryOutcome.NO_ANSWER), by="anna", at=make.NOON)
    with database.write() as session, pytest.raises(Conflict, match="takes one that is draft or open"):
        queries.cancel(session, query, "why", by="anna", at=make.NOON)


def test_a_query_of_an_abandoned_audit_can_still_be_ended(database, case):
    query = opened(database, case)
    with database.write() as session:
        session.get_one(AuditCase, case).audit.state = AuditState.ABANDONED
        queries.cancel(session, query, "the audit is over", by="anna", at=make.NOON)
    assert status(database, case)[0] is DocumentationStatus.REQUESTED


def test_providers_are_reminded_thrice_and_the_asker_told_once(database, case):
    opened(database, case)
    told = []
    for days in range(-7, 12):
        on = DUE_ON + timedelta(days=days)
        for _ in range(2):
            with database.write() as session:
                count = remind(session, letterhead=PAPER, on=on, at=make.NOON)
            if count:
                told.append((days, count))
    assert told == [(-1, 1), (1, 1), (3, 1), (7, 1)]
    occasions = [(mail.content["occasion"], mail.recipient[:4]) for mail in mails(database)]
    assert occasions == [
        *(("asked", "dora"), ("reminder", "dora"), ("overdue", "anna"), ("reminder", "dora"), ("reminder", "dora"))
    ]


def test_a_request_for_a_record_follows_its_case_and_may_end_without_the_record(database, case):
    with database.write() as session:
        asked = case_pauses.request(session, case, Wanted(record="x-ray report"), by="anna", at=make.NOON)
        assert (asked.state, asked.wanted) == (RequestState.REQUESTED, "x-ray report")
        case_pauses.settle(session, case, produced=False, by="anna", at=make.NOON)
    assert status(database, case) == (DocumentationStatus.NOT_PRODUCED, ReviewStatus.DONE)
    with database.write() as session:
        found = documentation_requests.newest_of(session, case, ReviewPass.FIRST)
        assert (found.state, found.settled_by) == (RequestState.NOT_PRODUCED, "anna")
        case_pauses.settle(session, case, produced=True, by="olga", at=make.NOON)
    with database.read() as session:
        assert [each.state for each in documentation_requests.listed(session)] == [RequestState.PRODUCED]


def test_a_missed_query_is_noted_with_a_reason_and_may_be_withdrawn(database, case):
    with database.write() as session:
        with pytest.raises(BadInput, match="takes a reason"):
            missed_queries.note(session, case, " ", by="anna", at=make.NOON)
        missed_queries.note(session, case, "EF and type conflict", by="anna", at=make.NOON)
        missed_queries.note(session, case, "EF and type of failure conflict", by="anna", at=make.NOON)
        assert missed_queries.of_case(session, case).reason == "EF and type of failure conflict"
        missed_queries.withdraw(session, case, by="anna", at=make.NOON)
        with pytest.raises(NotFound, match="no missed query"):
            missed_queries.withdraw(session, case, by="anna", at=make.NOON)


def test_a_further_reviewers_query_leaves_a_finished_first_review_alone(database, case):
    with database.write() as session:
        found = session.get_one(AuditCase, case)
        found.review_status, found.reviewed_by = ReviewStatus.DONE, "bert"
    opened(database, case)
    assert status(database, case) == (DocumentationStatus.COMPLETE, ReviewStatus.DONE)
