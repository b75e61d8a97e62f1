"""Answered provider queries as documents of their case, so that whoever reviews it reads them beside the record."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from auditor.domain.claims import Document
from auditor.reports.words import say
from auditor.services import queries
from auditor.storage.practice_days import day_of
from auditor.storage.queries import ProviderQuery

_ANSWERED = (
    select(ProviderQuery)
    .where(ProviderQuery.case_id == bindparam("case_id"), ProviderQuery.answered_at.is_not(None))
    .order_by(ProviderQuery.id)
)


def of_case(session: Session, case_id: int) -> tuple[Document, ...]:
    """What providers answered on a case, in the order in which they were asked."""
    return tuple(_document(session, each) for each in session.scalars(_ANSWERED, {"case_id": case_id}))


def _document(session: Session, query: ProviderQuery) -> Document:
    text = queries.text_of(query)
    parts = [say("query_document", name, query=query, text=text) for name in ("question", "indicators", "answer")]
    answered_on = day_of(session, query.answered_at) if query.answered_at else None
    return Document(
        title=say("query_document", "title", query=query, answered_on=answered_on),
        text="\n\n".join(filter(None, parts)),
    )
