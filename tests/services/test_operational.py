"""Trouble of the machinery: what is told, and what is not told beside its own cause."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.alerts import StreamState
from auditor.domain.audits import AuditState
from auditor.domain.checkpoints import Checkpoint
from auditor.domain.claims import CodingSource
from auditor.domain.monitors import MonitorKind, Reading, Strand
from auditor.domain.people import Role
from auditor.mail.rendering import rendered
from auditor.services import operational
from auditor.services.alert_folding import Folding
from auditor.services.alerts import acknowledge, every
from auditor.services.operational import Seen
from auditor.services.troubles import Trouble
from auditor.storage.database import Database
from auditor.storage.monitors import OutboxMessage
from tests import make
from tests.services.test_alerts import LETTERHEAD

DAY = date(2026, 3, 2)
STRAND = Strand(source="hill", arm=CodingSource.AI, model_version="3.1")


def reading(kind: MonitorKind, state: StreamState) -> Reading:
    return Reading(monitor=kind.value, kind=kind, strand=STRAND, state=state, n=3)


def told(database: Database, *readings: Reading) -> list[str]:
    """What is said to be starved after a run with these readings, where a repeating plan has three audits."""
    with database.write() as session:
        plan = make.plan(session, source=make.source(session, "hill"), repeat="FREQ=MONTHLY", starts_on=make.FIRST_ON)
        for _ in range(3):
            make.audit(session, plan=plan, state=AuditState.DRAWN)
        seen = Seen(last_run_on=None, audit_problems=(), empty_audits={}, monitor_problems=(), readings=readings)
        folding = Folding(session=session, letterhead=LETTERHEAD, at=make.NOON)
        operational.tell(folding, seen, on=date(2026, 3, 2))
        return [alert.title for alert in every(session) if alert.title.startswith("Too few")]


def test_a_starved_stream_is_told(sqlite: Database) -> None:
    starved = reading(MonitorKind.AUDITED_ERRORS, StreamState.INSUFFICIENT)
    assert told(sqlite, starved) == ["Too few audits of hill/ai/3.1"]


def test_where_the_feed_is_dry_starved_streams_are_not_told_as_well(sqlite: Database) -> None:
    starved = reading(MonitorKind.AUDITED_ERRORS, StreamState.INSUFFICIENT)
    assert told(sqlite, starved, reading(MonitorKind.FEED, StreamState.ALARM)) == []


def test_what_joins_a_trouble_is_told_once_also_when_it_was_acknowledged(database: Database) -> None:
    def late(session: Session, day: int, *numbers: int) -> None:
        folding = Folding(session=session, letterhead=LETTERHEAD, at=make.NOON + timedelta(days=day))
        items = tuple(f"monthly, {number}" for number in numbers)
        trouble = Trouble(
            key="late", headline=f"{len(items)} late", sentence="s", since=DAY, next_step="n", items=items
        )
        folding.open_operational(trouble.alert, trouble.story(DAY), as_of=DAY + timedelta(days=day))

    with database.write() as session:
        make.user(session, "olga", roles=(Role.OFFICER,))
        late(session, 0, 1)
        (alert,) = every(session)
        acknowledge(session, alert.id, by="olga", at=make.NOON)
        for day, numbers in enumerate([(1, 2), (1, 2), (2,), (2, 3), (2, 3)], start=1):
            late(session, day, *numbers)
        told = list(session.scalars(select(OutboxMessage.content).order_by(OutboxMessage.id)))
    assert [(each["occasion"], each["joined"]) for each in told] == [
        ("opened", []),
        ("grew", ["monthly, 2"]),
        ("grew", ["monthly, 3"]),
    ]
    said = rendered("drift_alert", told[-1], Checkpoint(number=1, sha256="0" * 64)).text
    assert "There is more to an alert of 15 Jan 2026, 12:00 UTC: monthly, 3 joined it." in " ".join(said.split())


def test_audits_of_a_source_that_has_ended_are_one_alert(sqlite: Database) -> None:
    empty = {number: f"the plan covers no claim of month {number}" for number in range(1, 6)}
    seen = Seen(last_run_on=None, audit_problems=(), empty_audits=empty, monitor_problems=(), readings=())
    with sqlite.write() as session:
        folding = Folding(session=session, letterhead=LETTERHEAD, at=make.NOON)
        operational.tell(folding, seen, on=DAY)
        (alert,) = every(session)
    assert alert.title == "5 audits have no claim to draw from"
    assert alert.latest["sentence"].endswith("Audit 3: the plan covers no claim of month 3. And 2 more.")
    assert alert.latest["items"] == [f"audit {number}" for number in empty]
