"""Where audits stand: progress, people, signature, and what else was audited over the same days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, DocumentationStatus, ReviewStatus, SeedSource
from auditor.services import audits, privilege, signatures
from auditor.services.signatures import Signature
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Cases of an audit, and how many of them are done."""

    cases: int
    done: int
    by_documentation: Mapping[DocumentationStatus, int]
    pending_by_auditor: Mapping[str, int]
    unassigned: int


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """Another audit of the same source that shares days with this one."""

    audit_id: int
    plan: str
    state: AuditState
    first_on: date
    last_on: date
    drawn_at: datetime | None
    abandon_reason: str | None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One audit as it stands now."""

    audit_id: int
    plan: str
    state: AuditState
    first_on: date
    last_on: date
    opened_by: str
    opened_at: datetime
    drawn_at: datetime | None
    seed_sha256: str
    seed_source: SeedSource
    sample_size: int | None
    progress: Progress
    signature: Signature | None
    overlaps: tuple[Neighbour, ...]

    @property
    def state_text(self) -> str:
        """The state as people read it: a signature that no longer holds is said at once."""
        tainted = self.signature is not None and self.signature.tainted
        return f"{self.state}, signature tainted" if tainted else str(self.state)


def standing(session: Session, audit_id: int) -> Standing:
    """One audit as it stands."""
    audit = audits.numbered(session, audit_id)
    return Standing(
        audit_id=audit.id,
        plan=audit.plan.name,
        state=audit.state,
        first_on=audit.first_on,
        last_on=audit.last_on,
        opened_by=audit.opened_by,
        opened_at=audit.opened_at,
        drawn_at=audit.drawn_at,
        seed_sha256=audit.seed_sha256,
        seed_source=audit.seed_source,
        sample_size=audit.rounds[-1].sample_size if audit.rounds else None,
        progress=_progress(session, audit),
        signature=signatures.signature(session, audit),
        overlaps=neighbours(session, audit),
    )


def all_standings(session: Session, *, reader: str | None = None) -> list[Standing]:
    """Every audit, oldest first; for a reader, those that they may know of."""
    known = audits.all_audits(session) if reader is None else privilege.known_audits(session, reader)
    return [standing(session, audit.id) for audit in known]


def neighbours(session: Session, audit: Audit) -> tuple[Neighbour, ...]:
    """Audits of the same source over some of the same days; abandoned ones stay on every certificate."""
    return tuple(
        Neighbour(
            audit_id=other.id,
            plan=other.plan.name,
            state=other.state,
            first_on=other.first_on,
            last_on=other.last_on,
            drawn_at=other.drawn_at,
            abandon_reason=other.abandon_reason,
        )
        for other in audits.overlapping(session, audit)
    )


def _progress(session: Session, audit: Audit) -> Progress:
    status = (AuditCase.review_status, AuditCase.documentation_status, AuditCase.assigned_to)
    rows = session.execute(
        select(*status, func.count()).where(AuditCase.audit_id == audit.id).group_by(*status)
    ).all()
    documentation: dict[DocumentationStatus, int] = {}
    pending: dict[str, int] = {}
    for review, document, auditor, count in rows:
        documentation[document] = documentation.get(document, 0) + count
        if review is ReviewStatus.PENDING and auditor is not None:
            pending[auditor] = pending.get(auditor, 0) + count
    return Progress(
        cases=sum(row[3] for row in rows),
        done=sum(row[3] for row in rows if row[0] is ReviewStatus.DONE),
        by_documentation=documentation,
        pending_by_auditor=pending,
        unassigned=sum(row[3] for row in rows if row[2] is None),
    )
