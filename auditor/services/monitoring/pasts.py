"""What earlier alerts mean for today's baselines: weeks that are left out, new normals, and alarms still open."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind, AlertState
from auditor.domain.claims import CodingSource
from auditor.domain.monitors import Strand
from auditor.services.monitoring.strands import StrandPast
from auditor.storage.monitors import Alert


def pasts(session: Session, *, source: str, weeks: Sequence[date], as_of: date) -> dict[Strand, StrandPast]:
    """The past of every strand of a source, from the alerts that were first seen before this day."""
    question = select(Alert).where(Alert.kind == AlertKind.DRIFT, Alert.first_seen_on < as_of).order_by(Alert.id)
    found: defaultdict[Strand, StrandPast] = defaultdict(StrandPast)
    for alert in session.scalars(question):
        if alert.latest["source"] == source:
            strand = Strand(
                source=source,
                arm=CodingSource(alert.latest["arm"]),
                model_version=alert.latest["model_version"],
            )
            found[strand] = _with(found[strand], alert, weeks)
    return dict(found)


def _with(past: StrandPast, alert: Alert, weeks: Sequence[date]) -> StrandPast:
    began, seen = (_place(weeks, day) for day in (alert.since, alert.last_seen_on))
    if alert.state is AlertState.DISMISSED:
        return StrandPast(alarmed=past.alarmed, since=past.since, restart=max(past.restart, began), fresh=seen)
    alarmed = past.alarmed | frozenset(range(began, seen))
    if alert.closed_at is None:
        return StrandPast(alarmed=alarmed, since=began, restart=past.restart, fresh=past.fresh)
    return StrandPast(alarmed=alarmed, since=past.since, restart=past.restart, fresh=max(past.fresh, seen))


def _place(weeks: Sequence[date], day: date) -> int:
    """How many of the weeks lie wholly before the day."""
    return sum(1 for week in weeks if week < day and (day - week).days >= 7)
