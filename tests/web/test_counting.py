"""The process that counts opens its database once, and keeps no connection from one count to the next."""

from pathlib import Path

from auditor.services import installation
from auditor.services.reporting import Paper
from auditor.storage.database import Database
from auditor.web import counting
from auditor.web.counting import Place

PAPER = Paper(practice="Elm Street", time_zone="UTC")


def counted(database: Database, audit_id: int, _paper: Paper) -> tuple[int, str, int]:
    """Stands for a count: which database it was given, and how many connections that has open."""
    with database.read() as session:
        session.connection()
    return id(database), database.time_zone, audit_id


def test_a_count_gets_the_practices_database_and_leaves_no_connection_open(tmp_path: Path):
    key = tmp_path / "auditor.key"
    url = f"sqlite:///{tmp_path / 'auditor.sqlite'}"
    installation.install(url, key_path=key).close()
    place = Place(url=url, key_path=key, time_zone="America/Chicago")
    counts = [counting._made(place, counted, number, PAPER) for number in (1, 2)]
    assert counts[0][0][0] == counts[1][0][0]
    assert [made[1:] for made, _ in counts] == [("America/Chicago", 1), ("America/Chicago", 2)]
    assert counting._opened(place).engine.pool.checkedin() == 0
