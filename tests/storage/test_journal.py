"""What was written is on the disk before anybody is told so, and nobody else waits for that."""

from threading import Event, Thread

import pytest
from sqlalchemy import text

from auditor.errors import Unavailable
from auditor.storage import journal
from auditor.storage.journal import Journal

INSERT = text("INSERT INTO words VALUES (:word)")


@pytest.fixture
def words(sqlite):
    with sqlite.write() as session:
        session.execute(text("CREATE TABLE words (word TEXT)"))
    return sqlite


def read(database):
    with database.read() as session:
        return [*session.scalars(text("SELECT word FROM words ORDER BY word"))]


def test_a_write_returns_when_its_journal_is_on_the_disk_and_lets_others_write_meanwhile(words, monkeypatch):
    reached, go_on, told = Event(), Event(), []
    to_disk = journal._to_disk

    def slowly(opened):
        reached.set()
        assert go_on.wait(20)
        to_disk(opened)

    monkeypatch.setattr(journal, "_to_disk", slowly)

    def write():
        with words.write() as session:
            session.execute(INSERT, {"word": "first"})
        told.append("first")

    first = Thread(target=write)
    first.start()
    assert reached.wait(20)
    with words._turn_to_write(), words._session(words._writing) as session, session.begin():
        session.execute(INSERT, {"word": "second"})  # would wait for 30 seconds for a writer in the middle of it
    assert (told, read(words)) == ([], ["first", "second"])
    go_on.set()
    first.join(20)
    assert told == ["first"]


def test_what_the_disk_does_not_take_is_not_told_as_saved(words, monkeypatch):
    def broken(_opened):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(journal, "_to_disk", broken)
    with pytest.raises(Unavailable, match="the disk did not take what was saved"), words.write() as session:
        session.execute(INSERT, {"word": "lost"})


def test_one_sync_serves_all_who_had_committed_before_it_began(tmp_path, monkeypatch):
    (tmp_path / "some.sqlite-wal").write_bytes(b"journal")
    reached, go_on, syncs = Event(), Event(), []

    def counted(opened):
        syncs.append(opened)
        reached.set()
        assert go_on.wait(20)

    monkeypatch.setattr(journal, "_to_disk", counted)
    shared = Journal(tmp_path / "some.sqlite")
    first = Thread(target=shared.sync)
    first.start()
    assert reached.wait(20)
    others = [Thread(target=shared.sync) for _ in range(5)]
    for each in others:
        each.start()
    while shared._committed < 6:
        pass
    go_on.set()
    for each in (first, *others):
        each.join(20)
    assert len(syncs) == 2


def test_a_journal_that_was_carried_over_needs_nothing(tmp_path):
    Journal(tmp_path / "none.sqlite").sync()
