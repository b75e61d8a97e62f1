"""People under their coder and provider numbers: whose work a claim is, whoever the claims name."""

import pytest

from auditor.domain.people import Role
from auditor.errors import BadInput, Conflict, Forbidden, NotFound
from auditor.services import assignment, case_access, identifiers, reviewers, waiting_reviews
from auditor.services.follow_through import audited, rebuttals
from auditor.services.identifiers import Identifier
from auditor.services.web_sessions import SignedIn
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from tests import make
from tests.domain.judgements import change
from tests.services.samples import draw, drawn_audit, review

NUMBER = Identifier(field="coder_of_record", value="C_17")


def who(name: str, *roles: Role) -> SignedIn:
    return SignedIn(session_id=1, user_id=1, name=name, display_name=name, roles=frozenset(roles), stale=False)


@pytest.fixture
def case_id(database: Database) -> int:
    """A case coded by number C_17, which is Anna, an auditor who codes as well."""
    with database.write() as session:
        for name, role in (("anna", Role.AUDITOR), ("ben", Role.AUDITOR), ("olga", Role.OFFICER)):
            make.user(session, name, roles=(role,))
        identifiers.add(session, "anna", NUMBER, by="root", at=make.NOON)
        audit = drawn_audit(session, {"all": 10}, auditors=["anna", "ben"])
        return draw(session, audit, "all", [make.claim(coder_of_record="c_17")], population=10)[0].id


def test_nobody_reviews_what_their_number_coded(database: Database, case_id: int) -> None:
    with database.read() as session:
        case = session.get_one(AuditCase, case_id)
        there = reviewers.these(session, case.audit.plan, ("anna", "ben"), on=make.NOON.date())
        work = assignment.Work(coder="c_17", specialty=None)
        assert assignment.assign([work, work], there, load={}) == ["ben", "ben"]
        with pytest.raises(Forbidden, match="your own coding"):
            case_access.open_seat(session, case_id, who("anna", Role.AUDITOR))
        assert waiting_reviews.first(session, by="anna") is None
        assert waiting_reviews.first(session, by="ben") == case_id
    with database.write() as session, pytest.raises(Forbidden, match="is the coding of anna"):
        review(session, session.get_one(AuditCase, case_id), by="anna")


def test_a_number_of_another_with_a_letter_where_a_wildcard_would_be_hides_nothing(database: Database) -> None:
    with database.write() as session:
        make.user(session, "anna", roles=(Role.AUDITOR,))
        identifiers.add(session, "anna", NUMBER, by="root", at=make.NOON)
        audit = drawn_audit(session, {"all": 10}, auditors=["anna"])
        number = draw(session, audit, "all", [make.claim(coder_of_record="CX17")], population=10)[0].id
    with database.read() as session:
        assert waiting_reviews.first(session, by="anna") == number


def test_the_audited_see_and_argue_what_their_number_coded(database: Database, case_id: int) -> None:
    with database.write() as session:
        review(session, session.get_one(AuditCase, case_id), {"l1": change("99213")}, by="ben")
    with database.read() as session:
        assert [case.id for case in audited.own_cases(session, "anna")] == [case_id]
        assert audited.own_cases(session, "ben") == []
        assert audited.open_result(session, case_id, who("anna", Role.CODER)).id == case_id
    with database.write() as session:
        argument = rebuttals.Argument(case_id=case_id, line="1", text="It was moderate.")
        assert rebuttals.argue(session, argument, by="anna", at=make.NOON).argued_by == "anna"


def test_a_number_is_one_persons_and_can_be_taken_off(database: Database, case_id: int) -> None:
    with database.write() as session:
        with pytest.raises(Conflict, match="c_17 is anna in coder_of_record already"):
            identifiers.add(session, "ben", Identifier(field="coder_of_record", value=" c_17 "), by="r", at=make.NOON)
        with pytest.raises(Conflict, match="is the name of the user olga"):
            identifiers.add(session, "ben", Identifier(field="provider", value="Olga"), by="r", at=make.NOON)
        with pytest.raises(BadInput, match="not in 'payer'"):
            identifiers.add(session, "ben", Identifier(field="payer", value="x"), by="r", at=make.NOON)
        with pytest.raises(NotFound):
            identifiers.remove(session, "ben", NUMBER, by="r", at=make.NOON)
        identifiers.remove(session, "anna", NUMBER, by="r", at=make.NOON)
        assert identifiers.listed(session) == []
        identifiers.add(session, "ben", NUMBER, by="r", at=make.NOON)
    with database.read() as session:
        assert waiting_reviews.first(session, by="anna") == case_id
