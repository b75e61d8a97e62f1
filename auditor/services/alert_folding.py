"""Folds what a run of the monitors says into alerts: one story, one alert, from its first day to its last.

An alert opens once, is updated while it lasts, and ends by itself after quiet weeks. When evidence of another kind
joins a drift story, that is one more mail, whatever joins it afterwards. Old news changes nothing: a run for an
earlier day than the last one only reads.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind, AlertMove, AlertState
from auditor.domain.chain import digest, plain
from auditor.domain.events import Event, EventKind
from auditor.domain.stories import Occasion, Story
from auditor.services import alert_moves, notices
from auditor.services.alert_moves import Move
from auditor.services.notices import Letterhead
from auditor.storage import history
from auditor.storage.monitors import Alert

MACHINE = "auditor"
_FLAPPING = 2  # a story that is back within so many times the quiet weeks was not over


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a run says: stories by key, the readings they rest on, and the sources that could be read.

    `speaking` names, for every strand, the monitors that say it is quiet; `dry` are sources whose feed has dried up.
    """

    as_of: date
    stories: Mapping[str, Story]
    readings: Mapping[str, object]
    sources: Collection[str]
    quiet_weeks: int
    speaking: Mapping[str, Collection[str]] = field(default_factory=dict)
    dry: Collection[str] = ()


@dataclass(frozen=True, kw_only=True)
class Folded:
    """Alerts that the run opened, found still open, and ended."""

    opened: list[Alert] = field(default_factory=list)
    lasting: list[Alert] = field(default_factory=list)
    ended: list[Alert] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Folding:
    """One transaction's work on alerts: where they are, on whose paper mails go out, and the moment."""

    session: Session
    letterhead: Letterhead
    at: datetime

    def fold(self, told: Told) -> Folded:
        """Open, update and end alerts of the monitors, with their mails."""
        folded = Folded()
        question = select(Alert).where(Alert.closed_at.is_(None)).order_by(Alert.id)
        known = {alert.story: alert for alert in self.session.scalars(question)}
        for key, story in sorted(told.stories.items()):
            alert = known.pop(key, None)
            if alert is None:
                folded.opened.append(self._begin(key, story, told))
            else:
                self._update(alert, story, as_of=told.as_of)
                folded.lasting.append(alert)
        for alert in known.values():
            if _is_over(alert, told):
                self._end(alert, as_of=told.as_of)
                folded.ended.append(alert)
            else:
                folded.lasting.append(alert)
        return folded

    def open_operational(self, key: str, story: Story, *, as_of: date) -> Alert | None:
        """Open an alert about the machinery itself, unless it is open; None when there is nothing new to tell."""
        lasting = self._lasting(key)
        if lasting is not None:
            self._update(lasting, story, as_of=as_of)
            return None
        return self._open(key, story, as_of=as_of, readings=[])

    def end_operational(self, key: str, *, as_of: date) -> None:
        """End an alert about the machinery, if it is open."""
        alert = self._lasting(key)
        if alert is not None:
            self._end(alert, as_of=as_of)

    def _begin(self, key: str, story: Story, told: Told) -> Alert:
        """Reopen what ended by itself not long ago: a story that comes and goes stays one alert. Else open one."""
        question = select(Alert).where(Alert.story == key, Alert.closed_at.is_not(None)).order_by(Alert.id.desc())
        newest = self.session.scalars(question.limit(1)).first()
        span = timedelta(weeks=_FLAPPING * told.quiet_weeks)
        if newest is None or newest.closed_by != MACHINE or told.as_of > newest.last_seen_on + span:
            return self._open(key, story, as_of=told.as_of, readings=told.readings.get(key, []))
        alert_moves.make(self.session, newest, Move(kind=AlertMove.REOPENED), by=MACHINE, at=self.at)
        alert_moves.as_new(newest)
        newest.latest, newest.last_seen_on = _object(story), told.as_of
        newest.since = min(newest.since, story.since)
        if not _is_silent(newest, told.as_of):
            notices.queue(self.session, newest, Occasion.REOPENED, letterhead=self.letterhead, at=self.at)
        return newest

    def _lasting(self, key: str) -> Alert | None:
        return self.session.scalar(select(Alert).where(Alert.story == key, Alert.closed_at.is_(None)))

    def _open(self, key: str, story: Story, *, as_of: date, readings: object) -> Alert:
        evidence = _object({"story": story, "readings": readings, "as_of": as_of})
        alert = Alert(
            story=key,
            kind=story.kind,
            state=AlertState.OPEN,
            title=story.headline,
            evidence=evidence,
            evidence_sha256=digest(evidence),
            latest=_object(story),
            since=story.since,
            first_seen_on=as_of,
            last_seen_on=as_of,
            reminders=0,
            opened_at=self.at,
            updated_at=self.at,
        )
        self.session.add(alert)
        self.session.flush()
        self._log(alert, EventKind.ALERT_OPENED)
        notices.queue(self.session, alert, Occasion.OPENED, letterhead=self.letterhead, at=self.at)
        return alert

    def _update(self, alert: Alert, story: Story, *, as_of: date) -> None:
        if as_of <= alert.last_seen_on:
            return
        moved = _gist(alert.latest) != _gist(_object(story))
        known = alert.latest.get("items", story.items)
        more = tuple(each for each in story.items if each not in known)
        alert.latest, alert.last_seen_on, alert.updated_at = _object(story), as_of, self.at
        alert.since = min(alert.since, story.since)
        if moved:
            self._log(alert, EventKind.ALERT_UPDATED)
            more = notices.joined(alert) if alert.kind is AlertKind.DRIFT else more
        if more and not _is_silent(alert, as_of):
            notices.queue_growth(self.session, alert, more, letterhead=self.letterhead, at=self.at)

    def _end(self, alert: Alert, *, as_of: date) -> None:
        reason = f"quiet since the run of {alert.last_seen_on}"
        alert_moves.make(self.session, alert, Move(kind=AlertMove.RESOLVED, reason=reason), by=MACHINE, at=self.at)
        alert.closed_by, alert.closed_at, alert.close_reason = MACHINE, self.at, reason
        if not _is_silent(alert, as_of):
            notices.queue(self.session, alert, Occasion.RESOLVED, letterhead=self.letterhead, at=self.at)

    def _log(self, alert: Alert, kind: EventKind) -> None:
        body = {"alert": alert.id, "story": alert.story, "evidence_sha256": alert.evidence_sha256}
        history.record(self.session, Event(kind=kind, by=MACHINE, body=body), at=self.at)


def _object(value: object) -> dict[str, Any]:
    made = plain(value)
    if not isinstance(made, dict):
        raise ValueError("a story is kept as an object")
    return made


def _gist(story: Mapping[str, Any]) -> object:
    """What makes a story another one to tell: its monitors and how bad it is, not its digits."""
    return story["severity"], sorted({signal["monitor"] for signal in story["signals"]})


def _is_silent(alert: Alert, as_of: date) -> bool:
    return alert.silenced_until is not None and alert.silenced_until >= as_of


def _is_over(alert: Alert, told: Told) -> bool:
    """Whether it was quiet for long enough. Silence is not quiet: what cannot be said ends nothing."""
    if alert.latest["source"] not in told.sources:
        return False
    if alert.kind is AlertKind.DRIFT and (alert.latest["source"] in told.dry or _is_unsaid(alert, told)):
        return False
    weeks = told.quiet_weeks if alert.kind is AlertKind.DRIFT else 1
    return told.as_of >= alert.last_seen_on + timedelta(weeks=weeks)


def _is_unsaid(alert: Alert, told: Told) -> bool:
    """Whether a monitor that told of it now has too little data to say; a version that is gone says nothing more."""
    speaking = told.speaking.get(alert.story)
    return speaking is not None and not {each["monitor"] for each in alert.latest["signals"]} <= set(speaking)
