"""A drift report from our tables: alerts as they were kept, streams as a run said them."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind, AlertState, StreamState
from auditor.domain.chain import plain
from auditor.errors import NotFound
from auditor.reports import drift_document
from auditor.services import drift_reporting
from auditor.services.drift_reporting import DriftQuestion
from auditor.services.reporting import Paper
from auditor.storage.database import Database
from auditor.storage.monitors import Alert, MonitorRun, StreamReading
from tests import make
from tests.reports.make_stories import OPENED, story

PAPER = Paper(practice="Harbor Street Physicians", time_zone="America/New_York")
RUN_ON = date(2026, 11, 2)


def alert(session: Session, **fields: object) -> Alert:
    """The alert of the story, open."""
    told = story(**{name: fields.pop(name) for name in ("source",) if name in fields})
    given: dict[str, object] = {
        "story": f"{told.source}/ai/3.1",
        "kind": AlertKind.DRIFT,
        "state": AlertState.OPEN,
        "title": told.headline,
        "evidence": plain({"story": told}),
        "evidence_sha256": "0" * 64,
        "latest": plain(told),
        "since": told.since,
        "first_seen_on": RUN_ON,
        "last_seen_on": RUN_ON,
        "opened_at": OPENED,
        "updated_at": OPENED,
    }
    made = Alert(**(given | fields))
    session.add(made)
    session.flush()
    return made


def run(session: Session, as_of: date, *streams: tuple[str, StreamState]) -> None:
    made = MonitorRun(as_of=as_of, ran_at=OPENED)
    session.add(made)
    session.flush()
    for stream, state in streams:
        session.add(StreamReading(run_id=made.id, monitor="em_level", stream=stream, state=state, n=40))


def test_a_kept_story_comes_back_as_it_was_told(database: Database) -> None:
    with database.write() as session:
        number = alert(session).id
    with database.read() as session:
        report = drift_reporting.alert_report(session, number, paper=PAPER)
    assert report.alerts[0].story == story()
    assert report.weeks_until == story().weeks_until


def test_a_day_shows_what_was_open_then_and_the_run_up_to_it(database: Database) -> None:
    with database.write() as session:
        alert(session)
        closed = {"closed_at": OPENED + timedelta(days=10), "state": AlertState.RESOLVED}
        alert(session, source="clinic", **closed)
        run(session, RUN_ON, ("warehouse/ai/3.1", StreamState.ALARM), ("clinic/ai", StreamState.QUIET))
        run(session, RUN_ON + timedelta(days=14), ("warehouse/ai/3.1", StreamState.QUIET))
    with database.read() as session:
        days = [RUN_ON + timedelta(days=offset) for offset in (-1, 1, 14)]
        before, then, later = (
            drift_reporting.day_report(session, DriftQuestion(as_of=day), paper=PAPER) for day in days
        )
    assert [len(report.alerts) for report in (before, then, later)] == [0, 2, 1]
    assert [len(report.streams) for report in (before, then, later)] == [0, 2, 1]
    assert then.weeks_until == date(2026, 11, 1)
    assert [report.first_run_on for report in (before, then)] == [RUN_ON, None]
    (said,) = drift_document.document(before).lede
    assert said.startswith(
        "No run of the monitors is on record up to this day: the first is as of 2\u00a0Nov\u00a02026."
    )


def test_one_source_is_shown_alone(database: Database) -> None:
    with database.write() as session:
        make.source(session, "clinic")
        alert(session)
        alert(session, source="clinic")
        run(session, RUN_ON, ("warehouse/ai/3.1", StreamState.ALARM), ("clinic/ai", StreamState.QUIET))
    with database.read() as session:
        asked = DriftQuestion(as_of=RUN_ON, source="clinic")
        report = drift_reporting.day_report(session, asked, paper=PAPER)
    assert [line.story.source for line in report.alerts] == ["clinic"]
    assert [stream.stream for stream in report.streams] == ["clinic/ai"]


def test_what_does_not_exist_is_named(sqlite: Database) -> None:
    with sqlite.read() as session:
        with pytest.raises(NotFound, match="there is no alert 9"):
            drift_reporting.alert_report(session, 9, paper=PAPER)
        with pytest.raises(NotFound, match="there is no source 'nowhere'"):
            drift_reporting.day_report(session, DriftQuestion(as_of=RUN_ON, source="nowhere"), paper=PAPER)
