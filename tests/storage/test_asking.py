"""Plain columns are asked for past the ORM, and see what the session has not written yet."""

from sqlalchemy import bindparam, func, select

from auditor.storage import asking
from auditor.storage.people import User
from tests import make

NAMES = select(User.name).where(User.name == bindparam("name"))


def test_rows_and_values_hold_what_waits_to_be_written(database):
    with database.write() as session:
        session.add(
            User(name="anna", display_name="Anna", roles=["auditor"], password_hash=None, created_at=make.NOON)
        )
        assert asking.rows(session, NAMES, {"name": "anna"}).all() == [("anna",)]
        assert asking.value(session, select(func.count(User.id)), {}) == 1
        assert asking.value(session, NAMES, {"name": "ben"}) is None
