"""Modifier 25: a significant, separately identifiable visit on the day of another service."""

from auditor.guidelines.lines import Day, Line
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.tables import CodeTables, GuidelineKind
from auditor.guidelines.visits import is_visit

MAJOR = "090"


def judge(day: Day, tables: CodeTables) -> Verdicts:
    """A fault for 25 on what is no visit, beside no other service, or beside major surgery alone."""
    edition = tables.edition(GuidelineKind.PFS, day.on)
    for line in day.lines:
        if "25" not in line.modifiers:
            continue
        if edition is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_EDITION)
            continue
        what = _what_is_wrong(line, day, tables)
        if what:
            yield Fault(lines=(line,), edition=edition.edition, detail=f"{line.code}-25 {what}.")


def _what_is_wrong(line: Line, day: Day, tables: CodeTables) -> str:
    if not is_visit(line.code):
        return "is no evaluation and management visit"
    others = {other.code for other in day.lines if other is not line}
    if not day.whole:
        return ""
    if not others:
        return "stands beside no other service of the day"
    global_days = {fee.global_days for code in others if (fee := tables.fee(code, on=day.on))}
    if "57" not in line.modifiers and global_days == {MAJOR}:
        return "stands beside major surgery only, where 57 marks the visit that decided on it"
    return ""
