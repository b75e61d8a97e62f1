"""What mails about provider queries tell: our own numbers and days, nothing of the claim or the question."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditor.domain.checkpoints import Checkpoint


class QueryOccasion(StrEnum):
    """Why the mail comes. Providers get the first two, whoever asked the other two."""

    ASKED = "asked"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    ANSWERED = "answered"


@dataclass(frozen=True, kw_only=True)
class QueryMail:
    """One query of one case. `url` opens its answer page, or the query itself for whoever asked."""

    occasion: QueryOccasion
    recipient_name: str
    practice: str
    query_id: int
    audit_id: int
    case_number: int
    asked_by: str
    due_on: date
    overdue: bool
    url: str
    checkpoint: Checkpoint
