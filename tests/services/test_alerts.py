"""What people may do with alerts, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertState
from auditor.domain.people import Role
from auditor.errors import AuditorError, BadInput, Conflict, NotFound
from auditor.services import alerts
from auditor.services.alert_folding import Folding
from auditor.services.alert_precedents import precedents
from auditor.services.alerts import Grounds
from auditor.services.notices import Letterhead
from auditor.storage.database import Database
from auditor.storage.log import LogEntry
from auditor.storage.monitors import OutboxMessage
from tests import make
from tests.mail.test_deliver import story

LETTERHEAD = Letterhead(practice="Hill", base_url="http://h", time_zone="UTC", mail_domain="hill.example")


@pytest.fixture
def alert_id(database: Database) -> int:
    """One open alert, and a manager."""
    with database.write() as session:
        make.user(session, "mia", roles=(Role.MANAGER,))
        folding = Folding(session=session, letterhead=LETTERHEAD, at=make.NOON)
        opened = folding.open_operational("hill/ai/3.1", story(), as_of=date(2026, 1, 12))
        assert opened is not None
        return opened.id


def open_and_fail(session: Session) -> None:
    """Open an alert, see its mail, then fail before the transaction ends."""
    Folding(session=session, letterhead=LETTERHEAD, at=make.NOON).open_operational("s", story(), as_of=make.FIRST_ON)
    assert session.query(OutboxMessage).count() == 1
    raise Conflict("something else failed")


def test_the_mail_is_queued_in_the_transaction_that_opens_the_alert(database: Database) -> None:
    with database.write() as session:
        make.user(session, "mia", roles=(Role.MANAGER,))

    with pytest.raises(Conflict), database.write() as session:
        open_and_fail(session)
    with database.read() as session:
        assert (session.query(OutboxMessage).count(), alerts.every(session)) == (0, [])


def test_every_step_of_an_alert_is_logged_without_the_reason_s_words(database: Database, alert_id: int) -> None:
    with database.write() as session:
        alerts.acknowledge(session, alert_id, by="mia", at=make.NOON)
        alerts.assign(session, alert_id, to="mia", by="mia", at=make.NOON)
        alerts.silence(session, alert_id, until=make.NOON.date() + timedelta(days=7), by="mia", at=make.NOON)
        alerts.resolve(session, alert_id, grounds=Grounds(reason="rolled back for Mrs Smith"), by="mia", at=make.NOON)
    with database.read() as session:
        entries = [(entry.kind, entry.body) for entry in session.query(LogEntry).order_by(LogEntry.number)]
        alert = alerts.numbered(session, alert_id)
    kinds = [kind for kind, _ in entries if kind.startswith("alert.")]
    assert kinds == ["alert.opened", "alert.acknowledged", "alert.assigned", "alert.silenced", "alert.resolved"]
    assert not any("Smith" in body for _, body in entries)
    assert (alert.state, alert.close_reason) == (AlertState.RESOLVED, "rolled back for Mrs Smith")


def test_a_closed_alert_is_not_closed_again(database: Database, alert_id: int) -> None:
    with database.write() as session:
        alerts.dismiss(session, alert_id, grounds=Grounds(reason="new clinic"), by="mia", at=make.NOON)
    with pytest.raises(Conflict, match="dismissed already"), database.write() as session:
        alerts.resolve(session, alert_id, grounds=Grounds(reason="again"), by="mia", at=make.NOON)


@pytest.mark.parametrize(("number", "reason", "error"), [(99, "x", NotFound), (None, " ", BadInput)])
def test_an_alert_that_there_is_not_and_a_reason_that_is_none_are_refused(
    database: Database, alert_id: int, number: int | None, reason: str, error: type[AuditorError]
) -> None:
    with pytest.raises(error), database.write() as session:
        alerts.dismiss(session, number or alert_id, grounds=Grounds(reason=reason), by="mia", at=make.NOON)


def test_an_alert_lives_from_investigation_over_confirmation_to_its_end(database: Database, alert_id: int) -> None:
    with database.write() as session:
        alerts.investigate(session, alert_id, by="mia", at=make.NOON)
        found = alerts.confirm(session, alert_id, grounds=Grounds(reason="9 of 20 wrong"), by="mia", at=make.NOON)
        assert (found.state, found.assigned_to, found.acknowledged_by) == (AlertState.CONFIRMED, "mia", "mia")
        alerts.resolve(session, alert_id, grounds=Grounds(reason="rolled back"), by="mia", at=make.NOON)
    with database.read() as session:
        told = [(step.move, step.by, step.reason) for step in alerts.steps(session, alert_id)]
    assert told == [
        ("investigation begun", "mia", None),
        ("confirmed", "mia", "9 of 20 wrong"),
        ("resolved", "mia", "rolled back"),
    ]


def test_no_move_goes_backwards(database: Database, alert_id: int) -> None:
    with database.write() as session:
        alerts.confirm(session, alert_id, grounds=Grounds(reason="wrong"), by="mia", at=make.NOON)
        assert alerts.acknowledge(session, alert_id, by="mia", at=make.NOON).state is AlertState.CONFIRMED
    with pytest.raises(Conflict, match="confirmed already"), database.write() as session:
        alerts.investigate(session, alert_id, by="mia", at=make.NOON)
    with pytest.raises(Conflict, match="confirmed already"), database.write() as session:
        alerts.reopen(session, alert_id, grounds=Grounds(reason="again"), by="mia", at=make.NOON)


def test_a_reopened_alert_is_as_new_and_keeps_its_steps(database: Database, alert_id: int) -> None:
    with database.write() as session:
        alerts.dismiss(session, alert_id, grounds=Grounds(reason="new clinic"), by="mia", at=make.NOON)
        found = alerts.reopen(session, alert_id, grounds=Grounds(reason="no such clinic"), by="mia", at=make.NOON)
        assert (found.state, found.closed_at, found.close_reason) == (AlertState.OPEN, None, None)
        assert [step.reason for step in alerts.steps(session, alert_id)] == ["new clinic", "no such clinic"]


def test_an_alert_is_not_reopened_beside_an_open_one_of_its_story(database: Database, alert_id: int) -> None:
    with database.write() as session:
        alerts.resolve(session, alert_id, grounds=Grounds(reason="mended"), by="mia", at=make.NOON)
        folding = Folding(session=session, letterhead=LETTERHEAD, at=make.NOON)
        assert folding.open_operational("hill/ai/3.1", story(), as_of=date(2026, 2, 2))
    with pytest.raises(Conflict, match="tells the same story"), database.write() as session:
        alerts.reopen(session, alert_id, grounds=Grounds(reason="again"), by="mia", at=make.NOON)


def test_what_people_decided_before_is_told_with_the_next_alert_of_its_kind(database: Database) -> None:
    with database.write() as session:
        folding = Folding(session=session, letterhead=LETTERHEAD, at=make.NOON)
        first = folding.open_operational("hill/ai/3.1", story(), as_of=date(2026, 1, 12))
        other = folding.open_operational("hill/ai/3.0", replace(story(), arm="human"), as_of=date(2026, 1, 12))
        assert first
        assert other
        alerts.dismiss(session, first.id, grounds=Grounds(reason="new clinic"), by="mia", at=make.NOON)
        alerts.dismiss(session, other.id, grounds=Grounds(reason="not ours"), by="mia", at=make.NOON)
        second = folding.open_operational("hill/ai/3.1", story(), as_of=date(2026, 3, 2))
        assert second
        found = precedents(session, second)
    assert [(each.alert_id, each.state, each.reason) for each in found] == [(1, AlertState.DISMISSED, "new clinic")]
    assert found[0].shared
