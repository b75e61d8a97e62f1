"""Requests for records: each review asks for itself, is reminded, and ends with or without the record."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.domain.people import Role
from auditor.domain.queries import RequestState
from auditor.errors import BadInput
from auditor.mail.rendering import rendered
from auditor.services import (
    case_pauses,
    closing,
    documentation_requests,
    log,
    privilege,
    queries,
    seats,
    waiting_reviews,
)
from auditor.services.documentation_requests import Wanted
from auditor.services.queries import Asked, Ending, QueryOutcome
from auditor.services.record_reminders import remind
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.monitors import OutboxMessage
from auditor.storage.review_work import FurtherReview
from tests import make
from tests.domain.test_query_checks import GOOD
from tests.services.reviewed_twice import give, with_second
from tests.services.test_queries import PAPER, SENDING

DUE_ON = date(2026, 1, 22)
WANTED = Wanted(record="operative note", due_on=DUE_ON)
COMPLETE, REQUESTED, NOT_PRODUCED = DocumentationStatus


@pytest.fixture
def case(database) -> int:
    """A case of anna, which ben reviews a second time; olga is the officer."""
    with database.write() as session:
        for name, roles in {"anna": (Role.AUDITOR,), "ben": (Role.AUDITOR,), "olga": (Role.OFFICER,)}.items():
            make.user(session, name, roles=roles)
        made = make.case(session, make.audit(session), make.claim(), assigned_to="anna")
        with_second(session, made)
        return made.id


def request(database, case, by, wanted=WANTED) -> None:
    with database.write() as session:
        case_pauses.request(session, case, wanted, by=by, at=make.NOON)


def settle(database, case, by, *, produced) -> None:
    with database.write() as session:
        case_pauses.settle(session, case, produced=produced, by=by, at=make.NOON)


def standing(database, case) -> list[tuple[DocumentationStatus, ReviewStatus, int]]:
    """How the first and the second review stand."""
    with database.read() as session:
        second = session.scalars(select(FurtherReview).where(FurtherReview.case_id == case)).one()
        works = (session.get_one(AuditCase, case), second)
        return [(work.documentation_status, work.review_status, work.revision) for work in works]


def test_what_a_second_reviewer_asks_for_pauses_neither_the_first_review_nor_is_seen_by_it(database, case):
    with database.write() as session:
        give(session, session.get_one(AuditCase, case), by="anna")
    before = standing(database, case)[0]
    request(database, case, "ben")
    assert standing(database, case) == [before, (REQUESTED, ReviewStatus.PENDING, 1)]
    with database.read() as session:
        assert [each.case_id for each in waiting_reviews.queue(session, by="ben").paused] == [case]
        found = session.get_one(AuditCase, case)
        assert case_pauses.awaited(session, found, "anna") == []
        (own,) = case_pauses.awaited(session, found, "ben")
        assert (own.review_pass, own.requested_by) == (ReviewPass.SECOND, "ben")
    settle(database, case, "ben", produced=True)
    assert standing(database, case) == [before, (COMPLETE, ReviewStatus.PENDING, 2)]
    with database.read() as session:
        assert set(session.scalars(select(Finding.found_by))) == {"anna"}


def test_a_second_review_ends_without_its_record_and_differs_from_a_first_that_had_it(database, case):
    with database.write() as session:
        give(session, session.get_one(AuditCase, case), by="anna")
    request(database, case, "ben")
    settle(database, case, "ben", produced=False)
    with database.read() as session:
        second = seats.further_reviews(session, case)[ReviewPass.SECOND]
        assert (second.documentation_status, second.review_status, second.differs) == (
            *(NOT_PRODUCED, ReviewStatus.DONE, True),
        )


def test_an_officer_settles_every_review_that_waits_and_a_reviewer_their_own(database, case):
    request(database, case, "anna")
    request(database, case, "ben")
    settle(database, case, "anna", produced=True)
    assert [each[0] for each in standing(database, case)] == [COMPLETE, REQUESTED]
    request(database, case, "anna")
    settle(database, case, "olga", produced=False)
    assert [each[0] for each in standing(database, case)] == [NOT_PRODUCED, NOT_PRODUCED]
    with database.read() as session:
        states = [(each.requested_by, each.state) for each in documentation_requests.listed(session)]
    assert states == [("anna", "produced"), ("ben", "not_produced"), ("anna", "not_produced")]


def test_a_second_reviewers_query_lets_only_their_own_review_rest(database, case):
    with database.write() as session:
        make.user(session, "dora", roles=(Role.CODER,))
        asked = Asked(text=GOOD, due_on=DUE_ON, addressee="dora")
        made = queries.draft(session, case, asked, by="ben", at=make.NOON)
        queries.send(session, made.id, SENDING, by="ben", at=make.NOON)
    assert [each[0] for each in standing(database, case)] == [COMPLETE, REQUESTED]
    with database.write() as session:
        assert documentation_requests.listed(session) == []
        queries.close(session, made.id, Ending(outcome=QueryOutcome.NO_ANSWER), by="ben", at=make.NOON)
    assert [each[0] for each in standing(database, case)] == [COMPLETE, COMPLETE]


def test_closing_an_audit_without_its_records_ends_second_reviews_that_wait_too(database, case):
    with database.write() as session:
        give(session, session.get_one(AuditCase, case), by="anna")
    request(database, case, "ben")
    with database.write() as session:
        assert closing.close_unanswered(session, 1, reason="asked thrice", by="olga", at=make.NOON) == [1]
    assert [each[:2] for each in standing(database, case)] == [
        (COMPLETE, ReviewStatus.DONE),
        (NOT_PRODUCED, ReviewStatus.DONE),
    ]


def test_a_record_without_a_day_is_due_after_two_weeks_and_none_on_a_day_that_is_over(database, case):
    request(database, case, "anna", Wanted())
    with database.write() as session:
        (asked,) = documentation_requests.listed(session, state=RequestState.REQUESTED)
        assert asked.due_on == make.NOON.date() + timedelta(days=14)
        over = make.NOON.date() - timedelta(days=1)
        with pytest.raises(BadInput, match="which is over"):
            case_pauses.request(session, case, Wanted(due_on=over), by="anna", at=make.NOON)


def reminded(database, first=-7, last=12) -> list[tuple[int, str, str]]:
    told = []
    for days in range(first, last):
        for _ in range(2):
            with database.write() as session:
                known = set(session.scalars(select(OutboxMessage.id)))
                remind(session, letterhead=PAPER, on=DUE_ON + timedelta(days=days), at=make.NOON)
                new = select(OutboxMessage).where(OutboxMessage.id.not_in(known)).order_by(OutboxMessage.id)
                told += [(days, m.recipient.partition("@")[0], m.content["occasion"]) for m in session.scalars(new)]
    return told


def test_whoever_asked_is_reminded_and_officers_decide_in_the_end(database, case):
    request(database, case, "ben")
    assert reminded(database) == [
        *((-1, "ben", "due"), (1, "ben", "overdue")),
        *((7, "ben", "undecided"), (7, "olga", "undecided")),
    ]
    settle(database, case, "olga", produced=True)
    assert reminded(database, 12, 40) == []


def test_a_run_after_a_long_silence_tells_only_what_holds_now(database, case):
    request(database, case, "anna")
    assert reminded(database, 9, 10) == [(9, "anna", "undecided"), (9, "olga", "undecided")]


def test_no_mail_tells_a_reviewer_of_the_other_review_nor_strangers_of_a_privileged_audit(database, case):
    with database.write() as session:
        session.get_one(AuditCase, case).assigned_to = "olga"
        make.user(session, "otto")
    request(database, case, "ben")
    assert [name for _, name, _ in reminded(database, 7, 8)] == ["ben", "otto"]
    with database.write() as session:
        privilege.protect(session, 1, ["olga", "ben"], by="olga", at=make.NOON)
        session.query(OutboxMessage).delete()
    assert [name for _, name, _ in reminded(database, 7, 8)] == ["ben"]


@pytest.mark.parametrize(
    ("days", "subject"),
    [
        (-1, "A record is due on 22 Jan 2026 (case 1 of audit 1)"),
        (1, "A record is overdue since 22 Jan 2026 (case 1 of audit 1)"),
        (7, "Decide: a record due on 22 Jan 2026 has not come (case 1 of audit 1)"),
    ],
)
def test_each_mail_says_where_to_decide_and_nothing_of_claim_or_record(database, case, days, subject):
    request(database, case, "anna")
    reminded(database, days, days + 1)
    with database.read() as session:
        claim = session.get_one(AuditCase, case).selection.claim_id
        for message in session.scalars(select(OutboxMessage)):
            mail = rendered(message.kind, message.content, log.checkpoint(session))
            assert mail.subject == subject
            for text in (mail.text, mail.html):
                assert f"https://audit.example/cases/{case}/queries" in text
                assert "You get this because" in text
                assert "operative" not in text
                assert claim not in text
