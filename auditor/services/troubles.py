"""A trouble of the machinery or of the year's work, and the story that an alert makes of it."""

from dataclasses import dataclass
from datetime import date

from auditor.domain.alerts import AlertKind
from auditor.domain.stories import Severity, Story


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One of them: `key` names it for good, so that it is told once, and again when `items` has a new one."""

    key: str
    headline: str
    sentence: str
    since: date
    next_step: str
    items: tuple[str, ...] = ()

    @property
    def alert(self) -> str:
        """The story under which its alert is open."""
        return f"machine:{self.key}"

    def story(self, on: date) -> Story:
        """As seen on a day: no arm, no version, no figures, and one thing to do."""
        return Story(
            kind=AlertKind.OPERATIONAL,
            headline=self.headline,
            sentence=self.sentence,
            severity=Severity.MEDIUM,
            source="",
            weeks_until=on,
            since=self.since,
            next_step=self.next_step,
            items=self.items,
        )
