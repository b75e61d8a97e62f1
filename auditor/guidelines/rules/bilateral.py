"""Modifiers 50, LT and RT against each other and against the bilateral indicator of the fee schedule."""

from auditor.guidelines.lines import Day, Line
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.tables import CodeTables, GuidelineKind, Setting

_WHY_NOT = {
    "0": "is done on one side only, or has another code for both",
    "2": "is bilateral by its own wording",
    "9": "is no procedure of sides",
}


def judge(day: Day, tables: CodeTables) -> Verdicts:
    """A fault for sides that contradict each other or the code."""
    edition = tables.edition(GuidelineKind.PFS, day.on)
    for line in day.lines:
        if not line.modifiers & {"50", "LT", "RT"}:
            continue
        if edition is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_EDITION)
            continue
        conflict = _conflict(line, day) or _against_code(line, tables)
        if conflict:
            yield Fault(lines=(line,), edition=edition.edition, detail=f"{line.code} {conflict}.")
        elif "50" in line.modifiers and tables.fee(line.code, on=day.on) is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_FEE)


def _conflict(line: Line, day: Day) -> str:
    if "50" in line.modifiers and line.modifiers & {"LT", "RT"}:
        return "carries 50 and a single side"
    if {"LT", "RT"} <= line.modifiers:
        return "carries LT and RT on one line, where 50 stands for both sides"
    twins = [other for other in day.lines if other is not line and other.code == line.code]
    if "50" in line.modifiers and any(twin.modifiers & {"50", "LT", "RT"} for twin in twins):
        return "is billed for both sides and once more for a side"
    if "50" in line.modifiers and day.setting is Setting.PRACTITIONER and (line.units or 1) > 1:
        return f"carries 50 with {line.units} units, where one unit stands for both sides"
    return ""


def _against_code(line: Line, tables: CodeTables) -> str:
    fee = tables.fee(line.code, on=line.on) if "50" in line.modifiers else None
    return f"carries 50 and {_WHY_NOT[fee.bilateral]}" if fee and fee.bilateral in _WHY_NOT else ""
