"""Provider queries: drafted, checked, sent, ended. What providers answer is in `query_answers`.

A query that was sent lets its case rest; when the last of its queries has ended the case goes on.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain import query_checks
from auditor.domain.chain import sha256_text
from auditor.domain.events import Event, EventKind
from auditor.domain.queries import QueryOutcome, QueryState, QueryText
from auditor.domain.query_mails import QueryOccasion
from auditor.errors import BadInput, Conflict, Forbidden, NotFound
from auditor.services import audits, case_pauses, findings, identifiers, people, privilege, query_mails
from auditor.services.notices import Letterhead
from auditor.storage import history
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.people import User
from auditor.storage.practice_days import beginning, day_of
from auditor.storage.queries import ProviderQuery


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of whom: `addressee` is a user of ours, `email` reaches somebody who need not be one."""

    text: QueryText
    due_on: date
    addressee: str | None = None
    email: str | None = None


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What a query takes along: a fresh secret for its link, good until some days after it is due, and who writes."""

    link: str
    link_days: int
    letterhead: Letterhead


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What a query came to, and why."""

    outcome: QueryOutcome
    note: str | None = None


def draft(session: Session, case_id: int, asked: Asked, *, by: str, at: datetime) -> ProviderQuery:
    """Write a query down without sending it; it need not be compliant yet."""
    case = findings.case_of(session, case_id)
    audits.hold_for_review(session, case.audit_id)
    _refuse_own_coding(session, case, by)
    query = ProviderQuery(case=case, state=QueryState.DRAFT, asked_by=by, drafted_at=at)
    _write(session, query, asked)
    session.add(query)
    session.flush()
    _log(session, EventKind.QUERY_DRAFTED, query, by=by, at=at)
    return query


def redraft(session: Session, query_id: int, asked: Asked) -> ProviderQuery:
    """Replace the text of a draft."""
    query = _in_state(session, query_id, QueryState.DRAFT)
    _write(session, query, asked)
    return query


def send(session: Session, query_id: int, sending: Sending, *, by: str, at: datetime) -> ProviderQuery:
    """Send a draft; BadInput says what to change when it is not compliant. Its case rests from now on."""
    query = _in_state(session, query_id, QueryState.DRAFT)
    problems = query_checks.problems(text_of(query))
    if problems:
        raise BadInput(f"query {query.id} cannot be sent: {'; '.join(problems)}")
    if query.addressee is None and query.email is None:
        raise BadInput(f"query {query.id} has nobody to answer it: name a user, or a mail address")
    if query.due_on <= day_of(session, at):
        raise BadInput(f"query {query.id} is due on {query.due_on}: give the provider at least until tomorrow")
    query.state, query.opened_at = QueryState.OPEN, at
    query.link, query.link_sha256 = sending.link, sha256_text(sending.link)
    last_on = query.due_on + timedelta(days=sending.link_days + 1)
    query.link_expires_at = beginning(session, last_on)
    session.flush()
    case_pauses.pause(session, findings.case_of(session, query.case_id, lock=True), by=by, at=at)
    _log(session, EventKind.QUERY_OPENED, query, by=by, at=at)
    query_mails.ask(session, query, QueryOccasion.ASKED, letterhead=sending.letterhead, at=at)
    return query


def close(session: Session, query_id: int, ending: Ending, *, by: str, at: datetime) -> ProviderQuery:
    """Say what a query came to; one that nobody answered has the outcome `no_answer`, and no other."""
    query = _in_state(session, query_id, QueryState.OPEN, QueryState.ANSWERED)
    outcome = ending.outcome
    if (query.state is QueryState.OPEN) is not (outcome is QueryOutcome.NO_ANSWER):
        told = "nobody answered it: its outcome is no_answer" if query.state is QueryState.OPEN else "it was answered"
        raise Conflict(f"query {query.id} cannot be closed as {outcome}: {told}")
    query.state, query.outcome, query.note = QueryState.CLOSED, outcome, ending.note
    return _end(session, query, EventKind.QUERY_CLOSED, by=by, at=at)


def cancel(session: Session, query_id: int, reason: str, *, by: str, at: datetime) -> ProviderQuery:
    """Take a query back before it is answered, with the reason."""
    query = _in_state(session, query_id, QueryState.DRAFT, QueryState.OPEN)
    if not reason.strip():
        raise BadInput("taking a query back takes a reason")
    query.state, query.note = QueryState.CANCELLED, reason.strip()
    return _end(session, query, EventKind.QUERY_CANCELLED, by=by, at=at)


def numbered(session: Session, query_id: int, *, lock: bool = False) -> ProviderQuery:
    """The query of that number."""
    query = session.get(ProviderQuery, query_id, with_for_update={"of": ProviderQuery} if lock else None)
    if query is None:
        raise NotFound(f"there is no query {query_id}: see `auditor query list`")
    return query


def listed(
    session: Session, *, state: QueryState | None = None, case_id: int | None = None, reader: str | None = None
) -> list[ProviderQuery]:
    """Queries, those due first at the top; for a reader, those of audits that they may know of."""
    question = (
        select(ProviderQuery)
        .join(ProviderQuery.case)
        .join(Audit, Audit.id == AuditCase.audit_id)
        .order_by(ProviderQuery.due_on, ProviderQuery.id)
    )
    if state is not None:
        question = question.where(ProviderQuery.state == state)
    if case_id is not None:
        question = question.where(ProviderQuery.case_id == case_id)
    if reader is not None:
        question = question.where(privilege.known_to(reader))
    return list(session.scalars(question))


def text_of(query: ProviderQuery) -> QueryText:
    """What the provider reads."""
    return QueryText(
        purpose=query.purpose,
        question=query.question,
        indicators=tuple(json.loads(query.indicators)),
        options=tuple(json.loads(query.options)),
    )


def addressee(session: Session, query: ProviderQuery) -> User | None:
    """The user who is asked, where it is one of ours."""
    return people.named(session, query.addressee) if query.addressee else None


def _write(session: Session, query: ProviderQuery, asked: Asked) -> None:
    user = people.acting(session, asked.addressee) if asked.addressee else None
    if asked.email and "@" not in asked.email:
        raise BadInput(f"{asked.email!r} is no mail address: write it as name@place")
    query.purpose, query.question = asked.text.purpose, asked.text.question.strip()
    query.indicators = json.dumps([each.strip() for each in asked.text.indicators if each.strip()])
    options = tuple(each.strip() for each in asked.text.options if each.strip())
    query.options = json.dumps(query_checks.with_open_ends(options))
    query.addressee, query.email, query.due_on = user.name if user else None, asked.email, asked.due_on
    if user and query.asked_by == user.name:
        raise BadInput("a query goes to somebody else than who asks it: name the provider")


def _in_state(session: Session, query_id: int, *states: QueryState) -> ProviderQuery:
    query = numbered(session, query_id, lock=True)
    if query.state not in states:
        raise Conflict(f"query {query.id} is {query.state}: this takes one that is {' or '.join(states)}")
    return query


def _end(session: Session, query: ProviderQuery, kind: EventKind, *, by: str, at: datetime) -> ProviderQuery:
    query.ended_at, query.ended_by = at, by
    session.flush()
    case = findings.case_of(session, query.case_id, lock=True)
    if query.opened_at is not None:
        case_pauses.resume(session, case, at=at)
    _log(session, kind, query, by=by, at=at)
    return query


def _refuse_own_coding(session: Session, case: AuditCase, by: str) -> None:
    if identifiers.is_own_coding(session, case, by):
        raise Forbidden(f"case {case.id} is the coding of {by}: another auditor asks about it")


def _log(session: Session, kind: EventKind, query: ProviderQuery, *, by: str, at: datetime) -> None:
    body = {"audit": query.case.audit_id, "case": query.case_id, "query": query.id, "state": query.state.value}
    history.record(session, Event(kind=kind, by=by, body=body), at=at)
