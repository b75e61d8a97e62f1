"""A reviewed case as the audited see it: each code, what was found and why, and every rebuttal with its steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, DocumentationStatus
from auditor.domain.claims import Claim, ClaimCode, Document, Stage
from auditor.domain.findings import CodeFinding, Outcome
from auditor.domain.people import Role
from auditor.services import cases, identifiers, people
from auditor.services.finding_rows import SETTLED, current_versions
from auditor.services.follow_through import rebuttals
from auditor.services.follow_through.audited import is_audited
from auditor.services.review_queue import stage_under_review
from auditor.services.web_sessions import SignedIn
from auditor.storage.cases import AuditCase
from auditor.storage.follow_through import Rebuttal, RebuttalEntry


@dataclass(frozen=True, kw_only=True)
class ArguedFinding:
    """One rebuttal, its steps, and what the person who looks may do with it."""

    rebuttal: Rebuttal
    entries: Sequence[RebuttalEntry]
    may_answer: bool
    may_escalate: bool
    may_withdraw: bool


@dataclass(frozen=True, kw_only=True)
class ResultLine:
    """One code: as coded, as found at first, and as it stands after rebuttals (None: the code was not missed)."""

    stage: Stage
    line: str
    code: ClaimCode | None
    settled: CodeFinding
    final: CodeFinding | None
    argued: tuple[ArguedFinding, ...]
    may_argue: bool

    @property
    def changed(self) -> bool:
        """Whether a rebuttal changed the result."""
        return self.settled != self.final


@dataclass(frozen=True, kw_only=True)
class CaseResult:
    """The whole case. `own` tells that the person who looks is audited by it."""

    case_id: int
    audit_id: int
    number: int
    plan: str
    signed: bool
    own: bool
    reviewed_at: datetime | None
    documentation: DocumentationStatus
    claim: Claim
    documents: tuple[Document, ...]
    lines: tuple[ResultLine, ...]
    deciders: tuple[str, ...]


def case_result(session: Session, case: AuditCase, who: SignedIn) -> CaseResult:
    """The case for a person; whether they may see it is `audited.open_result`."""
    claim, own = cases.thaw(case), is_audited(session, case, who.name)
    stage = stage_under_review(claim)
    settled = [each.finding for each in current_versions(session, case.id, passes=SETTLED)]
    final = {(f.stage, f.line): f for f in (each.finding for each in current_versions(session, case.id))}
    argued = [_argued(session, each, who) for each in rebuttals.of_case(session, case.id)]
    lines = claim.lines(stage)
    return CaseResult(
        case_id=case.id,
        audit_id=case.audit_id,
        number=case.number,
        plan=case.audit.plan.name,
        signed=case.audit.state is AuditState.SIGNED,
        own=own,
        reviewed_at=case.reviewed_at,
        documentation=case.documentation_status,
        claim=claim,
        documents=claim.documents,
        lines=tuple(
            _line(finding, lines.get(finding.line), final, argued, may=own or Role.OFFICER in who.roles)
            for finding in settled
            if finding.stage is stage
        ),
        deciders=_deciders(session, case),
    )


def _line(
    settled: CodeFinding,
    code: ClaimCode | None,
    final: dict[tuple[Stage, str], CodeFinding],
    argued: Sequence[ArguedFinding],
    *,
    may: bool,
) -> ResultLine:
    key = (settled.stage, settled.line)
    own = tuple(each for each in argued if (each.rebuttal.stage, each.rebuttal.line) == key)
    now = final.get(key)
    waits = any(each.rebuttal.state.waits for each in own)
    found = now is not None and now.outcome is not Outcome.AGREE
    return ResultLine(
        stage=settled.stage,
        line=settled.line,
        code=code,
        settled=settled,
        final=now,
        argued=own,
        may_argue=may and found and not waits,
    )


def _argued(session: Session, rebuttal: Rebuttal, who: SignedIn) -> ArguedFinding:
    side = who.name == rebuttal.argued_by or is_audited(session, rebuttal.case, who.name)
    answers = rebuttals.may_answer(session, rebuttal, who.name)
    return ArguedFinding(
        rebuttal=rebuttal,
        entries=rebuttal.entries,
        may_answer=answers,
        may_escalate=answers or (side and rebuttal.state.is_decided),
        may_withdraw=side and rebuttal.state.waits,
    )


def _deciders(session: Session, case: AuditCase) -> tuple[str, ...]:
    """Officers and auditors who are not audited by the case."""
    able = {Role.OFFICER.value, Role.AUDITOR.value}
    found = [user.name for user in people.everyone(session) if not user.disabled_at and able & set(user.roles)]
    audited = identifiers.behind(session, case)
    return tuple(name for name in found if name.casefold() not in audited)
