"""What the mail about a signature that no longer holds tells one person. Knows no template, and no claim."""

from dataclasses import dataclass
from datetime import date, datetime

from auditor.domain.checkpoints import Checkpoint


@dataclass(frozen=True, kw_only=True)
class SignedFigure:
    """One measure in words, as it was signed and as it is when the mail is queued."""

    measure: str
    as_signed: str
    now: str


@dataclass(frozen=True, kw_only=True)
class SignatureMail:
    """An audit whose signature was tainted: whose, since when, and its figures then and now."""

    recipient_name: str
    practice: str
    time_zone: str
    audit_id: int
    plan: str
    first_on: date
    last_on: date
    signer: str
    signed_at: datetime
    tainted_at: datetime
    figures: tuple[SignedFigure, ...]
    url: str
    checkpoint: Checkpoint
