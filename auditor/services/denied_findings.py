"""What auditors found on claims that payers denied, beside what they found on the others.

The claims source is asked for the denials of the audited claims alone; findings never leave our tables.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from auditor.domain.denials import RootCause, root_cause
from auditor.domain.findings import ErrorType
from auditor.services import audits, claim_sources
from auditor.services.scored_cases import ScoredCase, scored_cases
from auditor.sources.denied_claims import NoRemittances as NoRemittances
from auditor.stats.proportion import clopper_pearson
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database

CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many of some reviewed cases were wrong, with Clopper and Pearson's interval at 95 %; None where none are.

    It describes these cases: who is denied is no chance sample.
    """

    cases: int
    wrong: int
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class DeniedReason:
    """One adjustment reason: where it points to, the reviewed cases that it denied, and what was found on them."""

    carc: str
    cause: RootCause
    share: Share
    errors: Mapping[ErrorType, int]
    case_numbers: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class DeniedFindings:
    """An audit's reviewed cases, denied and not; `reasons` by how many cases they denied. A case may have several."""

    audit_id: int
    denied: Share
    others: Share
    reasons: tuple[DeniedReason, ...]


def of_audit(database: Database, audit_id: int, *, environment: Mapping[str, str]) -> DeniedFindings:
    """The denials of an audit's claims beside its findings; NoRemittances when the source tells none."""
    with database.read() as session:
        access = claim_sources.access_to(audits.numbered(session, audit_id).plan.source)
        done = [case for case in scored_cases(session, [audit_id]) if case.score is not None]
        numbered = select(AuditCase.id, AuditCase.number).where(AuditCase.audit_id == audit_id)
        numbers = {each.id: each.number for each in session.execute(numbered)}
    with claim_sources.opened(access, environment=environment) as source:
        denials = source.denials_of(sorted({case.claim_id for case in done}))
    by_reason: dict[str, list[ScoredCase]] = {}
    for case in done:
        for reason in denials.get(case.claim_id, ()):
            by_reason.setdefault(reason, []).append(case)
    reasons = [_reason(carc, cases, numbers) for carc, cases in by_reason.items()]
    return DeniedFindings(
        audit_id=audit_id,
        denied=_share([case for case in done if case.claim_id in denials]),
        others=_share([case for case in done if case.claim_id not in denials]),
        reasons=tuple(sorted(reasons, key=lambda each: (-each.share.cases, each.carc))),
    )


def _reason(carc: str, cases: Sequence[ScoredCase], numbers: Mapping[int, int]) -> DeniedReason:
    errors: Counter[ErrorType] = Counter()
    for case in cases:
        own = case.stage_score()
        errors.update({each.error_type for each in own.findings if each.error_type} if own else ())
    return DeniedReason(
        carc=carc,
        cause=root_cause(carc),
        share=_share(cases),
        errors=dict(errors.most_common()),
        case_numbers=tuple(sorted(numbers[case.case_id] for case in cases)),
    )


def _share(cases: Sequence[ScoredCase]) -> Share:
    wrong = sum(1 for case in cases if (own := case.stage_score()) is not None and own.is_error)
    if not cases:
        return Share(cases=0, wrong=0, low=None, high=None)
    interval = clopper_pearson(wrong, len(cases), confidence=CONFIDENCE)
    return Share(cases=len(cases), wrong=wrong, low=interval.low, high=interval.high)
