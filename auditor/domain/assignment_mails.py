"""What the mail tells an auditor who has got cases. Knows no template, and no claim."""

from dataclasses import dataclass
from datetime import date, datetime

from auditor.domain.checkpoints import Checkpoint


@dataclass(frozen=True, kw_only=True)
class AssignmentMail:
    """Cases of one audit given to one auditor. `queue_url` opens the first of them; all should be done by
    `finish_by`, which goes along as a calendar entry.

    `cases` and `blind` count those that the mail is about, `waiting` all that the auditor has not done in the audit,
    and `newest` is the highest case number that the auditor has. `joined`: there were others before. `arriving`:
    claims are still selected as they arrive, and a bill waits `hold_days` at most. `drawn_at` and `drawn_by` are of
    the latest round.
    """

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
    waiting: int
    newest: int
    joined: bool
    arriving: bool
    hold_days: int | None
    queue_url: str
    time_zone: str
    checkpoint: Checkpoint
    finish_by: date | None = None
