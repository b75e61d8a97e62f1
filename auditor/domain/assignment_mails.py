"""What the mail tells an auditor whose cases have been drawn. Knows no template, and no claim."""

from dataclasses import dataclass
from datetime import date, datetime

from auditor.domain.checkpoints import Checkpoint


@dataclass(frozen=True, kw_only=True)
class AssignmentMail:
    """Cases of one audit given to one auditor. `queue_url` opens the first of them; all should be done by
    `finish_by`, which goes along as a calendar entry."""

    recipient_name: str
    practice: str
    audit_id: int
    plan: str
    first_on: date
    last_on: date
    drawn_at: datetime
    drawn_by: str
    cases: int
    blind: int
    queue_url: str
    time_zone: str
    checkpoint: Checkpoint
    finish_by: date | None = None
