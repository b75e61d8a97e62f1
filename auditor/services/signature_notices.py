"""Mails about signatures that no longer hold, once each: to who signed, who leads the audit, and the officers."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.people import Role
from auditor.reports import signature_mails
from auditor.services import people, privilege, signed_figures
from auditor.services.letters import Letter, post
from auditor.services.notices import Letterhead
from auditor.storage.audits import Audit, SignOff
from auditor.storage.people import User

KIND = "signature_tainted"


def queue(session: Session, *, letterhead: Letterhead, since: datetime, at: datetime) -> int:
    """Queue a mail about every signature tainted after `since` that was not told of before; how many."""
    question = (
        select(SignOff, Audit)
        .join(Audit, Audit.id == SignOff.audit_id)
        .where(SignOff.tainted_at > since)
        .order_by(SignOff.id)
    )
    queued = 0
    for signed, audit in session.execute(question):
        content = _content(session, audit, signed, letterhead)
        for user in _readers(session, audit, signed):
            letter = Letter(
                key=f"tainted-{signed.id}-{user.id}",
                kind=KIND,
                recipient=str(user.email),
                content={**content, "recipient_name": user.display_name},
                born_at=signed.signed_at,
                mail_domain=letterhead.mail_domain,
            )
            queued += post(session, letter, at=at, not_before=letterhead.release(at))
    return queued


def _readers(session: Session, audit: Audit, signed: SignOff) -> Iterator[User]:
    """Of a privileged audit only those who are named on it."""
    for user in people.everyone(session):
        concerned = Role.OFFICER in user.roles or user.name in (signed.signer, audit.plan.lead)
        if not concerned or user.disabled_at or not user.email:
            continue
        if not audit.privileged or audit.id in {each.id for each in privilege.known_audits(session, user.name)}:
            yield user


def _content(session: Session, audit: Audit, signed: SignOff, letterhead: Letterhead) -> dict[str, object]:
    now = signed_figures.today(session, audit)
    return {
        "practice": letterhead.practice,
        "time_zone": letterhead.time_zone,
        "audit_id": audit.id,
        "plan": audit.plan.name,
        "first_on": audit.first_on,
        "last_on": audit.last_on,
        "signer": signed.signer,
        "signed_at": signed.signed_at,
        "tainted_at": signed.tainted_at,
        "figures": signature_mails.told(signed_figures.kept(signed), now),
        "url": f"{letterhead.base_url.rstrip('/')}/audits/{audit.id}",
    }
