"""A story that grows is told of once more, when evidence of another kind joins it."""

from dataclasses import replace
from datetime import date, timedelta

from auditor.domain.people import Role
from auditor.domain.stories import Story
from auditor.services import alerts
from auditor.services.alert_folding import Folding, Told
from auditor.storage.database import Database
from auditor.storage.monitors import OutboxMessage
from tests import make
from tests.reports.make_stories import story as drift
from tests.services.test_alerts import LETTERHEAD


def run_of(told: Story, as_of: date) -> Told:
    return Told(as_of=as_of, stories={"hill/ai/3.1": told}, readings={}, sources=["hill"], quiet_weeks=4)


def grown(*monitors: str) -> Story:
    """The story with signals of these monitors, each about a thing of its own."""
    first = drift().signals[0]
    return drift(signals=tuple(replace(first, monitor=name, what=f"the {name}") for name in monitors))


def fold(database: Database, told: Story, as_of: date) -> None:
    with database.write() as session:
        Folding(session=session, letterhead=LETTERHEAD, at=make.NOON).fold(run_of(told, as_of))


def occasions(database: Database) -> list[tuple[str, list[str]]]:
    with database.read() as session:
        rows = session.query(OutboxMessage).order_by(OutboxMessage.id)
        return [(row.content["occasion"], row.content["joined"]) for row in rows]


def test_a_story_that_grows_by_another_kind_is_mailed_once_more_and_not_again(database: Database) -> None:
    with database.write() as session:
        make.user(session, "mia", roles=(Role.MANAGER,))
    weeks = [date(2026, 1, 5) + timedelta(weeks=each) for each in range(6)]
    fold(database, grown("stopped_codes"), weeks[0])
    fold(database, grown("stopped_codes", "stopped_codes"), weeks[1])
    assert occasions(database) == [("opened", [])]
    fold(database, grown("modifier_rates", "stopped_codes"), weeks[2])
    assert occasions(database)[1:] == [("grew", ["the modifier_rates"])]
    fold(database, grown("stopped_codes"), weeks[3])
    fold(database, grown("audited_errors", "em_level", "modifier_rates", "stopped_codes"), weeks[4])
    fold(database, grown("audited_errors", "em_level", "modifier_rates", "stopped_codes"), weeks[5])
    assert len(occasions(database)) == 2


def test_a_silenced_story_grows_in_silence(database: Database) -> None:
    with database.write() as session:
        make.user(session, "mia", roles=(Role.MANAGER,))
    fold(database, grown("stopped_codes"), date(2026, 1, 19))
    with database.write() as session:
        (alert,) = alerts.every(session)
        alerts.silence(session, alert.id, until=date(2026, 2, 1), by="mia", at=make.NOON)
    fold(database, grown("em_level", "stopped_codes"), date(2026, 1, 26))
    assert len(occasions(database)) == 1
    fold(database, grown("audited_errors", "em_level", "stopped_codes"), date(2026, 2, 2))
    assert occasions(database)[1:] == [("grew", ["the audited_errors", "the em_level"])]
