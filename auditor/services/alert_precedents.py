"""Earlier alerts of the same kind, with what people decided: a dismissal with its reason teaches the next reader."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertKind
from auditor.domain.stories import Precedent
from auditor.storage.monitors import Alert

_MOST = 5


@dataclass(frozen=True, kw_only=True)
class Decided(Precedent):
    """A precedent with its title and the reason that a person gave: for those who are logged in."""

    title: str
    reason: str


def precedents(session: Session, alert: Alert) -> list[Decided]:
    """Alerts of its source and arm that people closed and that share a signal, the newest first, five at most."""
    if alert.kind is not AlertKind.DRIFT:
        return []
    question = (
        select(Alert)
        .where(Alert.kind == AlertKind.DRIFT, Alert.id != alert.id, Alert.closed_at.is_not(None))
        .where(Alert.opened_at <= alert.opened_at)
        .order_by(Alert.closed_at.desc(), Alert.id.desc())
    )
    found = (_precedent(alert, earlier) for earlier in session.scalars(question) if _same_arm(alert, earlier))
    return [each for each in found if each is not None][:_MOST]


def _same_arm(alert: Alert, earlier: Alert) -> bool:
    return all(alert.latest[name] == earlier.latest[name] for name in ("source", "arm"))


def _precedent(alert: Alert, earlier: Alert) -> Decided | None:
    shared = _told_of(alert) & _told_of(earlier)
    if not shared or earlier.closed_at is None or earlier.closed_by is None or earlier.closed_by == "auditor":
        return None
    return Decided(
        alert_id=earlier.id,
        title=earlier.title,
        state=earlier.state,
        closed_by=earlier.closed_by,
        closed_at=earlier.closed_at,
        reason=earlier.close_reason or "",
        shared=tuple(sorted(shared)),
    )


def _told_of(alert: Alert) -> set[str]:
    return {signal["what"] for signal in alert.latest["signals"]}
