"""What a mail about a rebuttal or a corrective action tells one person. Knows no template, and no claim."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditor.domain.checkpoints import Checkpoint


class Told(StrEnum):
    """What is told."""

    REBUTTAL_ARGUED = "rebuttal_argued"
    REBUTTAL_ESCALATED = "rebuttal_escalated"
    REBUTTAL_UPHELD = "rebuttal_upheld"
    REBUTTAL_OVERTURNED = "rebuttal_overturned"
    ACTION_GIVEN = "action_given"
    ACTION_DUE_SOON = "action_due_soon"
    ACTION_OVERDUE = "action_overdue"


@dataclass(frozen=True, kw_only=True)
class FollowThroughMail:
    """One of these, by our own numbers. `title` is that of an action, `case_number` that of a rebuttal's case."""

    told: Told
    recipient_name: str
    practice: str
    number: int
    url: str
    checkpoint: Checkpoint
    audit_id: int | None = None
    case_number: int | None = None
    title: str = ""
    education_topic: str | None = None
    due_on: date | None = None
