"""Diagnoses that raise a risk score and appear on one day only: what OIG finds unsupported most often."""

from datetime import date, timedelta

from auditor.guidelines.lines import Line, PatientHistory
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.tables import CodeTables, GuidelineKind, HccCategory

YEAR = timedelta(days=364)


def judge(history: PatientHistory, tables: CodeTables) -> Verdicts:
    """A fault for each payment category that one day of a year names and no other day of the patient does."""
    days: dict[tuple[str, str], set[date]] = {}
    named: list[tuple[Line, HccCategory]] = []
    for line in (line for each in history.claims for line in each.diagnoses):
        if tables.edition(GuidelineKind.HCC, line.on) is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_EDITION)
        for category in tables.hcc(line.code, on=line.on):
            named.append((line, category))
            days.setdefault((category.model, category.category), set()).add(line.on)
    for line, category in named:
        if len(days[category.model, category.category]) == 1:
            yield _verdict(line, category, history)


def _verdict(line: Line, category: HccCategory, history: PatientHistory) -> Fault | Gap:
    if history.read_to - history.read_from < YEAR:
        return Gap(claim_id=line.claim_id, reason=Reason.PERIOD_TOO_SHORT)
    detail = f"{line.code} ({category.model} category {category.category}) is named on one day only."
    return Fault(lines=(line,), edition=category.edition, detail=detail)
