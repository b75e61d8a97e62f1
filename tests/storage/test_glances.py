"""A glance sees what is committed, and writes nothing."""

from contextlib import suppress

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from auditor.storage.database import Database
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


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_connection_that_was_used_last_is_used_next(database: Database) -> None:
    with database.glance() as one, database.glance() as two, database.glance() as three:
        several = [_backend(session) for session in (one, two, three)]
    assert len(set(several)) == 3
    later = []
    for _ in range(5):
        with database.glance() as session:
            later.append(_backend(session))
    assert len(set(later)) == 1
    assert later[0] in several


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("kind", ["read", "write", "glance"])
def test_a_question_that_is_asked_again_is_prepared_whatever_is_read_between(database: Database, kind: str) -> None:
    for _ in range(3):
        with getattr(database, kind)() as session:
            assert session.scalar(text("SELECT 4711")) == 4711
        with database.read() as session:
            assert session.scalar(select(Plan.id)) is None
    with getattr(database, kind)() as session:
        prepared = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert "SELECT 4711" in prepared


def test_what_is_changed_while_reading_is_kept_nowhere(database: Database) -> None:
    with database.write() as session:
        kept = make.plan(session).name
    with suppress(DBAPIError), database.read() as session:  # PostgreSQL refuses, SQLite forgets
        session.scalars(select(Plan)).one().name = "written nowhere"
        session.flush()
    with database.read() as session:
        assert session.scalars(select(Plan.name)).all() == [kept]


def _backend(session: Session) -> int:
    return int(session.scalar(text("SELECT pg_backend_pid()")) or 0)


def test_what_is_jotted_down_is_committed_and_what_fails_is_not(database):
    with database.write() as session:
        name = make.plan(session).name
    renamed = text("UPDATE plans SET name = :new WHERE name = :name")
    with database.jot() as session:
        session.connection().execute(renamed, {"new": "jotted down", "name": name})
    with suppress(DBAPIError), database.jot() as session:
        session.connection().execute(text("UPDATE plans SET name = NULL"))
    with database.read() as session:
        assert session.scalars(select(Plan.name)).all() == ["jotted down"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_glance_keeps_the_plan_of_a_question_and_nothing_else_does(database: Database) -> None:
    for kind, mode in (("glance", "force_generic_plan"), ("read", "auto"), ("write", "auto")):
        for _ in range(2):
            with getattr(database, kind)() as session:
                assert session.scalar(text("SHOW plan_cache_mode")) == mode, kind
