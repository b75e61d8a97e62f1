import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text

from auditor.domain.events import Event, EventKind
from auditor.errors import BadInput, Conflict, Unavailable
from auditor.services import backups, installation, log
from auditor.storage import history
from tests import databases, make
from tests.services.samples import review


@pytest.fixture
def here(tmp_path):
    """URL and key of an installation that is not there yet."""
    return {"url": f"sqlite:///{tmp_path / 'deep' / 'auditor.sqlite'}", "key_path": tmp_path / "deep" / "auditor.key"}


def note(database, number):
    with database.write() as session:
        history.record(session, Event(kind=EventKind.USER_ADDED, by="root", body={"n": number}), at=make.NOON)


def entries(database):
    with database.read() as session:
        return log.verify(log.stream(session)).entries


def test_installing_twice_keeps_key_and_content(here):
    first = installation.install(here["url"], key_path=here["key_path"])
    note(first, 1)
    key = here["key_path"].read_text()
    assert entries(installation.install(here["url"], key_path=here["key_path"])) == 1
    assert here["key_path"].read_text() == key
    assert here["key_path"].stat().st_mode & 0o077 == 0


def test_what_was_not_installed_cannot_be_opened(here):
    with pytest.raises(Conflict, match="run `auditor init` first"):
        installation.open_database(here["url"], key_path=here["key_path"])


@pytest.mark.parametrize(
    ("revision", "sentence"), [("29990101", "made by a newer version"), (None, "needs an upgrade before use")]
)
def test_a_database_of_another_version_says_what_to_do(here, revision, sentence):
    made = installation.install(here["url"], key_path=here["key_path"])
    with made.engine.begin() as connection:
        change = "UPDATE alembic_version SET version_num = :revision" if revision else "DELETE FROM alembic_version"
        connection.execute(text(change), {"revision": revision} if revision else {})
    with pytest.raises(Conflict, match=sentence):
        installation.open_database(here["url"], key_path=here["key_path"])


def test_a_lost_key_is_not_replaced_by_a_wrong_one(here):
    installation.install(here["url"], key_path=here["key_path"])
    here["key_path"].write_text("half a key")
    with pytest.raises(BadInput, match="put the key of this database back"):
        installation.open_database(here["url"], key_path=here["key_path"])


def test_a_check_finds_a_finding_that_was_changed_in_the_database(here):
    database = installation.install(here["url"], key_path=here["key_path"])
    with database.write() as session:
        review(session, make.case(session, make.audit(session), make.claim()))
    assert installation.check(**here).problems == ()
    with database.write() as session:
        session.execute(text("UPDATE findings SET outcome = 'delete' WHERE line = '1'"))
    (problem,) = installation.check(**here).problems
    assert "case 1 of audit 1 (first review) are not those that entry 1 recorded" in problem


def test_a_check_reads_pages_references_and_log(here):
    made = installation.install(here["url"], key_path=here["key_path"])
    note(made, 1)
    note(made, 2)
    assert installation.check(here["url"], key_path=here["key_path"]).problems == ()
    with made.engine.begin() as connection:
        connection.execute(text("UPDATE log_entries SET body = '{}' WHERE number = 1"))
    with closing(sqlite3.connect(made.engine.url.database)) as raw, raw:
        raw.execute(
            "INSERT INTO sign_offs (id, audit_id, signer, meaning, content_sha256, figures, signed_at)"
            " VALUES (1, 99, 'olga', 'final', '', '[]', '2026-01-01')"
        )
    problems = installation.check(here["url"], key_path=here["key_path"]).problems
    assert "table sign_offs, row 1: refers to a row of audits that is not there" in problems
    assert "log: entry 1 does not match its own hash: edited" in problems


def test_a_backup_made_while_in_use_restores_what_was_there(here, tmp_path):
    made = installation.install(here["url"], key_path=here["key_path"])
    note(made, 1)
    with made.read() as session:
        session.execute(text("SELECT 1"))
        backups.backup(made, tmp_path / "copy.sqlite")
    note(made, 2)
    kept = backups.restore(made, tmp_path / "copy.sqlite", at=make.NOON)
    assert entries(made) == 1
    assert kept.name == "auditor.sqlite.before-restore-20260115T120000Z"
    backups.restore(made, kept, at=make.NOON.replace(hour=13))
    assert entries(made) == 2


def test_a_backup_overwrites_nothing_and_a_restore_takes_only_ours(here, tmp_path):
    made = installation.install(here["url"], key_path=here["key_path"])
    (tmp_path / "taken").write_text("no database " * 100)
    with pytest.raises(Conflict, match="exists already"):
        backups.backup(made, tmp_path / "taken")
    with pytest.raises(BadInput, match="is not sound"):
        backups.restore(made, tmp_path / "taken", at=make.NOON)
    sqlite3.connect(tmp_path / "other.sqlite").execute("CREATE TABLE t (x)").connection.close()
    with pytest.raises(BadInput, match="not a database of auditor"):
        backups.restore(made, tmp_path / "other.sqlite", at=make.NOON)
    with pytest.raises(BadInput, match="is no file"):
        backups.restore(made, tmp_path / "nothing", at=make.NOON)
    assert entries(made) == 0


def test_postgresql_copies_itself(migrated_postgres, tmp_path):
    with databases.on_postgres(migrated_postgres) as database, pytest.raises(BadInput, match="pg_dump"):
        backups.backup(database, tmp_path / "copy")


def test_a_lost_key_is_asked_for_and_never_made_anew(tmp_path):
    url, key_path = f"sqlite:///{tmp_path / 'auditor.sqlite'}", tmp_path / "auditor.key"
    installation.install(url, key_path=key_path).close()
    key_path.unlink()
    for attempt in (installation.install, installation.open_database):
        with pytest.raises(Conflict, match="put it back"):
            attempt(url, key_path=key_path)
    assert not key_path.exists()


@pytest.mark.parametrize("before", [False, True])
def test_a_server_that_does_not_answer_is_told_in_a_sentence_before_the_first_time_and_after(tmp_path, before):
    url, key_path = "postgresql+psycopg://nobody@127.0.0.1:1/nothing", tmp_path / "auditor.key"
    if before:
        installation.install(f"sqlite:///{tmp_path / 'auditor.sqlite'}", key_path=key_path).close()
    with pytest.raises(Unavailable, match="does not answer"):
        installation.install(url, key_path=key_path)


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "auditor.sqlite").write_text("not a database at all, but long enough to be read as one" * 20)
    with pytest.raises(BadInput, match="no SQLite database"):
        installation.install(f"sqlite:///{tmp_path / 'auditor.sqlite'}", key_path=tmp_path / "auditor.key")


def test_a_url_that_is_none_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(BadInput, match="database URL cannot be read"):
        installation.install("foo", key_path=tmp_path / "auditor.key")
