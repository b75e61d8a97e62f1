"""What the mail tells an auditor who has got cases. Knows no template, and no claim."""

from dataclasses import dataclass
from datetime import date, datetime

from auditor.domain.checkpoints import Checkpoint


@dataclass(frozen=True, kw_only=True)
class AssignedAudit:
    """One of several audits that a mail is about, with how many of its cases are new."""

    audit_id: int
    plan: str
    first_on: date
    last_on: date
    cases: int
    newest: int
    finish_by: date | None = None


@dataclass(frozen=True, kw_only=True)
class AssignmentMail:
    """Cases given to one auditor, of one audit, or of several that were drawn together: then `audits` has each, all
    counts are of them together, and everything else is of the first. `queue_url` opens the first case; all should be
    done by `finish_by`, which goes along as a calendar entry.

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
    audits: tuple[AssignedAudit, ...] = ()
