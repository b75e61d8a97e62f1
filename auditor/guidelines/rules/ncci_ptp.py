"""NCCI procedure-to-procedure edits: two codes of one day of which only the first is payable."""

from collections.abc import Iterator
from itertools import product

from auditor.guidelines.lines import Day, Line
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.tables import CodeTables, GuidelineKind, PtpEdit

ALLOWED = 1  # the modifier indicator of edits that a modifier bypasses

# NCCI Policy Manual, Chapter I, section E: the modifiers that bypass an edit of indicator 1; 51 and 76 do not.
_BYPASS = """
    E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD RC LM RI
    24 25 57 58 78 79 27 59 91 XE XS XP XU
"""
BYPASS = frozenset(_BYPASS.split())


def judge(day: Day, tables: CodeTables) -> Verdicts:
    """A fault for each column 2 line and the edit that it breaks; the line comes first, its column 1 line second."""
    if tables.edition(GuidelineKind.NCCI_PTP, day.on, setting=day.setting) is None:
        yield from (Gap(claim_id=each, reason=Reason.NO_EDITION) for each in claims_of(day))
        return
    for line, columns1 in product(day.lines, lines_by_code(day).values()):
        edit = tables.ptp_edit(day.setting, columns1[0].code, line.code, on=day.on)
        breaking = next((other for other in columns1 if edit and not _bypassed(edit, other, line)), None)
        if edit and breaking:
            yield Fault(lines=(line, breaking), edition=edit.edition, detail=_detail(edit))


def claims_of(day: Day) -> Iterator[str]:
    """The claims that have lines on a day, each once."""
    return iter(dict.fromkeys(line.claim_id for line in day.lines))


def lines_by_code(day: Day) -> dict[str, list[Line]]:
    """The lines of a day by code."""
    found: dict[str, list[Line]] = {}
    for line in day.lines:
        found.setdefault(line.code, []).append(line)
    return found


def _bypassed(edit: PtpEdit, column1: Line, column2: Line) -> bool:
    return edit.modifier_indicator == ALLOWED and bool(BYPASS & (column1.modifiers | column2.modifiers))


def _detail(edit: PtpEdit) -> str:
    bypass = (
        "no bypass modifier is on either line" if edit.modifier_indicator == ALLOWED else "no modifier bypasses it"
    )
    return f"{edit.column2} is not payable beside {edit.column1} on the same day, and {bypass}."
