"""Who is told of alerts, when and how: subscriptions, channels, and hours in which nobody is disturbed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from auditor.domain.alerts import AlertKind
from auditor.domain.people import Role


class Delivery(StrEnum):
    """How a person is told: by a mail for each alert, by one mail a week, or not at all."""

    NOW = "now"
    WEEKLY = "weekly"
    NEVER = "never"


class ChannelKind(StrEnum):
    """What takes an alert besides people's mailboxes."""

    WEBHOOK = "webhook"
    SLACK = "slack"
    TEAMS = "teams"
    LOG = "log"


def default_delivery(roles: Collection[str], kind: AlertKind) -> Delivery:
    """How a person of these roles is told who has not said otherwise.

    >>> default_delivery(["manager"], AlertKind.DRIFT), default_delivery(["auditor"], AlertKind.DRIFT)
    (<Delivery.NOW: 'now'>, <Delivery.NEVER: 'never'>)
    """
    told = {Role.MANAGER, Role.OFFICER} | ({Role.ADMIN} if kind is AlertKind.OPERATIONAL else set())
    return Delivery.NOW if told & {Role(role) for role in roles} else Delivery.NEVER


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """Local times between which no notice goes out; `begin` after `end` spans midnight."""

    begin: time
    end: time
    time_zone: str

    def release(self, at: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours that it falls into, in UTC.

        >>> quiet = QuietHours(begin=time(20), end=time(7), time_zone="America/New_York")
        >>> quiet.release(datetime.fromisoformat("2026-03-07T22:00-05:00")).isoformat()
        '2026-03-08T11:00:00+00:00'
        """
        zone = ZoneInfo(self.time_zone)
        local = at.astimezone(zone)
        now = local.time()
        spans_midnight = self.begin > self.end
        inside = (now >= self.begin or now < self.end) if spans_midnight else self.begin <= now < self.end
        if not inside:
            return at
        day = local.date() + timedelta(days=1 if spans_midnight and now >= self.begin else 0)
        again = local.fold if day == local.date() else 0  # in the hour that comes twice, its second end
        return datetime.combine(day, self.end, tzinfo=zone).replace(fold=again).astimezone(UTC)
