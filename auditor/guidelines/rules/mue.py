"""NCCI medically unlikely edits: more units of a code than one patient can need, by line or by day."""

from auditor.guidelines.lines import Day, Line
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.rules.ncci_ptp import claims_of, lines_by_code
from auditor.guidelines.tables import CodeTables, GuidelineKind, MueLimit

BY_LINE = 1  # the adjudication indicator of limits that count each line alone; 2 and 3 count the day


def judge(day: Day, tables: CodeTables) -> Verdicts:
    """A fault for each line above its limit, or for each code whose lines of the day are above it together."""
    if tables.edition(GuidelineKind.NCCI_MUE, day.on, setting=day.setting) is None:
        yield from (Gap(claim_id=each, reason=Reason.NO_EDITION) for each in claims_of(day))
        return
    for code, lines in lines_by_code(day).items():
        limit = tables.mue_limit(day.setting, code, on=day.on)
        if limit:
            yield from _judged(limit, lines)


def _judged(limit: MueLimit, lines: list[Line]) -> Verdicts:
    for line in lines:
        if line.units is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_UNITS)
    groups = [[line] for line in lines] if limit.adjudication == BY_LINE else [lines]
    for group in groups:
        units = sum(line.units or 0 for line in group)
        if units > limit.units:
            worst_first = tuple(sorted(group, key=lambda line: (-(line.units or 0), *line.order)))
            yield Fault(lines=worst_first, edition=limit.edition, detail=_detail(limit, units))


def _detail(limit: MueLimit, units: int) -> str:
    span = "line" if limit.adjudication == BY_LINE else "day"
    return f"{units} units of {limit.code} on one {span}, where the limit is {limit.units}."
