"""What a case comes to after its rebuttals: the findings as first settled, with each upheld one giving way.

Made anew from the settled findings whenever a rebuttal is decided or taken up again, so that a decision can be
turned round without a trace of the earlier one in the result.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import ReviewPass
from auditor.domain.claims import Claim, Stage
from auditor.domain.codes import normal_code
from auditor.domain.findings import CodeFinding, Outcome, implied_error
from auditor.domain.rebuttals import RebuttalState
from auditor.services import cases, findings
from auditor.services.finding_rows import SETTLED, Version, current_versions, newest_versions
from auditor.storage.cases import AuditCase
from auditor.storage.follow_through import Rebuttal


def standing_version(session: Session, case: AuditCase, stage: Stage, line: str) -> Version | None:
    """The version of a line that counts now."""
    found = current_versions(session, case.id)
    return next((each for each in found if (each.finding.stage, each.finding.line) == (stage, line)), None)


def settle_case(session: Session, case: AuditCase, *, by: str, at: datetime) -> None:
    """Record what the case comes to after all its rebuttals; nothing is written where nothing changes."""
    upheld = session.scalars(
        select(Rebuttal)
        .where(Rebuttal.case_id == case.id, Rebuttal.state == RebuttalState.UPHELD)
        .order_by(Rebuttal.decided_at, Rebuttal.id)
    ).all()
    before = newest_versions(session, case.id)[ReviewPass.REBUTTED]
    if not upheld and all(each.withdrawn for each in before.values()):
        return
    result = _result(cases.thaw(case), _settled(session, case), upheld) if upheld else ()
    review = findings.Review(findings=result, review_pass=ReviewPass.REBUTTED, finished=bool(result))
    findings.record(session, case.id, review, by=by, at=at)


def _settled(session: Session, case: AuditCase) -> tuple[CodeFinding, ...]:
    return tuple(each.finding for each in current_versions(session, case.id, passes=SETTLED))


def _result(claim: Claim, settled: Sequence[CodeFinding], upheld: Sequence[Rebuttal]) -> tuple[CodeFinding, ...]:
    given_way = {(each.stage, each.line): each.correct_code for each in upheld}
    found = []
    for finding in settled:
        key = (finding.stage, finding.line)
        if key not in given_way:
            found.append(finding)
            continue
        kept = _given_way(claim, finding, given_way[key])
        if kept is not None:
            found.append(kept)
    return tuple(found)


def _given_way(claim: Claim, finding: CodeFinding, correct_code: str | None) -> CodeFinding | None:
    """Agreement with what was submitted, or the code that is right after all; None for a code that was not missed."""
    code = claim.lines(finding.stage).get(finding.line)
    if code is None:
        return None if correct_code is None else replace(finding, correct_code=correct_code)
    agreed = CodeFinding(
        stage=finding.stage,
        line=finding.line,
        code_system=code.code_system,
        code_submitted=code.code,
        modifiers=code.modifiers,
        units=code.units,
        outcome=Outcome.AGREE,
    )
    if correct_code is None or normal_code(correct_code) == normal_code(code.code):
        return agreed
    partly = replace(agreed, outcome=Outcome.CHANGE, correct_code=correct_code, rationale=finding.rationale)
    return replace(partly, error_type=implied_error(partly))
