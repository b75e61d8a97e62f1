"""The rows of one case in a review file as a review, or as bad rows with their reasons. Touches no table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from auditor.domain.audits import DocumentationStatus
from auditor.domain.claims import ClaimCode, Stage
from auditor.domain.codes import code_family
from auditor.domain.findings import CodeFinding, ErrorType, Outcome, Severity
from auditor.domain.review_checks import Fault
from auditor.domain.settled_findings import settle
from auditor.services import review_cells
from auditor.services.findings import Review, review_faults
from auditor.services.review_cells import BadCell
from auditor.services.review_rows import BLIND_STAGE, ReviewCase
from auditor.services.review_sheets import SheetRow

_JUDGEMENT = ("correct_code", "correct_modifiers", "correct_units", "error_type", "severity", "correct_allowed")
_WHY = ("root_cause", "rationale", "citation", "ruling")
_WRITTEN = (*_JUDGEMENT, *_WHY, "outcome", "correct_sequence", "code_system")


@dataclass(frozen=True, kw_only=True)
class BadRow:
    """A row that cannot be imported; row 0 stands for the file."""

    row: int
    reason: str


def parse_case(case: ReviewCase, rows: Sequence[SheetRow]) -> tuple[Review | None, list[BadRow]]:
    """The review that the rows of a case hold, None where they say nothing new, and every row that is bad."""
    bad: list[BadRow] = []
    found: list[CodeFinding] = []
    taken: dict[tuple[Stage, str], int] = {}
    for row in rows:
        if row.cells.get("stage", "").strip().lower() == BLIND_STAGE:  # the reviewer's own codes: no judgement
            continue
        try:
            finding = _read(case, row, taken)
        except BadCell as error:
            bad.append(BadRow(row=row.number, reason=str(error)))
            continue
        if finding:
            found.append(finding)
    documentation = _documentation(rows, bad)
    if bad:
        return None, bad
    review = _review(case, found, documentation)
    if review is None:
        return None, []
    return review, [_bad_row(fault, taken, rows) for fault in review_faults(case.claim, review)]


def _review(
    case: ReviewCase, findings: Sequence[CodeFinding], documentation: DocumentationStatus | None
) -> Review | None:
    """A case without outcomes is left as it is, unless its documentation status was changed."""
    status = documentation or case.documentation_status
    of_case = partial(Review, documentation_status=status, review_pass=case.review_pass)
    if findings:
        return of_case(findings=settle(findings))
    if status is case.documentation_status:
        return None
    if status is DocumentationStatus.NOT_PRODUCED:
        return of_case(findings=())
    return of_case(findings=case.findings, finished=bool(case.findings))


def _read(case: ReviewCase, row: SheetRow, taken: dict[tuple[Stage, str], int]) -> CodeFinding | None:
    if spoiled := next((name for name in row.spoiled if name in _WRITTEN), None):
        raise BadCell(f"{spoiled} holds a date that the spreadsheet made: format the column as text, write it again")
    cells = row.cells
    _check_claim(case, cells)
    stage = review_cells.stage(cells.get("stage", ""))
    outcome = review_cells.choice(Outcome, cells.get("outcome", ""), "outcome")
    if outcome is Outcome.ADD:
        line = f"+{1 + sum(known.startswith('+') for at, known in taken if at is stage)}"
        taken[stage, line] = row.number
        return _added(stage, line, cells)
    if outcome is None and not any(cells.get(name) for name in ("sequence", "code_submitted", *_JUDGEMENT)):
        return None
    line, code = _line(case, stage, cells, taken)
    taken[stage, line] = row.number
    if outcome is None:
        if filled := next((name for name in _JUDGEMENT if cells.get(name)), None):
            raise BadCell(f"{filled} is filled in without an outcome: write one")
        return None
    return _finding(stage, line, code, outcome, cells)


def _check_claim(case: ReviewCase, cells: Mapping[str, str]) -> None:
    given = cells.get("claim_id", "")
    if given and not review_cells.same_code(given, case.claim.claim_id):
        raise BadCell(f"claim_id is not that of case {case.case_id}: were rows mixed up while sorting?")


def _line(
    case: ReviewCase, stage: Stage, cells: Mapping[str, str], taken: Mapping[tuple[Stage, str], int]
) -> tuple[str, ClaimCode]:
    """The code that a row means: by its sequence, and where a source numbers two codes alike by the code itself."""
    number = review_cells.whole(cells.get("sequence", ""), "sequence")
    given, system = cells.get("code_submitted", ""), cells.get("code_system", "")
    alike = {line: code for line, code in case.claim.lines(stage).items() if code.sequence == number}
    if not alike:
        what = "an empty code_submitted goes with outcome `add`" if not given else "look at the export again"
        raise BadCell(f"case {case.case_id} has no code {cells.get('sequence', '')!r} at stage {stage}: {what}")
    matching = {line: code for line, code in alike.items() if not given or review_cells.same_code(given, code.code)}
    if not matching:
        raise BadCell(
            f"code_submitted is not code {number} of stage {stage}: it shows what was coded, leave it as it is"
        )
    if system:
        family = code_family(system)
        matching = {k: v for k, v in matching.items() if code_family(v.code_system) == family} or matching
    free = [line for line in matching if (stage, line) not in taken]
    if not free:
        raise BadCell(f"code {number} of stage {stage} stands in row {taken[stage, next(iter(matching))]} already")
    return free[0], matching[free[0]]


def _finding(stage: Stage, line: str, code: ClaimCode, outcome: Outcome, cells: Mapping[str, str]) -> CodeFinding:
    right = review_cells.modifiers(cells.get("correct_modifiers", ""))
    return CodeFinding(
        stage=stage,
        line=line,
        code_system=code.code_system,
        outcome=outcome,
        code_submitted=code.code,
        modifiers=code.modifiers,
        units=code.units,
        correct_code=review_cells.code(cells.get("correct_code", ""), code.code_system),
        correct_modifiers=() if right is None and outcome is Outcome.MODIFIER else right,
        **_rest(cells),
    )


def _added(stage: Stage, line: str, cells: Mapping[str, str]) -> CodeFinding:
    if cells.get("code_submitted"):
        raise BadCell("`add` is for a code that is missing: leave its code_submitted empty")
    system = cells.get("code_system", "")
    if not system:
        raise BadCell("code_system is needed for an added code: write CPT, HCPCS, ICD-10-CM ...")
    return CodeFinding(
        stage=stage,
        line=line,
        code_system=system,
        outcome=Outcome.ADD,
        correct_code=review_cells.code(cells.get("correct_code", ""), system),
        correct_modifiers=review_cells.modifiers(cells.get("correct_modifiers", "")),
        **_rest(cells),
    )


def _rest(cells: Mapping[str, str]) -> dict[str, Any]:
    return {
        "correct_units": review_cells.whole(cells.get("correct_units", ""), "correct_units"),
        "correct_sequence": review_cells.whole(cells.get("correct_sequence", ""), "correct_sequence"),
        "error_type": review_cells.choice(ErrorType, cells.get("error_type", ""), "error_type"),
        "ruling": review_cells.whole(cells.get("ruling", ""), "ruling"),
        "severity": review_cells.choice(Severity, cells.get("severity", ""), "severity"),
        "correct_allowed_cents": review_cells.cents(cells.get("correct_allowed", "")),
        **{name: cells.get(name) or None for name in ("root_cause", "rationale", "citation")},
    }


def _documentation(rows: Sequence[SheetRow], bad: list[BadRow]) -> DocumentationStatus | None:
    found: DocumentationStatus | None = None
    for row in rows:
        text = row.cells.get("documentation_status", "")
        try:
            given = review_cells.choice(DocumentationStatus, text, "documentation_status")
        except BadCell as error:
            bad.append(BadRow(row=row.number, reason=str(error)))
            continue
        if given and found and given is not found:
            reason = f"documentation_status {given} differs from {found} in another row of the case: a case has one"
            bad.append(BadRow(row=row.number, reason=reason))
        found = found or given
    return found


def _bad_row(fault: Fault, where: Mapping[tuple[Stage, str], int], rows: Sequence[SheetRow]) -> BadRow:
    number = where.get((fault.stage, fault.line)) if fault.stage and fault.line else None
    if number is None:
        of_stage = [row.number for row in rows if fault.stage and row.cells.get("stage", "").lower() == fault.stage]
        number = (of_stage or [rows[0].number])[0]
    return BadRow(row=number, reason=fault.reason)
