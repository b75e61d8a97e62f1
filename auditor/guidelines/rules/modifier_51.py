"""Modifier 51: several procedures of one session, on the second and later of them."""

from auditor.guidelines.lines import Day, Line
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.tables import CodeTables, GuidelineKind
from auditor.guidelines.visits import is_visit

_ADDON = "ZZZ"


def judge(day: Day, tables: CodeTables) -> Verdicts:
    """A fault for 51 on a visit, an add-on, a code that is never reduced, or on every procedure of the day."""
    edition = tables.edition(GuidelineKind.PFS, day.on)
    for line in day.lines:
        if "51" not in line.modifiers:
            continue
        what = _what_is_wrong(line, day, tables)
        if edition is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_EDITION)
        elif what:
            yield Fault(lines=(line,), edition=edition.edition, detail=f"{line.code}-51 {what}.")
        elif tables.fee(line.code, on=day.on) is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_FEE)


def _what_is_wrong(line: Line, day: Day, tables: CodeTables) -> str:
    if is_visit(line.code):
        return "is a visit"
    fee = tables.fee(line.code, on=day.on)
    if fee and fee.global_days == _ADDON:
        return "is an add-on, which is exempt"
    if fee and fee.multiple == "0":
        return "is exempt from the reduction for several procedures"
    first = (other for other in day.lines if not is_visit(other.code) and "51" not in other.modifiers)
    return "" if not day.whole or any(first) else "stands beside no procedure without it"
