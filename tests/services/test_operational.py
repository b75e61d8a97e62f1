"""Trouble of the machinery: what is told, and what is not told beside its own cause."""

from datetime import date

from auditor.domain.alerts import StreamState
from auditor.domain.audits import AuditState
from auditor.domain.claims import CodingSource
from auditor.domain.monitors import MonitorKind, Reading, Strand
from auditor.services import operational
from auditor.services.alert_folding import Folding
from auditor.services.alerts import every
from auditor.services.operational import Seen
from auditor.storage.database import Database
from tests import make
from tests.services.test_alerts import LETTERHEAD

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
