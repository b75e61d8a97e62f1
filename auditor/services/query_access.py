"""Who sees which query: whoever may open its case, and the person who is asked. Links have their own door."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from auditor.domain.people import Role
from auditor.domain.queries import QueryState, RequestState
from auditor.errors import Forbidden, NotFound
from auditor.services import case_access, documentation_requests, queries
from auditor.services.web_sessions import SignedIn
from auditor.storage.queries import DocumentationRequest, ProviderQuery

_REVIEWERS = frozenset({Role.OFFICER, Role.AUDITOR})


@dataclass(frozen=True, kw_only=True)
class SeenQuery:
    """A query with how it is seen: by the person who is asked, who answers, or by a reviewer."""

    query: ProviderQuery
    asked_of_me: bool


def seen(session: Session, query_id: int, *, case_id: int, who: SignedIn) -> SeenQuery:
    """The query of a case, for a person who may see it; NotFound or Forbidden otherwise."""
    query = queries.numbered(session, query_id)
    if query.case_id != case_id:
        raise NotFound(f"case {case_id} has no query {query_id}: see the page of queries")
    if query.addressee == who.name and query.state is not QueryState.DRAFT:
        return SeenQuery(query=query, asked_of_me=True)
    if not _REVIEWERS & who.roles:
        raise Forbidden(f"query {query_id} is put to somebody else: your own are on the page of queries")
    case_access.open_seat(session, case_id, who)
    return SeenQuery(query=query, asked_of_me=False)


def listed(session: Session, who: SignedIn) -> list[ProviderQuery]:
    """The queries that a person may see, those due first at the top."""
    known = queries.listed(session, reader=who.name)
    return [query for query in known if _may_list(query, who)]


def records(session: Session, who: SignedIn) -> list[DocumentationRequest]:
    """The records that have not come: those that a person asked for themselves, and for an officer everybody's."""
    asked_by = None if Role.OFFICER in who.roles else who.name
    return documentation_requests.listed(session, state=RequestState.REQUESTED, reader=who.name, asked_by=asked_by)


def of_case(session: Session, case_id: int, who: SignedIn) -> list[ProviderQuery]:
    """The queries of a case that its reviewer may see: their own, and what was answered, which is part of the record.

    What another reviewer asks would tell what they think before this one has judged.
    """
    found = queries.listed(session, case_id=case_id, reader=who.name)
    return [each for each in found if each.asked_by == who.name or each.answered_at or Role.OFFICER in who.roles]


def _may_list(query: ProviderQuery, who: SignedIn) -> bool:
    if query.addressee == who.name:
        return query.state is not QueryState.DRAFT
    if Role.OFFICER in who.roles:
        return True
    return Role.AUDITOR in who.roles and who.name in (query.asked_by, query.case.assigned_to)
