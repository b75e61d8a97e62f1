"""The rows of the review file in which a reviewer codes a case blind: read as that coding, or as bad rows.

Touches no table. A row that is left empty says nothing; importing any code locks the coding of its case.
"""

from collections.abc import Sequence

from auditor.domain.findings import Outcome
from auditor.services import review_cells
from auditor.services.blind_coding import BlindCode
from auditor.services.review_cells import BadCell
from auditor.services.review_parsing import BadRow
from auditor.services.review_rows import BLIND_STAGE, ReviewCase
from auditor.services.review_sheets import SheetRow

_CODED = ("outcome", "code_system", "correct_code", "correct_modifiers", "correct_units")
_JUDGED = ("code_submitted", "error_type", "severity", "correct_allowed", "correct_sequence")


def is_blind(row: SheetRow) -> bool:
    """Whether a row is one for the reviewer's own codes."""
    return row.cells.get("stage", "").strip().lower() == BLIND_STAGE


def parse_codes(case: ReviewCase, rows: Sequence[SheetRow], *, by: str) -> tuple[tuple[BlindCode, ...], list[BadRow]]:
    """The codes to lock for a case, none where its rows are empty or hold what is locked already; and bad rows."""
    codes: list[BlindCode] = []
    bad: list[BadRow] = []
    filled = [row for row in rows if any(row.cells.get(name) or name in row.spoiled for name in (*_CODED, *_JUDGED))]
    for row in filled:
        try:
            codes.append(_code(row))
        except BadCell as error:
            bad.append(BadRow(row=row.number, reason=str(error)))
    if not filled or bad:
        return (), bad
    if case.hidden and case.coding.coded_by in (None, by):
        return tuple(codes), []
    if tuple(codes) == case.coding.codes and not case.hidden:
        return (), []
    return (), [BadRow(row=filled[0].number, reason=_refusal(case))]


def _refusal(case: ReviewCase) -> str:
    if not case.blind:
        return f"case {case.case_id} is not coded blind: judge the codes of the claim, as in a fresh export"
    if case.hidden:
        return f"case {case.case_id} is being coded blind by someone else: leave its row empty"
    return f"the blind coding of case {case.case_id} is locked: leave its rows as they were, or take them out"


def _code(row: SheetRow) -> BlindCode:
    cells = row.cells
    if row.spoiled:
        raise BadCell(f"{row.spoiled[0]} holds a date that the spreadsheet made: format the column as text")
    outcome = review_cells.choice(Outcome, cells.get("outcome", ""), "outcome")
    if outcome not in (None, Outcome.ADD) or any(cells.get(name) for name in _JUDGED):
        raise BadCell("a case coded blind is not judged yet: write your own codes only, each in a row with `add`")
    system, code = cells.get("code_system", "").upper(), cells.get("correct_code", "")
    if not system or not code:
        raise BadCell("a code of your own takes code_system and correct_code: write both, or leave the row empty")
    return BlindCode(
        code_system=system,
        code=review_cells.code(code, system) or "",
        modifiers=review_cells.modifiers(cells.get("correct_modifiers", "")) or (),
        units=review_cells.whole(cells.get("correct_units", ""), "correct_units"),
    )
