"""Signatures: bound to the content of an audit, and tainted when that content is no longer what was signed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, DocumentationStatus, ReviewStatus
from auditor.domain.chain import canonical_json
from auditor.domain.events import Event, EventKind
from auditor.domain.people import Role
from auditor.errors import BadInput, Conflict
from auditor.services import audits, people, samples
from auditor.services.follow_through import rebuttals
from auditor.storage import history
from auditor.storage.audits import Audit, SampleRound, SamplingFrame, Selection, SignOff
from auditor.storage.cases import AuditCase, Finding

_BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class Signature:
    """The newest signature of an audit, and whether what was signed is still what is there."""

    signer: str
    credential: str | None
    meaning: str
    signed_at: datetime
    content_sha256: str
    tainted: bool
    tainted_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Signing:
    """Who signs which audit, and what the signature means."""

    audit_id: int
    signer: str
    meaning: str


def sign_off(session: Session, signing: Signing, *, at: datetime) -> SignOff:
    """Sign an audit in which nothing is open. The signer must be a compliance officer of ours."""
    user = people.acting(session, signing.signer, Role.OFFICER)
    if not signing.meaning.strip():
        raise BadInput("a signature takes a meaning: say what is signed, such as 'approved as final'")
    audit = audits.locked(session, signing.audit_id)
    _refuse_unfinished(session, audit)
    signed = SignOff(
        audit_id=audit.id,
        signer=user.name,
        credential=user.credential,
        meaning=signing.meaning,
        content_sha256=content_sha256(session, audit),
        signed_at=at,
    )
    session.add(signed)
    audit.state = AuditState.SIGNED
    session.flush()
    body = {"audit": audit.id, "sign_off": signed.id, "content_sha256": signed.content_sha256}
    history.record(session, Event(kind=EventKind.AUDIT_SIGNED, by=user.name, body=body), at=at)
    return signed


def reopen(session: Session, *, audit_id: int, by: str, at: datetime) -> Audit:
    """Open a signed audit for changes; its signature stays visible, and is tainted from now on."""
    audit = audits.locked(session, audit_id)
    if audit.state is not AuditState.SIGNED:
        raise Conflict(f"audit {audit_id} is {audit.state}: only a signed audit is reopened")
    newest = _newest(session, audit_id)
    if newest is not None and newest.tainted_at is None:
        newest.tainted_at = at
    audit.state = AuditState.DRAWN
    body = {"audit": audit.id, "sign_off": newest.id if newest else None}
    history.record(session, Event(kind=EventKind.AUDIT_REOPENED, by=by, body=body), at=at)
    return audit


def signature(session: Session, audit: Audit) -> Signature | None:
    """The newest signature; its content is digested again, so a change behind our back taints it too."""
    newest = _newest(session, audit.id)
    if newest is None:
        return None
    changed = newest.tainted_at is None and content_sha256(session, audit) != newest.content_sha256
    return Signature(
        signer=newest.signer,
        credential=newest.credential,
        meaning=newest.meaning,
        signed_at=newest.signed_at,
        content_sha256=newest.content_sha256,
        tainted=changed or newest.tainted_at is not None,
        tainted_at=newest.tainted_at,
    )


def content_sha256(session: Session, audit: Audit) -> str:
    """The digest of all that a signature covers, one canonical JSON line a thing, in a fixed order.

    Frame, rounds, selections, cases with the digest of their frozen claim, and the newest version of each finding.
    """
    hashed = hashlib.sha256(b"auditor-content/1\n")
    for kind, fields in _content(session, audit):
        hashed.update(f"{kind} {canonical_json(fields)}\n".encode())
    return hashed.hexdigest()


def _content(session: Session, audit: Audit) -> Iterator[tuple[str, dict[str, object]]]:
    yield "audit", {"audit": audit.id, "plan": audit.plan.name, "first_on": audit.first_on, "last_on": audit.last_on}
    yield "seed", {"seed": audit.seed, "source": audit.seed_source}
    for row in session.scalars(select(SamplingFrame).where(SamplingFrame.audit_id == audit.id)):
        yield "frame", _columns(row)
    of_audit = select(SampleRound).where(SampleRound.audit_id == audit.id).order_by(SampleRound.number)
    for each in session.scalars(of_audit):
        yield "round", _columns(each)
    cases = (
        select(AuditCase.number, AuditCase.claim_sha256, AuditCase.blind, AuditCase.documentation_status, Selection)
        .join(Selection, Selection.id == AuditCase.selection_id)
        .where(AuditCase.audit_id == audit.id)
        .order_by(AuditCase.number)
        .execution_options(yield_per=_BATCH)
    )
    for number, claim_sha256, blind, documentation, selection in session.execute(cases):
        yield "selection", _columns(selection)
        yield "case", {"number": number, "claim": claim_sha256, "blind": blind, "documentation": documentation}
    for number, finding in _newest_findings(session, audit):
        yield "finding", {"case": number, **_columns(finding)}


def _newest_findings(session: Session, audit: Audit) -> Iterator[tuple[int, Finding]]:
    line = (Finding.case_id, Finding.review_pass, Finding.stage, Finding.line)
    place = func.row_number().over(partition_by=line, order_by=Finding.version.desc())
    ranked = (
        select(Finding.id, place.label("place"))
        .join(AuditCase, AuditCase.id == Finding.case_id)
        .where(AuditCase.audit_id == audit.id)
        .subquery()
    )
    question = (
        select(AuditCase.number, Finding)
        .join(AuditCase, AuditCase.id == Finding.case_id)
        .join(ranked, ranked.c.id == Finding.id)
        .where(ranked.c.place == 1)
        .order_by(AuditCase.number)
    )
    found = [(number, finding) for number, finding in session.execute(question)]
    return iter(sorted(found, key=lambda pair: (pair[0], pair[1].review_pass, pair[1].stage, pair[1].line)))


def _columns(row: object) -> dict[str, object]:
    """The values of a row by column, without its own key."""
    mapper = inspect(type(row))
    return {column.key: getattr(row, column.key) for column in mapper.column_attrs if column.key != "id"}


def _newest(session: Session, audit_id: int) -> SignOff | None:
    return session.scalar(select(SignOff).where(SignOff.audit_id == audit_id).order_by(SignOff.id.desc()).limit(1))


def _refuse_unfinished(session: Session, audit: Audit) -> None:
    if audit.state is AuditState.SIGNED:
        raise Conflict(f"audit {audit.id} is signed already: reopen it to sign anew")
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
