import pytest

from auditor.domain.people import Role
from auditor.errors import BadInput, Conflict, Forbidden, NotFound
from auditor.services import passwords, people
from tests import make


def add(database, name="olga", **fields):
    person = people.NewPerson(**({"name": name, "roles": [Role.OFFICER]} | fields))
    with database.write() as session:
        return people.add(session, person, by="root", at=make.NOON)


def test_a_person_is_found_by_name_in_any_case(database):
    add(database, roles=[Role.OFFICER, Role.AUDITOR], email="olga@practice.example")
    with database.read() as session:
        assert people.named(session, "Olga").roles == ["officer", "auditor"]
        assert [each.name for each in people.everyone(session)] == ["olga"]


def test_names_that_differ_by_case_alone_are_one(database):
    add(database)
    with pytest.raises(Conflict, match="there is a user OLGA already"):
        add(database, "OLGA")


@pytest.mark.parametrize("name", ["", " ", "o'brien", "-x", "a" * 81])
def test_a_name_that_could_be_misread_is_refused(database, name):
    with pytest.raises(BadInput, match="a user name"):
        add(database, name)


def test_whoever_acts_must_be_there_enabled_and_hold_the_role(database):
    add(database)
    with database.read() as session:
        assert people.acting(session, "olga", Role.OFFICER, Role.ADMIN).name == "olga"
        with pytest.raises(Forbidden, match="it takes the role auditor"):
            people.acting(session, "olga", Role.AUDITOR)
        with pytest.raises(NotFound):
            people.acting(session, "nobody")
    with database.write() as session:
        people.disable(session, name="olga", by="root", at=make.NOON)
    with database.read() as session, pytest.raises(Forbidden, match="is disabled"):
        people.acting(session, "olga")


def test_a_new_password_enables_a_person_again(database):
    add(database)
    with database.write() as session:
        people.disable(session, name="olga", by="root", at=make.NOON)
        people.reset_password(session, name="olga", password_hash="x", by="root", at=make.NOON)
    with database.read() as session:
        assert people.acting(session, "olga").password_hash == "x"


def test_roles_are_read_from_text_and_ordered():
    assert people.roles_of("manager, officer,officer") == [Role.OFFICER, Role.MANAGER]
    with pytest.raises(BadInput, match="'boss' is no role: roles are officer, auditor"):
        people.roles_of("boss")
    with pytest.raises(BadInput, match="at least one role"):
        people.roles_of(" , ")


def test_a_password_is_right_or_wrong_and_never_kept():
    kept = passwords.hashed("a long sentence is fine", name="olga")
    assert "sentence" not in kept
    assert passwords.matches("a long sentence is fine", kept)
    assert not passwords.matches("A long sentence is fine", kept)
    assert not passwords.matches("anything", None)
    assert not passwords.matches("anything", "not a hash")


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "fewer than 8"),
        ("x" * 300, "more than 256"),
        ("Password123", "first that anyone"),
        ("aaaaaaaaaa", "first"),
    ],
)
def test_a_password_that_anyone_would_guess_is_refused(password, sentence):
    with pytest.raises(BadInput, match=sentence):
        passwords.hashed(password, name="olga")
    with pytest.raises(BadInput, match="is the user's name"):
        passwords.hashed("officer.olga", name="Officer.Olga")
