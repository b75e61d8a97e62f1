"""Modifiers 26 and TC against the code's PC/TC indicator, and technical components billed from a hospital."""

from auditor.guidelines.lines import Day, Line
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.tables import CodeTables, FeeIndicators, GuidelineKind, Setting

DIAGNOSTIC = "1"  # the indicator of codes that have both components
HOSPITAL = frozenset({"21", "22", "23"})  # places of service whose technical component Medicare pays to the hospital

_NEVER = {
    "0": "a physician's service without components",
    "2": "the professional component itself",
    "3": "the technical component itself",
    "4": "the whole test, whose components have codes of their own",
    "5": "a service incident to a physician's, without components",
    "7": "a therapist's service without components",
    "9": "a service without components",
}
_NO_TECHNICAL = {"6": "a physician's reading of a laboratory test", "8": "a physician's reading of a laboratory test"}


def judge(day: Day, tables: CodeTables) -> Verdicts:
    """A fault for a component that the code does not have, or that its place pays to somebody else."""
    edition = tables.edition(GuidelineKind.PFS, day.on)
    for line in day.lines:
        fee = tables.fee(line.code, on=day.on)
        if edition is None and (line.modifiers & {"26", "TC"} or _in_hospital(line, day)):
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_EDITION)
        elif fee is None and line.modifiers & {"26", "TC"}:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_FEE)
        elif fee:
            yield from _judged(line, fee, day)


def _judged(line: Line, fee: FeeIndicators, day: Day) -> Verdicts:
    what = _what_is_wrong(line, fee)
    if what:
        yield Fault(lines=(line,), edition=fee.edition, detail=f"{line.code} {what}.")
    elif fee.pctc == DIAGNOSTIC and day.setting is Setting.PRACTITIONER and "26" not in line.modifiers:
        yield from _technical(line, fee)


def _what_is_wrong(line: Line, fee: FeeIndicators) -> str:
    if {"26", "TC"} <= line.modifiers:
        return "carries 26 and TC, which together are the whole service"
    if line.modifiers & {"26", "TC"} and fee.pctc in _NEVER:
        return f"carries a component's modifier and is {_NEVER[fee.pctc]}"
    if "TC" in line.modifiers and fee.pctc in _NO_TECHNICAL:
        return f"carries TC and is {_NO_TECHNICAL[fee.pctc]}"
    return ""


def _in_hospital(line: Line, day: Day) -> bool:
    return day.setting is Setting.PRACTITIONER and (line.claim.place_of_service or "").strip() in HOSPITAL


def _technical(line: Line, fee: FeeIndicators) -> Verdicts:
    place = (line.claim.place_of_service or "").strip()
    if not place:
        yield Gap(claim_id=line.claim_id, reason=Reason.NO_PLACE)
    elif place in HOSPITAL:
        detail = f"{line.code} without 26 in place of service {place}, whose technical component is the hospital's."
        yield Fault(lines=(line,), edition=fee.edition, detail=detail)
