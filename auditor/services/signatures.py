"""Signatures: bound to the content of an audit, and tainted when that content is no longer what was signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, DocumentationStatus, NoteKind, ReviewStatus
from auditor.domain.events import Event, EventKind
from auditor.domain.people import Role
from auditor.errors import BadInput, Conflict
from auditor.reports.model import Signature
from auditor.services import audit_notes, audits, credentials, people, samples, second_reviews, signed_figures
from auditor.services.follow_through import rebuttals
from auditor.services.signed_content import content_sha256
from auditor.storage import history
from auditor.storage.audits import Audit, AuditNote, SignOff
from auditor.storage.cases import AuditCase
from auditor.storage.practice_days import day_of

_OF_AUDIT = select(SignOff).where(SignOff.audit_id == bindparam("audit_id")).order_by(SignOff.id)


@dataclass(frozen=True, kw_only=True)
class Signing:
    """Who signs which audit, and what the signature means.

    `content_sha256` is of the content that the signer has looked at; None where nothing was shown before signing.
    """

    audit_id: int
    signer: str
    meaning: str
    content_sha256: str | None = None


class ChangedSince(Conflict):
    """What would be signed is not what the signer has seen."""


def sign_off(session: Session, signing: Signing, *, at: datetime) -> SignOff:
    """Sign an audit in which nothing is open. The signer must be a compliance officer of ours.

    Raises Conflict, and signs nothing, when the audit is not finished or no longer holds what the signer has seen.
    """
    user = people.acting(session, signing.signer, Role.OFFICER)
    if not signing.meaning.strip():
        raise BadInput("a signature takes a meaning: say what is signed, such as 'approved as final'")
    audit = audits.locked(session, signing.audit_id)
    refuse_unfinished(session, audit.id)
    content = content_sha256(session, audit)
    if signing.content_sha256 not in (None, content):
        raise ChangedSince(
            f"audit {audit.id} has changed since you looked at it: nothing was signed; look at it anew, then sign"
        )
    others = _standing(session, audit, content, at=at)
    if any(each.signer == user.name for each in others):
        raise Conflict(f"{user.name} has signed audit {audit.id} already: its plan asks for a second officer")
    signed = SignOff(
        audit_id=audit.id,
        signer=user.name,
        credential=credentials.beside_signature(session, user, on=day_of(session, at)),
        meaning=signing.meaning,
        content_sha256=content,
        signed_at=at,
    )
    figures_sha256 = signed_figures.keep(session, audit, signed)
    session.add(signed)
    if others or not audit.plan.second_signature:
        audit.state = AuditState.SIGNED
    session.flush()
    body = {
        "audit": audit.id,
        "sign_off": signed.id,
        "content_sha256": signed.content_sha256,
        "figures_sha256": figures_sha256,
    }
    history.record(session, Event(kind=EventKind.AUDIT_SIGNED, by=user.name, body=body), at=at)
    return signed


def reopen(session: Session, *, audit_id: int, by: str, at: datetime, reason: str = "") -> Audit:
    """Open a signed audit for changes; its signatures stay visible, and are tainted from now on."""
    audit = audits.locked(session, audit_id)
    if audit.state is not AuditState.SIGNED:
        raise Conflict(f"audit {audit_id} is {audit.state}: only a signed audit is reopened")
    holding = session.scalars(select(SignOff).where(SignOff.audit_id == audit_id, SignOff.tainted_at.is_(None))).all()
    for signed in holding:
        signed.tainted_at = at
    audit.state = AuditState.DRAWN
    audit_notes.write(
        session, AuditNote(audit_id=audit_id, kind=NoteKind.REOPENED, text=reason, written_by=by, written_at=at)
    )
    body = {"audit": audit.id, "sign_off": holding[-1].id if holding else None}
    history.record(session, Event(kind=EventKind.AUDIT_REOPENED, by=by, body=body), at=at)
    return audit


def signature(session: Session, audit: Audit) -> Signature | None:
    """The newest signature; its content is digested again, so a change behind our back taints it too."""
    return next(iter(every_signature(session, audit)[-1:]), None)


def signatures(session: Session, of_audits: Sequence[Audit]) -> dict[int, tuple[Signature, ...]]:
    """All signatures of each audit, oldest first; of the newest it is seen again whether it still holds."""
    question = select(SignOff).where(SignOff.audit_id.in_([audit.id for audit in of_audits])).order_by(SignOff.id)
    signed: dict[int, list[SignOff]] = {audit.id: [] for audit in of_audits}
    for row in session.scalars(question):
        signed[row.audit_id].append(row)
    return {audit.id: _newest_appraised(session, audit, signed[audit.id]) for audit in of_audits}


def every_signature(session: Session, audit: Audit) -> tuple[Signature, ...]:
    """All signatures of an audit, oldest first; of the newest it is seen again whether it still holds."""
    return signatures(session, [audit])[audit.id]


def _newest_appraised(session: Session, audit: Audit, signed: Sequence[SignOff]) -> tuple[Signature, ...]:
    older = [_told(each, changed=False) for each in signed[:-1]]
    return (*older, *(_appraised(session, audit, each) for each in signed[-1:]))


def flagged(session: Session, audit_id: int) -> tuple[Signature, ...]:
    """All signatures of an audit as they are on record, oldest first; their content is not digested again."""
    signed = session.scalars(_OF_AUDIT, {"audit_id": audit_id}).all()
    return tuple(_told(each, changed=False) for each in signed)


def _appraised(session: Session, audit: Audit, signed: SignOff) -> Signature:
    changed = signed.tainted_at is None and content_sha256(session, audit) != signed.content_sha256
    return _told(signed, changed=changed)


def _told(signed: SignOff, *, changed: bool) -> Signature:
    return Signature(
        signer=signed.signer,
        credential=signed.credential,
        meaning=signed.meaning,
        signed_at=signed.signed_at,
        content_sha256=signed.content_sha256,
        tainted=changed or signed.tainted_at is not None,
        tainted_at=signed.tainted_at,
        figures=signed_figures.kept(signed),
    )


def awaits_second(session: Session, audit: Audit) -> str | None:
    """Who has signed an audit that waits for a second officer; None when nobody, or when it is signed."""
    if audit.state is not AuditState.DRAWN or not audit.plan.second_signature:
        return None
    signed = _untainted(session, audit)
    content = content_sha256(session, audit) if signed else None
    return next((each.signer for each in signed if each.content_sha256 == content), None)


def _untainted(session: Session, audit: Audit) -> list[SignOff]:
    question = select(SignOff).where(SignOff.audit_id == audit.id, SignOff.tainted_at.is_(None))
    return list(session.scalars(question.order_by(SignOff.id)))


def _standing(session: Session, audit: Audit, content: str, *, at: datetime) -> list[SignOff]:
    """Signatures of what is there now; those of something else are tainted by that."""
    standing = []
    for signed in _untainted(session, audit):
        if signed.content_sha256 == content:
            standing.append(signed)
        else:
            signed.tainted_at = at
    return standing


def refuse_unfinished(session: Session, audit_id: int) -> None:
    """Raises Conflict, with what to do, while anything in an audit is open, and when it is signed already."""
    audit = audits.numbered(session, audit_id)
    if audit.state is AuditState.SIGNED:
        signers = " and ".join(each.signer for each in _untainted(session, audit))
        by = f", by {signers}" if signers else ""
        raise Conflict(f"audit {audit.id} is signed already{by}: nothing was signed now; reopen it to sign anew")
    if audit.state is not AuditState.DRAWN:
        raise Conflict(f"audit {audit.id} is {audit.state}: only a drawn audit can be signed")
    samples.drawn_from(audit)
    of_audit = select(func.count(AuditCase.id)).where(AuditCase.audit_id == audit.id)
    every = session.scalar(of_audit) or 0
    waiting = session.scalar(of_audit.where(AuditCase.review_status != ReviewStatus.DONE)) or 0
    if waiting:
        raise Conflict(
            f"{waiting:,} of {every:,} cases of audit {audit.id} are not done: run"
            f" `auditor review next --audit {audit.id}`"
        )
    second, undecided = second_reviews.open_work(session, audit.id)
    if second or undecided:
        raise Conflict(
            f"audit {audit.id} waits for {second:,} second reviews and {undecided:,} adjudications: see"
            f" `auditor review second {audit.id}` and `auditor review disputes`"
        )
    requested = AuditCase.documentation_status == DocumentationStatus.REQUESTED
    missing = session.scalar(of_audit.where(requested)) or 0
    if missing:
        raise Conflict(
            f"{missing:,} cases of audit {audit.id} still wait for their documentation: settle those first"
        )
    argued = rebuttals.waiting_count(session, audit.id)
    if argued:
        raise Conflict(
            f"{argued:,} rebuttals in audit {audit.id} wait for an answer: `auditor rebuttal list` shows them"
        )
