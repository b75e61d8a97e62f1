"""SQLite's journal: committed work is safe in it, and is carried over when nobody waits."""

import shutil
from pathlib import Path

from sqlalchemy import create_engine, text

PAGES = 4 * 1024 * 2_000


def test_what_is_committed_is_safe_in_the_journal_and_carried_over_on_demand(sqlite, tmp_path):
    sqlite.leave_checkpoints()
    file = Path(str(sqlite.engine.url.database))
    before = file.stat().st_size
    with sqlite.write() as session:
        session.execute(text("CREATE TABLE ballast (number INTEGER, filling TEXT)"))
    for number in range(3):
        with sqlite.write() as session:
            session.execute(
                text("INSERT INTO ballast VALUES (:number, :filling)"), {"number": number, "filling": "x" * PAGES}
            )
    assert file.stat().st_size == before
    crashed = tmp_path / "crashed.sqlite"
    for ending in ("", "-wal"):
        shutil.copy(f"{file}{ending}", f"{crashed}{ending}")
    with create_engine(f"sqlite:///{crashed}").connect() as connection:
        assert connection.execute(text("SELECT number, length(filling) FROM ballast")).all() == [
            (number, PAGES) for number in range(3)
        ]
    sqlite.checkpoint()
    assert file.stat().st_size > before + 3 * PAGES


def test_other_engines_carry_nothing_over(database):
    database.leave_checkpoints()
    database.checkpoint()
    assert database.answers()
