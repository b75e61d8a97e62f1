"""What the newest look at the claims source found of an audit: which drawn claims are not as they were.

By case number alone: what changed of a claim, the command that looks says, and no page does, since some cases are
coded blind.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from auditor.services.verification_results import Verification
from auditor.storage.audits import SourceCheck

_NEWEST = select(SourceCheck).where(SourceCheck.audit_id == bindparam("audit_id"))


class SourceNews(StrEnum):
    """What the source has made of a drawn claim since."""

    CHANGED = "changed"
    GONE = "gone"


def newest(session: Session, audit_id: int) -> SourceCheck | None:
    """The newest look at the source of an audit."""
    return session.scalar(_NEWEST, {"audit_id": audit_id})


def of_case(session: Session, audit_id: int, number: int) -> tuple[SourceNews, datetime] | None:
    """What became of the claim of a case, and when that was seen; None where nothing is known to have changed."""
    check = newest(session, audit_id)
    if check is None:
        return None
    numbers = {SourceNews.GONE: check.vanished, SourceNews.CHANGED: check.changed}
    return next(((news, check.checked_at) for news, cases in numbers.items() if number in cases), None)


def keep(session: Session, found: Verification, *, by: str, at: datetime) -> None:
    """Keep what a look at the source found, in the place of the one before."""
    check = newest(session, found.audit_id)
    if check is None:
        check = SourceCheck(audit_id=found.audit_id)
        session.add(check)
    check.checked_by, check.checked_at, check.identical = by, at, found.identical
    check.changed = [each.case for each in found.changed]
    check.vanished = [each.case for each in found.vanished]
