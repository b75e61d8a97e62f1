"""Single changes of a case as a browser sends them: put together with what stands, recorded, and done only once.

A sentence that leaves here does not name the stage under review: on claims without a submitted coding it would
tell who coded them.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus, ReviewStatus
from auditor.domain.chain import digest
from auditor.domain.claims import Claim, Stage
from auditor.domain.findings import CodeFinding, Outcome
from auditor.errors import BadInput, Conflict
from auditor.services import blind_coding, cases, findings, review_times, seats
from auditor.services.finding_rows import newest_versions, standing_findings
from auditor.services.findings import Review
from auditor.services.review_queue import stage_under_review
from auditor.services.seats import Seat
from auditor.services.verdicts import Verdict, Why, agreement, judge
from auditor.storage import asking
from auditor.storage.review_work import AppliedChange

_KEYS_KEPT, _CLEARS_AT = timedelta(days=30), 20
_EARLIER = select(
    AppliedChange.case_id,
    AppliedChange.made_by,
    AppliedChange.body_sha256,
    AppliedChange.revision,
    AppliedChange.applied_at,
).where(AppliedChange.key == bindparam("key"))
_REMEMBER = insert(cast(Table, AppliedChange.__table__))
_FORGET = delete(cast(Table, AppliedChange.__table__)).where(AppliedChange.applied_at < bindparam("before"))


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A verdict on one line, with why."""

    verdict: Verdict
    why: Why = field(default_factory=Why)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one keystroke asked for. `key` is the browser's own; `revision` is that of the case as it was seen.

    `agree_rest` agrees with every code that has no verdict; `finished` None leaves the case as done as it is;
    `seconds` is the reviewer's time on the case since the change before, idle time left out.
    """

    key: str
    revision: int
    judged: tuple[Judged, ...] = ()
    cleared: tuple[str, ...] = ()
    agree_rest: bool = False
    documentation: DocumentationStatus | None = None
    finished: bool | None = None
    seconds: int = 0


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What a change came to, and the findings that stand then; those are None where it had been applied before."""

    revision: int
    review_status: ReviewStatus
    applied_at: datetime
    standing: tuple[CodeFinding, ...] | None = None


def apply(session: Session, seat: Seat, change: Change, *, by: str, at: datetime) -> Applied:
    """Record a change of a locked case; Conflict when the case moved on, or its codes are not to be seen yet."""
    earlier, case = asking.rows(session, _EARLIER, {"key": change.key}).one_or_none(), seat.case
    if earlier is not None:
        return _again(earlier, seat, change, by)
    if blind_coding.hides(session, seat):
        raise Conflict(f"case {case.number} is coded blind first: lock your own codes, then judge")
    seats.refuse_decided(seat)
    newest = newest_versions(session, case.id)
    review = _review(seat, cases.thaw(case), change, standing_findings(newest[seat.review_pass]))
    settled = findings.settle_review(session, seat, review, newest, refuse=_refuse_faults)
    review_times.add(seat, change.seconds)
    done = findings.keep(session, seat, settled, newest, at=at)
    _remember(session, seat, change, done.revision, at=at)
    return Applied(revision=done.revision, review_status=done.review_status, applied_at=at, standing=settled.findings)


def _remember(session: Session, seat: Seat, change: Change, revision: int, *, at: datetime) -> None:
    """Keep the key of a change; with the first change of some cases those go that nobody will send again."""
    if revision == 1 and seat.case.id % _CLEARS_AT == 0:
        session.connection().execute(_FORGET, {"before": at - _KEYS_KEPT})
    row = {"key": change.key, "case_id": seat.case.id, "made_by": seat.name, "body_sha256": _digest(change)}
    asking.insert(session, _REMEMBER, [{**row, "revision": revision, "applied_at": at}])


def _again(earlier: Row[*tuple[Any, ...]], seat: Seat, change: Change, by: str) -> Applied:
    if (earlier.case_id, earlier.made_by, earlier.body_sha256) != (seat.case.id, by, _digest(change)):
        raise Conflict("this change was sent before with other contents: reload the page")
    return Applied(revision=earlier.revision, review_status=seat.work.review_status, applied_at=earlier.applied_at)


def _digest(change: Change) -> str:
    return digest(replace(change, revision=0))


def _review(seat: Seat, claim: Claim, change: Change, standing: tuple[CodeFinding, ...]) -> Review:
    work = seat.work
    documentation = change.documentation or work.documentation_status
    if change.documentation is not None and change.finished is None:
        change = replace(change, finished=change.documentation is DocumentationStatus.NOT_PRODUCED)
    missing = documentation is DocumentationStatus.NOT_PRODUCED
    found = () if missing else _judgement(claim, change, standing)
    done = work.review_status is ReviewStatus.DONE if change.finished is None else change.finished
    return Review(
        findings=found,
        documentation_status=documentation,
        review_pass=seat.review_pass,
        finished=done,
        revision=change.revision,
    )


def _judgement(claim: Claim, change: Change, standing: tuple[CodeFinding, ...]) -> tuple[CodeFinding, ...]:
    stage = stage_under_review(claim)
    for judged in change.judged:
        standing = _with(claim, stage, standing, judged)
    standing = tuple(each for each in standing if each.stage is not stage or each.line not in change.cleared)
    if change.agree_rest:
        lines = [each.line for each in standing if each.stage is stage]
        standing = judge(claim, stage, standing, agreement(claim, stage, lines), Why())
    return standing


def _with(claim: Claim, stage: Stage, standing: tuple[CodeFinding, ...], judged: Judged) -> tuple[CodeFinding, ...]:
    """What stands with one more verdict; one on an added code that stands already takes its place."""
    verdict = judged.verdict
    if verdict.outcome is not Outcome.ADD or verdict.line is None:
        return judge(claim, stage, standing, [verdict], judged.why)
    (anew,) = judge(claim, stage, (), [replace(verdict, line=None)], judged.why)
    if not any((each.stage, each.line) == (stage, verdict.line) for each in standing):
        return judge(claim, stage, standing, [replace(verdict, line=None)], judged.why)
    return tuple(
        replace(anew, line=each.line) if (each.stage, each.line) == (stage, verdict.line) else each
        for each in standing
    )


def _refuse_faults(claim: Claim, review: Review) -> None:
    """BadInput with the first fault, in words that do not tell the stage."""
    silent = unjudged(claim, review.findings)
    if review.finished and review.documentation_status is DocumentationStatus.COMPLETE and silent:
        raise BadInput(f"code {silent[0]} has no verdict yet: a case is done when each of its codes has one")
    problems = findings.review_faults(claim, review)
    if not problems:
        return
    told = problems[0]
    if told.stage is None or told.line is None or any(f"stage {stage}" in told.reason for stage in Stage):
        raise BadInput("these findings contradict what was recorded by file: ask the compliance officer to look")
    raise BadInput(told.reason)


def unjudged(claim: Claim, found: tuple[CodeFinding, ...]) -> list[str]:
    """The lines under review that have no verdict."""
    stage = stage_under_review(claim)
    judged = {each.line for each in found if each.stage is stage}
    return [line for line in claim.lines(stage) if line not in judged]
