"""Modifier 59 and its subsets XE, XS, XP, XU: where they may not stand, and where something more exact fits."""

from auditor.guidelines.lines import Day, Line
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.rules.ncci_ptp import ALLOWED, BYPASS
from auditor.guidelines.tables import CodeTables, GuidelineKind
from auditor.guidelines.visits import is_visit

SUBSETS = frozenset({"XE", "XS", "XP", "XU"})
SIDES = frozenset({"LT", "RT", "50"})
PLACES = BYPASS - SUBSETS - {"24", "25", "57", "58", "78", "79", "27", "59", "91"}
OF_PAIRED_ORGANS = frozenset({"1", "3"})  # bilateral indicators


def misplaced(day: Day, tables: CodeTables) -> Verdicts:
    """A fault for 59 on a visit, or beside one of its own subsets."""
    edition = tables.edition(GuidelineKind.NCCI_PTP, day.on, setting=day.setting)
    for line in (line for line in day.lines if line.modifiers & {"59", *SUBSETS}):
        what = _misplaced(line)
        if edition is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_EDITION)
        elif what:
            yield Fault(lines=(line,), edition=edition.edition, detail=f"{line.code} {what}.")


def _misplaced(line: Line) -> str:
    if is_visit(line.code):
        return "is a visit, on which modifier 59 and its subsets may not stand"
    if "59" in line.modifiers and line.modifiers & SUBSETS:
        return f"carries 59 and {min(line.modifiers & SUBSETS)}, of which only one may stand"
    return ""


def less_specific(day: Day, tables: CodeTables) -> Verdicts:
    """A fault for 59 where no edit asks for it, or where a modifier of place says or would say more."""
    edition = tables.edition(GuidelineKind.NCCI_PTP, day.on, setting=day.setting)
    for line in (line for line in day.lines if "59" in line.modifiers and not _misplaced(line)):
        if edition is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_EDITION)
            continue
        what = _less_specific(line, day, tables)
        if what:
            yield Fault(lines=(line,), edition=edition.edition, detail=f"{line.code}-59 {what}.")


def _less_specific(line: Line, day: Day, tables: CodeTables) -> str:
    if line.modifiers & PLACES:
        return f"already says where by {min(line.modifiers & PLACES)}"
    partners = [other for other in day.lines if _edited(line, other, tables)]
    if day.whole and not partners:
        return "bypasses no edit of the day"
    fee = tables.fee(line.code, on=line.on)
    if fee and fee.bilateral in OF_PAIRED_ORGANS and partners and not any(p.modifiers & SIDES for p in partners):
        return "is of a paired organ, where LT or RT would say which side"
    return ""


def _edited(line: Line, other: Line, tables: CodeTables) -> bool:
    """Whether an edit that a modifier bypasses joins two lines, or the lines repeat one code."""
    if other is line or line.setting is None:
        return False
    pairs = ((line.code, other.code), (other.code, line.code))
    edits = (tables.ptp_edit(line.setting, first, second, on=line.on) for first, second in pairs)
    return line.code == other.code or any(edit and edit.modifier_indicator == ALLOWED for edit in edits)
