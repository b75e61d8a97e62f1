"""A glance sees what is committed, and writes nothing."""

from sqlalchemy import select

from auditor.storage.plans import Plan
from tests import make


def test_a_glance_sees_what_is_committed_at_each_question_and_writes_nothing(database):
    with database.write() as session:
        first = make.plan(session).name
    with database.glance() as session:
        plan = session.scalars(select(Plan).where(Plan.name == first)).one()
        plan.name = "written nowhere"
        assert session.scalars(select(Plan.name)).all() == [first]
    with database.read() as session:
        assert session.scalars(select(Plan.name)).all() == [first]
