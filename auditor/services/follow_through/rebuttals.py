"""Rebuttals: the audited argue a finding, somebody else answers, and what is upheld changes the result.

The finding itself stays: the judgement after rebuttals is a review pass of its own (`ReviewPass.REBUTTED`), so that
results before and after can be told apart. Arguments and answers are encrypted; the log has their digests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.chain import digest
from auditor.domain.claims import Stage
from auditor.domain.events import Event, EventKind
from auditor.domain.findings import Outcome
from auditor.domain.people import Role
from auditor.domain.rebuttals import RebuttalState, RebuttalStep
from auditor.errors import BadInput, Conflict, Forbidden, NotFound
from auditor.services import cases, findings, people
from auditor.services.follow_through.audited import is_audited, is_final
from auditor.services.follow_through.rebutted_findings import settle_case, standing_version
from auditor.services.review_queue import stage_under_review
from auditor.storage import history
from auditor.storage.cases import AuditCase
from auditor.storage.follow_through import Rebuttal, RebuttalEntry

_MOST_LETTERS = 20_000
_EVENTS = {
    RebuttalStep.ARGUED: EventKind.REBUTTAL_ARGUED,
    RebuttalStep.ESCALATED: EventKind.REBUTTAL_ESCALATED,
    RebuttalStep.UPHELD: EventKind.REBUTTAL_ANSWERED,
    RebuttalStep.OVERTURNED: EventKind.REBUTTAL_ANSWERED,
    RebuttalStep.WITHDRAWN: EventKind.REBUTTAL_WITHDRAWN,
}


@dataclass(frozen=True, kw_only=True)
class Argument:
    """Which finding is argued, by its line, and why. Without a stage it is the one that was reviewed line by line."""

    case_id: int
    line: str
    text: str
    stage: Stage | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is answered. `correct_code` upholds in part: neither the submitted code nor the auditor's is right."""

    upheld: bool
    text: str
    correct_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class HandingUp:
    """Who is to decide it, and why."""

    to: str
    text: str


def argue(session: Session, argument: Argument, *, by: str, at: datetime) -> Rebuttal:
    """Argue a finding: the audited themselves, or an officer who writes down what they said."""
    case = findings.case_of(session, argument.case_id, lock=True)
    _refuse_stranger(session, case, by)
    stage = argument.stage or stage_under_review(cases.thaw(case))
    standing = standing_version(session, case, stage, argument.line)
    if not is_final(session, case):
        raise Conflict(f"case {case.id} is still under review: argue when its findings are final")
    if standing is None or standing.finding.outcome is Outcome.AGREE:
        raise BadInput(
            f"there is nothing to argue at line {argument.line!r} of case {case.id}: the code was agreed with"
        )
    waiting = [each for each in of_case(session, case.id) if (each.stage, each.line) == (stage, argument.line)]
    if any(each.state.waits for each in waiting):
        raise Conflict(f"rebuttal {waiting[-1].id} argues this finding already, and waits for its answer")
    rebuttal = Rebuttal(
        case=case,
        finding_id=standing.id,
        stage=stage,
        line=argument.line,
        state=RebuttalState.OPEN,
        argued_by=by,
        argued_at=at,
    )
    session.add(rebuttal)
    session.flush()
    _step(session, rebuttal, _entry(RebuttalStep.ARGUED, argument.text, by, at))
    return rebuttal


def respond(session: Session, rebuttal_id: int, answer: Answer, *, by: str, at: datetime) -> Rebuttal:
    """Answer it: upheld, and the result of the case changes; overturned, and the finding stands."""
    rebuttal = _waiting(session, rebuttal_id)
    _refuse_answerer(session, rebuttal, by)
    step = RebuttalStep.UPHELD if answer.upheld else RebuttalStep.OVERTURNED
    if answer.correct_code and not answer.upheld:
        raise BadInput("a correct code goes with an upheld rebuttal: leave it out, or uphold")
    entry = _entry(step, answer.text, by, at)
    entry.correct_code = rebuttal.correct_code = (answer.correct_code or "").strip() or None
    rebuttal.state, rebuttal.decided_by, rebuttal.decided_at = RebuttalState(step.value), by, at
    _step(session, rebuttal, entry)
    settle_case(session, rebuttal.case, by=by, at=at)
    return rebuttal


def escalate(session: Session, rebuttal_id: int, hand: HandingUp, *, by: str, at: datetime) -> Rebuttal:
    """Hand it up: by whoever should answer, or by the audited who do not accept an answer."""
    rebuttal = numbered(session, rebuttal_id, lock=True)
    if rebuttal.state is RebuttalState.WITHDRAWN:
        raise Conflict(f"rebuttal {rebuttal_id} was withdrawn: open a new one")
    own = is_audited(session, rebuttal.case, by) or by == rebuttal.argued_by
    if not own:
        _refuse_answerer(session, rebuttal, by)
    elif not rebuttal.state.is_decided:
        raise Conflict(f"rebuttal {rebuttal_id} waits for its answer: it is handed up when you do not accept that")
    chosen = people.acting(session, hand.to, Role.OFFICER, Role.AUDITOR).name
    if is_audited(session, rebuttal.case, chosen):
        raise Forbidden(f"{chosen} cannot decide about their own work: name somebody else")
    if chosen == rebuttal.decided_by:
        raise BadInput(f"{chosen} answered it already: hand it to somebody else")
    entry = _entry(RebuttalStep.ESCALATED, hand.text, by, at)
    entry.escalated_to = rebuttal.escalated_to = chosen
    rebuttal.state = RebuttalState.ESCALATED
    _step(session, rebuttal, entry)
    settle_case(session, rebuttal.case, by=by, at=at)
    return rebuttal


def withdraw(session: Session, rebuttal_id: int, *, text: str, by: str, at: datetime) -> Rebuttal:
    """Take it back, while it waits for its answer."""
    rebuttal = _waiting(session, rebuttal_id)
    _refuse_stranger(session, rebuttal.case, by)
    rebuttal.state = RebuttalState.WITHDRAWN
    _step(session, rebuttal, _entry(RebuttalStep.WITHDRAWN, text, by, at))
    return rebuttal


def numbered(session: Session, rebuttal_id: int, *, lock: bool = False) -> Rebuttal:
    """The rebuttal of that number."""
    found = session.get(Rebuttal, rebuttal_id, with_for_update={"of": Rebuttal} if lock else None)
    if found is None:
        raise NotFound(f"there is no rebuttal {rebuttal_id}: see `auditor rebuttal list`")
    return found


def of_case(session: Session, case_id: int) -> Sequence[Rebuttal]:
    """The rebuttals of a case, oldest first."""
    return session.scalars(select(Rebuttal).where(Rebuttal.case_id == case_id).order_by(Rebuttal.id)).all()


def every(session: Session, *, only_waiting: bool = False, audit_id: int | None = None) -> Sequence[Rebuttal]:
    """Rebuttals, those that wait first and among them the oldest."""
    question = select(Rebuttal).join(AuditCase, AuditCase.id == Rebuttal.case_id)
    if audit_id is not None:
        question = question.where(AuditCase.audit_id == audit_id)
    found = session.scalars(question.order_by(Rebuttal.argued_at, Rebuttal.id)).all()
    return sorted(
        (each for each in found if each.state.waits or not only_waiting), key=lambda each: not each.state.waits
    )


def waiting_count(session: Session, audit_id: int) -> int:
    """How many rebuttals of an audit wait for an answer."""
    states = [state for state in RebuttalState if state.waits]
    question = select(func.count(Rebuttal.id)).join(AuditCase, AuditCase.id == Rebuttal.case_id)
    return session.scalar(question.where(AuditCase.audit_id == audit_id, Rebuttal.state.in_(states))) or 0


def may_answer(session: Session, rebuttal: Rebuttal, name: str) -> bool:
    """Whether a person may answer it now."""
    try:
        _refuse_answerer(session, rebuttal, name)
    except (Forbidden, NotFound):
        return False
    return rebuttal.state.waits


def _waiting(session: Session, rebuttal_id: int) -> Rebuttal:
    rebuttal = numbered(session, rebuttal_id, lock=True)
    if not rebuttal.state.waits:
        raise Conflict(f"rebuttal {rebuttal_id} is {rebuttal.state} already: escalate it to have it decided anew")
    findings.case_of(session, rebuttal.case_id, lock=True)
    return rebuttal


def _refuse_stranger(session: Session, case: AuditCase, by: str) -> None:
    person = people.acting(session, by)
    if not is_audited(session, case, person.name) and Role.OFFICER not in {Role(role) for role in person.roles}:
        raise Forbidden(
            f"case {case.id} is not about the work of {person.name}: its coder or provider argues, or an officer"
        )


def _refuse_answerer(session: Session, rebuttal: Rebuttal, by: str) -> None:
    person = people.acting(session, by, Role.OFFICER, Role.AUDITOR)
    if is_audited(session, rebuttal.case, person.name) or person.name == rebuttal.argued_by:
        raise Forbidden(f"{person.name} argued rebuttal {rebuttal.id}, or is audited by it: somebody else answers")
    if rebuttal.state is RebuttalState.ESCALATED and person.name != rebuttal.escalated_to:
        raise Forbidden(f"rebuttal {rebuttal.id} was handed to {rebuttal.escalated_to}, who answers it")
    mine = rebuttal.case.reviewed_by == person.name or rebuttal.escalated_to == person.name
    if Role.OFFICER.value not in person.roles and not mine:
        raise Forbidden(f"rebuttal {rebuttal.id} is answered by who reviewed the case, or by an officer")


def _entry(step: RebuttalStep, text: str, by: str, at: datetime) -> RebuttalEntry:
    written = text.strip()
    if not written or len(written) > _MOST_LETTERS:
        raise BadInput(f"a rebuttal and its answers take words: between 1 and {_MOST_LETTERS:,} letters")
    return RebuttalEntry(step=step, text=written, by=by, at=at)


def _step(session: Session, rebuttal: Rebuttal, entry: RebuttalEntry) -> None:
    entry.number = len(rebuttal.entries) + 1
    rebuttal.entries.append(entry)
    session.flush()
    case = rebuttal.case
    body = {
        "audit": case.audit_id,
        "case": case.id,
        "rebuttal": rebuttal.id,
        "step": entry.step,
        "escalated_to": entry.escalated_to,
        "text_sha256": digest({"claim_sha256": case.claim_sha256, "text": entry.text}),
    }
    history.record(session, Event(kind=_EVENTS[entry.step], by=entry.by, body=body), at=entry.at)
