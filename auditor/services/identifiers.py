"""Under which identifiers people stand in claims: coder numbers, provider numbers. A user's own name is always one.

Who is the coder or the provider of a claim decides who may review it, sees its result and may argue with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, and_, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from auditor.domain.chain import canonical_json, sha256_text
from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, Conflict, NotFound
from auditor.services import people
from auditor.storage import history
from auditor.storage.cases import AuditCase
from auditor.storage.people import PersonIdentifier, User

CODER = "coder_of_record"
FIELDS = (CODER, "provider")
_LONGEST = 200

Known = frozenset[tuple[str, str]]
"""Fields with the values, case folded, under which one person stands in them."""


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """A value of `coder_of_record` or `provider` in claims."""

    field: str
    value: str


def add(session: Session, name: str, identifier: Identifier, *, by: str, at: datetime) -> PersonIdentifier:
    """Note that claims name a person so; Conflict where they name somebody else so."""
    user, value = people.named(session, name), identifier.value.strip()
    if identifier.field not in FIELDS:
        raise BadInput(f"people stand in {' and '.join(FIELDS)} of claims, not in {identifier.field!r}")
    if not 0 < len(value) <= _LONGEST:
        raise BadInput(f"the identifier takes 1 to {_LONGEST} letters, as it stands in claims")
    taken = _of(session, Identifier(field=identifier.field, value=value))
    if taken is not None:
        raise Conflict(f"{value} is {taken.user_name} in {identifier.field} already: remove it there first")
    other = session.scalar(select(User.name).where(func.lower(User.name) == value.lower(), User.id != user.id))
    if other is not None:
        raise Conflict(f"{value} is the name of the user {other}: an identifier may not be that of somebody else")
    kept = PersonIdentifier(
        user_name=user.name, field=identifier.field, value=value, folded=value.casefold(), added_at=at
    )
    session.add(kept)
    session.flush()
    _log(session, "added", kept, by=by, at=at)
    return kept


def is_known(session: Session, identifier: Identifier) -> bool:
    """Whether a user is named so, or some claim under audit names somebody so."""
    value = identifier.value.strip()
    user = select(User.id).where(func.lower(User.name) == value.lower())
    if session.scalar(user) is not None or _of(session, identifier) is not None:
        return True
    said = canonical_json({identifier.field: value})[1:-1].lower()
    named = func.lower(type_coerce(AuditCase.claim, Text)).contains(said, autoescape=True)
    return session.scalar(select(AuditCase.id).where(named).limit(1)) is not None


def remove(session: Session, name: str, identifier: Identifier, *, by: str, at: datetime) -> None:
    """Claims name the person so no more; what was decided meanwhile stays."""
    found = _of(session, identifier)
    if found is None or found.user_name != people.named(session, name).name:
        raise NotFound(f"{name} has no such identifier: see `auditor user identifier list {name}`")
    _log(session, "removed", found, by=by, at=at)
    session.delete(found)


def listed(session: Session, name: str | None = None) -> list[PersonIdentifier]:
    """Identifiers of one person or of all."""
    order = (PersonIdentifier.user_name, PersonIdentifier.field, PersonIdentifier.value)
    question = select(PersonIdentifier).order_by(*order)
    if name is not None:
        question = question.where(PersonIdentifier.user_name == people.named(session, name).name)
    return list(session.scalars(question))


def known_as(session: Session, name: str) -> Known:
    """Everything under which a person stands in claims."""
    question = select(PersonIdentifier.field, PersonIdentifier.folded).where(PersonIdentifier.user_name == name)
    own = {(field, name.casefold()) for field in FIELDS}
    return frozenset(own | {(field, folded) for field, folded in session.execute(question)})


def is_of(claim: Mapping[str, object], known: Known, fields: Sequence[str] = FIELDS) -> bool:
    """Whether one of these fields of a claim names the person."""
    return any((field, str(claim.get(field) or "").casefold()) in known for field in fields)


def is_own_coding(session: Session, case: AuditCase, name: str) -> bool:
    """Whether a person is the coder of record of a case."""
    return name.casefold() in behind(session, case, (CODER,))


def behind(session: Session, case: AuditCase, fields: Sequence[str] = FIELDS) -> frozenset[str]:
    """The people, by their user names case folded, whom these fields of a case name."""
    said = {field: str(case.claim[field]).casefold() for field in fields if case.claim.get(field)}
    if not said:
        return frozenset()
    named = [and_(PersonIdentifier.field == field, PersonIdentifier.folded == value) for field, value in said.items()]
    found = session.scalars(select(PersonIdentifier.user_name).where(or_(*named)))
    return frozenset({*said.values(), *(name.casefold() for name in found)})


def coder_numbers(session: Session, names: Sequence[str]) -> dict[str, frozenset[str]]:
    """The values of `coder_of_record`, case folded, that are each of these people."""
    question = select(PersonIdentifier.user_name, PersonIdentifier.folded).where(
        PersonIdentifier.user_name.in_(names), PersonIdentifier.field == CODER
    )
    numbers = {name: {name.casefold()} for name in names}
    for name, folded in session.execute(question):
        numbers[name].add(folded)
    return {name: frozenset(values) for name, values in numbers.items()}


def _of(session: Session, identifier: Identifier) -> PersonIdentifier | None:
    return session.scalar(
        select(PersonIdentifier).where(
            PersonIdentifier.field == identifier.field,
            PersonIdentifier.folded == identifier.value.strip().casefold(),
        )
    )


def _log(session: Session, change: str, kept: PersonIdentifier, *, by: str, at: datetime) -> None:
    body = {"user": kept.user_name, "field": kept.field, "change": change, "value_sha256": sha256_text(kept.value)}
    history.record(session, Event(kind=EventKind.IDENTIFIER_CHANGED, by=by, body=body), at=at)
