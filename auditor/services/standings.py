"""Where audits stand: progress, people, signature, and what else was audited over the same days."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, DocumentationStatus, ReviewStatus, SeedSource
from auditor.reports.model import Remark, Signature
from auditor.services import audit_notes, audits, privilege, signatures
from auditor.storage import asking
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.people import User

_STATUS = (
    AuditCase.audit_id,
    AuditCase.review_status,
    AuditCase.documentation_status,
    AuditCase.assigned_to,
    User.disabled_at.is_not(None),
)
_COUNTED = (
    select(*_STATUS, func.count())
    .select_from(AuditCase)
    .outerjoin(User, User.name == AuditCase.assigned_to)
    .where(AuditCase.audit_id.in_(bindparam("audit_ids", expanding=True)))
    .group_by(*_STATUS)
)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Cases of an audit, and how many of them are done; `gone` are those of `pending_by_auditor` who are disabled."""

    cases: int
    done: int
    by_documentation: Mapping[DocumentationStatus, int]
    pending_by_auditor: Mapping[str, int]
    unassigned: int
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """Another audit of the same source that shares days with this one; `shared_claims` is None where not counted."""

    audit_id: int
    plan: str
    state: AuditState
    first_on: date
    last_on: date
    drawn_at: datetime | None
    abandon_reason: str | None
    shared_claims: int | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One audit as it stands now; `remarks` are read where it is asked for by itself."""

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
    second_signature: bool
    signatures: tuple[Signature, ...]
    overlaps: tuple[Neighbour, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def signature(self) -> Signature | None:
        """The newest signature."""
        return self.signatures[-1] if self.signatures else None

    @property
    def waits_for_second(self) -> bool:
        """Whether one officer has signed what is there now, and the plan asks for two."""
        holds = self.signature is not None and not self.signature.tainted
        return self.second_signature and self.state is AuditState.DRAWN and holds

    @property
    def state_text(self) -> str:
        """The state as people read it: a signature that no longer holds is said at once."""
        tainted = self.signature is not None and self.signature.tainted
        return f"{self.state}, signature tainted" if tainted else str(self.state)


def standing(session: Session, audit_id: int) -> Standing:
    """One audit as it stands."""
    audit = audits.numbered(session, audit_id)
    found = _standings(session, [audit], {audit.id: neighbours(session, audit)})[0]
    return replace(found, remarks=audit_notes.remarks(session, audit))


def all_standings(session: Session, *, reader: str | None = None) -> list[Standing]:
    """Every audit, oldest first; for a reader, those that they may know of.

    It costs a few questions, and one look at what each signature covers.
    """
    found = audits.all_audits(session) if reader is None else privilege.known_audits(session, reader)
    return _standings(session, found, {audit.id: _among(found, audit) for audit in found})


def _standings(
    session: Session, found: Sequence[Audit], overlaps: Mapping[int, tuple[Neighbour, ...]]
) -> list[Standing]:
    signed, progress = signatures.signatures(session, found), _progress(session, [audit.id for audit in found])
    return [
        Standing(
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
            progress=progress[audit.id],
            second_signature=audit.plan.second_signature,
            signatures=signed[audit.id],
            overlaps=overlaps[audit.id],
        )
        for audit in found
    ]


def progress(session: Session, audit_id: int) -> Progress:
    """How far an audit is."""
    return _progress(session, [audit_id])[audit_id]


def neighbours(session: Session, audit: Audit) -> tuple[Neighbour, ...]:
    """Audits of the same source over some of the same days; abandoned ones stay on every certificate."""
    shared = audits.shared_claims(session, audit)
    return tuple(
        replace(_neighbour(other), shared_claims=shared.get(other.id, 0))
        for other in audits.overlapping(session, audit)
    )


def _among(every: Sequence[Audit], audit: Audit) -> tuple[Neighbour, ...]:
    """The neighbours of an audit, where all audits are at hand."""
    return tuple(_neighbour(other) for other in every if audits.shares_days(audit, other))


def _neighbour(audit: Audit) -> Neighbour:
    return Neighbour(
        audit_id=audit.id,
        plan=audit.plan.name,
        state=audit.state,
        first_on=audit.first_on,
        last_on=audit.last_on,
        drawn_at=audit.drawn_at,
        abandon_reason=audit.abandon_reason,
    )


def _progress(session: Session, audit_ids: Sequence[int]) -> dict[int, Progress]:
    counted: dict[int, list[_Counted]] = {audit_id: [] for audit_id in audit_ids}
    for audit_id, *group in asking.rows(session, _COUNTED, {"audit_ids": audit_ids}):
        counted[audit_id].append(_Counted(*group))
    return {audit_id: _summed(groups) for audit_id, groups in counted.items()}


class _Counted(NamedTuple):
    """So many cases of an audit are in one state."""

    review: ReviewStatus
    documentation: DocumentationStatus
    auditor: str | None
    gone: bool
    cases: int


def _summed(groups: Sequence[_Counted]) -> Progress:
    documentation: Counter[DocumentationStatus] = Counter()
    pending: Counter[str] = Counter()
    gone: set[str] = set()
    for group in groups:
        documentation[group.documentation] += group.cases
        if group.review is ReviewStatus.PENDING and group.auditor is not None:
            pending[group.auditor] += group.cases
            gone |= {group.auditor} if group.gone else set()
    return Progress(
        cases=documentation.total(),
        done=sum(group.cases for group in groups if group.review is ReviewStatus.DONE),
        by_documentation=documentation,
        pending_by_auditor=pending,
        unassigned=sum(group.cases for group in groups if group.auditor is None),
        gone=frozenset(gone),
    )
