"""The binder's tables as CSV: claims as integrity agreements want them, selections, people, records.

Texts that a spreadsheet would run as a formula are made harmless. Amounts are dollars with two decimals.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import DocumentationStatus
from auditor.domain.chain import plain
from auditor.domain.claims import Claim, ClaimCode
from auditor.domain.findings import CodeFinding, Outcome
from auditor.domain.scoring import reviewed_stage, score_case
from auditor.services import cases, credentials, people
from auditor.services.finding_rows import SETTLED, findings_of_audits
from auditor.services.follow_through import rebuttals
from auditor.services.review_sheets import neutralised
from auditor.storage.audits import Audit, SampleRound, Selection, SignOff
from auditor.storage.cases import AuditCase
from auditor.storage.people import Credential
from auditor.storage.practice_days import day_of

Row = Mapping[str, object]

_SIGNATURE = ("signer", "credential", "meaning", "content_sha256", "signed_at", "tainted_at")
_CASE = ("number", "documentation_status", "review_status", "blind", "reviewed_by", "reviewed_at")


def files(session: Session, audit: Audit) -> dict[str, bytes]:
    """All of them by name."""
    question = select(AuditCase).where(AuditCase.audit_id == audit.id).order_by(AuditCase.number)
    found = list(session.scalars(question))
    final = findings_of_audits(session, [audit.id])
    first = findings_of_audits(session, [audit.id], passes=SETTLED)
    claims = {case.id: cases.thaw(case) for case in found}
    return {
        "claims.csv": _csv([row for case in found for row in _claim(case, claims[case.id], final.get(case.id, ()))]),
        "cases.csv": _csv([_case(case, claims[case.id], final, first) for case in found]),
        "selections.csv": _csv(_selections(session, audit)),
        "records_not_produced.csv": _csv(_missing(found, claims), heads=("case", "claim_id", "stratum")),
        "credentials.csv": _csv(_people(session, audit, found)),
        "signatures.csv": _csv(_signatures(session, audit), heads=_SIGNATURE),
        "rebuttals.csv": _csv(_rebuttals(session, audit), heads=("case", "line", "state")),
    }


def _claim(case: AuditCase, claim: Claim, findings: Sequence[CodeFinding]) -> Iterable[Row]:
    """A row a code: what was billed and allowed, what is right, and the difference."""
    stage = reviewed_stage(claim.coding_source, set(claim.stages))
    found = {finding.line: finding for finding in findings if finding.stage is stage}
    lines = claim.lines(stage)
    gone = case.documentation_status is DocumentationStatus.NOT_PRODUCED
    for line in (*lines, *(line for line in found if line not in lines)):
        finding, code = found.get(line), lines.get(line)
        correct = 0 if gone else _correct_allowed(finding, code)
        allowed = code.allowed_cents if code and code.allowed_cents is not None else (code.paid_cents if code else 0)
        yield {
            "case": case.number,
            "claim_id": claim.claim_id,
            "patient_id": claim.patient_id,
            "federal_program": claim.federal_program,
            "payer": claim.payer,
            "served_on": (code.served_on if code else None) or claim.served_on,
            "line": line,
            "code_system": code.code_system if code else (finding.code_system if finding else None),
            "code_submitted": code.code if code else None,
            "modifiers_submitted": ",".join(code.modifiers) if code else None,
            "units_submitted": code.units if code else None,
            "code_reimbursed": code.code if code else None,
            "allowed_reimbursed": _dollars(allowed),
            "correct_code": None if gone else _correct_code(finding, code),
            "correct_allowed": _dollars(correct),
            "difference": _dollars(None if allowed is None or correct is None else allowed - correct),
            "outcome": finding.outcome if finding else None,
            "error_type": finding.error_type if finding else ("no_documentation" if gone else None),
            "severity": finding.severity if finding else ("material" if gone else None),
            "guideline": finding.citation if finding else None,
            "rationale": finding.rationale if finding else None,
        }


def _correct_code(finding: CodeFinding | None, code: ClaimCode | None) -> str | None:
    if finding is None:
        return None
    if finding.outcome is Outcome.DELETE:
        return None
    return finding.correct_code or (code.code if code else None)


def _correct_allowed(finding: CodeFinding | None, code: ClaimCode | None) -> int | None:
    """What should have been allowed; None where nobody named a price."""
    if finding is None:
        return None
    if finding.correct_allowed_cents is not None:
        return finding.correct_allowed_cents
    if finding.outcome is Outcome.DELETE:
        return 0
    if finding.outcome is Outcome.AGREE and code is not None:
        return code.allowed_cents if code.allowed_cents is not None else code.paid_cents
    return None


def _case(
    case: AuditCase,
    claim: Claim,
    final: Mapping[int, Sequence[CodeFinding]],
    first: Mapping[int, Sequence[CodeFinding]],
) -> Row:
    selection = case.selection
    scores = [score_case(claim, found.get(case.id, ()), case.documentation_status) for found in (first, final)]
    errors = [score.stages[score.reviewed_stage].is_error if score else None for score in scores]
    return {
        "case": case.number,
        "claim_id": selection.claim_id,
        "stratum": selection.stratum,
        "method": selection.method,
        "coding_source": claim.coding_source,
        "model_version": claim.model_version,
        **{name: getattr(case, name) for name in _CASE[1:]},
        "error_before_rebuttals": errors[0],
        "error": errors[1],
        "claim_sha256": case.claim_sha256,
    }


def _selections(session: Session, audit: Audit) -> Iterable[Row]:
    names = ("item_id", "claim_id", "line_number", "stratum", "draw_order", "ticket", "drawn", "population")
    question = (
        select(Selection, SampleRound.number, AuditCase.number)
        .join(SampleRound, SampleRound.id == Selection.round_id)
        .join(AuditCase, AuditCase.selection_id == Selection.id)
        .where(Selection.audit_id == audit.id)
        .order_by(AuditCase.number)
    )
    for selection, number, case in session.execute(question):
        values = {name: getattr(selection, name) for name in names}
        yield {"case": case, "round": number, **values, "method": selection.method, "reason": selection.reason}


def _missing(found: Iterable[AuditCase], claims: Mapping[int, Claim]) -> Iterable[Row]:
    for case in found:
        if case.documentation_status is DocumentationStatus.NOT_PRODUCED:
            claim_id = claims[case.id].claim_id
            yield {"case": case.number, "claim_id": claim_id, "stratum": case.selection.stratum}


def _people(session: Session, audit: Audit, found: Sequence[AuditCase]) -> Iterable[Row]:
    """Everybody who reviewed or signed, a row a certificate; whether it held when they last did."""
    reviewed = Counter(case.reviewed_by for case in found if case.reviewed_by)
    moments: dict[str, datetime] = {}
    for case in found:
        if case.reviewed_by and case.reviewed_at:
            moments[case.reviewed_by] = max(case.reviewed_at, moments.get(case.reviewed_by, case.reviewed_at))
    for each in session.scalars(select(SignOff).where(SignOff.audit_id == audit.id)):
        moments[each.signer] = max(each.signed_at, moments.get(each.signer, each.signed_at))
    known = {user.name: user for user in people.everyone(session)}
    for name in sorted({*reviewed, *moments}):
        user = known.get(name)
        held = credentials.listed(session, name) if user else []
        on = day_of(session, moments[name]) if name in moments else None
        shared = {
            "name": name,
            "display_name": user.display_name if user else None,
            "signs_as": user.credential if user else None,
            "cases_reviewed": reviewed[name],
        }
        rows: list[Credential | None] = [*held] or [None]
        for row in rows:
            ends = row.expires_on if row else None
            yield {
                **shared,
                "certificate": row.title if row else None,
                "certificate_number": row.certificate_number if row else None,
                "expires_on": ends,
                "valid_when_last_acting": None if row is None or on is None else ends is None or ends >= on,
            }


def _signatures(session: Session, audit: Audit) -> Iterable[Row]:
    for each in session.scalars(select(SignOff).where(SignOff.audit_id == audit.id).order_by(SignOff.id)):
        yield {name: getattr(each, name) for name in _SIGNATURE}


def _rebuttals(session: Session, audit: Audit) -> Iterable[Row]:
    for rebuttal in rebuttals.every(session, audit_id=audit.id):
        for entry in rebuttal.entries:
            yield {
                "case": rebuttal.case.number,
                "line": rebuttal.line,
                "state": rebuttal.state,
                "step": entry.step,
                "by": entry.by,
                "at": entry.at,
                "text": entry.text,
                "correct_code": entry.correct_code,
                "escalated_to": entry.escalated_to,
            }


def _dollars(cents: int | None) -> str | None:
    return None if cents is None else f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _csv(rows: Iterable[Row], *, heads: Sequence[str] = ()) -> bytes:
    """Rows under the names of their values; `heads` where there are no rows."""
    listed = list(rows)
    names = list(listed[0]) if listed else list(heads)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in listed:
        writer.writerow([_cell(row[name]) for name in names])
    return out.getvalue().encode()


def _cell(value: object) -> object:
    told = plain(value)
    if isinstance(told, bool):
        return "yes" if told else "no"
    return neutralised(told) if isinstance(told, str) and not _is_amount(told) else told


def _is_amount(text: str) -> bool:
    """A negative amount begins like a formula, and is none."""
    return text.removeprefix("-").replace(".", "", 1).isdecimal()
