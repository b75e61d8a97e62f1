"""What providers answer: found by the secret of a link or by login, written down once, told to whoever asked."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain import query_checks
from auditor.domain.chain import sha256_text
from auditor.domain.events import Event, EventKind
from auditor.domain.queries import AnswerRoute, QueryState
from auditor.domain.query_mails import QueryOccasion
from auditor.errors import AuditorError, BadInput, Conflict, Forbidden, NotFound
from auditor.services import case_pauses, findings, queries, query_mails
from auditor.services.notices import Letterhead
from auditor.storage import history
from auditor.storage.queries import ProviderQuery

_MOST_LETTERS = 20_000


class LinkEnded(AuditorError):
    """The link was good once."""

    http_status = 410


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One of the options, in the provider's own words where the option asks for them."""

    option: str
    text: str
    route: AnswerRoute
    given_by: str


def by_link(session: Session, token: str, *, at: datetime) -> ProviderQuery:
    """The query of a link; LinkEnded when it is no longer good, NotFound when it never was."""
    query = session.scalar(select(ProviderQuery).where(ProviderQuery.link_sha256 == sha256_text(token)))
    if query is None:
        raise NotFound("this link is not one of ours: open it from the mail again, or ask whoever sent it")
    if query.state in (QueryState.CLOSED, QueryState.CANCELLED):
        raise LinkEnded("this question has been taken back or closed: there is nothing to answer any more")
    if query.link_expires_at is None or at >= query.link_expires_at:
        raise LinkEnded("this link has expired: ask whoever sent it to ask again, or log in to answer")
    return query


def answer(session: Session, query_id: int, given: Answer, *, letterhead: Letterhead, at: datetime) -> ProviderQuery:
    """Write an answer down, once, and let the case go on."""
    query = queries.numbered(session, query_id, lock=True)
    if query.state is not QueryState.OPEN:
        raise Conflict(f"query {query.id} is {query.state}: it takes no answer now")
    _check(query, given)
    query.state, query.answered_at, query.answered_by = QueryState.ANSWERED, at, given.given_by
    query.answer_route, query.answer_option, query.answer_text = given.route, given.option, given.text.strip()
    session.flush()
    case_pauses.resume(session, findings.case_of(session, query.case_id, lock=True), at=at)
    body = {
        "audit": query.case.audit_id,
        "case": query.case_id,
        "query": query.id,
        "state": query.state.value,
        "route": given.route.value,
    }
    history.record(session, Event(kind=EventKind.QUERY_ANSWERED, by=given.given_by, body=body), at=at)
    query_mails.tell_asker(session, query, QueryOccasion.ANSWERED, letterhead=letterhead, at=at)
    return query


def answer_by_link(
    session: Session, token: str, given: Answer, *, letterhead: Letterhead, at: datetime
) -> ProviderQuery:
    """Write down what came by a link; who answered is whom it was sent to."""
    query = by_link(session, token, at=at)
    by = query.addressee or query.email or ""
    return answer(session, query.id, replace(given, given_by=by), letterhead=letterhead, at=at)


def refuse_others(query: ProviderQuery, name: str) -> None:
    """Forbidden, unless the person is the one who is asked."""
    if query.addressee != name:
        raise Forbidden(f"query {query.id} is put to somebody else: your own are on the page of queries")


def _check(query: ProviderQuery, given: Answer) -> None:
    options = queries.text_of(query).options
    if given.option not in options:
        raise BadInput("choose one of the answers: none was chosen that this question offers")
    if query_checks.needs_words(given.option) and not given.text.strip():
        raise BadInput("say in a few words what “other” is")
    if len(given.text) > _MOST_LETTERS:
        raise BadInput(f"the answer is longer than {_MOST_LETTERS:,} letters: shorten it")
