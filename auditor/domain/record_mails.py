"""What mails about requests for records tell, and when: our own numbers and days, nothing of claim or record."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from auditor.domain.checkpoints import Checkpoint


class RecordOccasion(StrEnum):
    """Why the mail comes. Whoever asked gets each of them, the compliance officers the last."""

    DUE = "due"
    OVERDUE = "overdue"
    UNDECIDED = "undecided"


_BEGINS = (
    (RecordOccasion.UNDECIDED, timedelta(days=7)),
    (RecordOccasion.OVERDUE, timedelta(days=1)),
    (RecordOccasion.DUE, timedelta(days=-1)),
)


def record_occasion(due_on: date, on: date) -> RecordOccasion | None:
    """What there is to tell on a day about a record that has not come: the latest of what has begun.

    >>> record_occasion(date(2026, 3, 10), date(2026, 3, 12))
    <RecordOccasion.OVERDUE: 'overdue'>
    """
    return next((occasion for occasion, after in _BEGINS if on >= due_on + after), None)


@dataclass(frozen=True, kw_only=True)
class RecordMail:
    """One record that has not come. `mine` tells whether the reader is the one who asked for it."""

    occasion: RecordOccasion
    recipient_name: str
    practice: str
    mine: bool
    asked_by: str
    audit_id: int
    case_number: int
    due_on: date
    url: str
    checkpoint: Checkpoint
