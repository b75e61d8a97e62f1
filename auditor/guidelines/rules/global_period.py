"""Visits and procedures that an operation's payment covers, billed without a modifier that sets them apart."""

from datetime import timedelta

from auditor.guidelines.lines import Line, PatientHistory
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.surgery import DAYS_AFTER, MOST_DAYS, Surgery, practitioner_lines, surgeries
from auditor.guidelines.tables import CodeTables, GuidelineKind
from auditor.guidelines.visits import is_visit

_AROUND = frozenset({"24", "25", "57"})  # the day of the operation, and the day before a major one
_AFTER = frozenset({"24", "FT"})
_RETURNS = frozenset({"58", "78", "79"})


def judge(history: PatientHistory, tables: CodeTables) -> Verdicts:
    """A fault for each visit and later procedure inside a global period of its provider; the operation second."""
    operations = surgeries(history, tables)
    for line in practitioner_lines(history.procedures):
        if tables.edition(GuidelineKind.PFS, line.on) is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_EDITION)
        elif line.provider is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_PROVIDER)
        elif is_visit(line.code) or _is_operation(line, tables):
            yield from _judged(line, operations, history)


def _is_operation(line: Line, tables: CodeTables) -> bool:
    fee = tables.fee(line.code, on=line.on)
    return fee is not None and fee.global_days in DAYS_AFTER


def _judged(line: Line, operations: list[Surgery], history: PatientHistory) -> Verdicts:
    near = [each for each in operations if each.line.provider == line.provider and each.covers(line.on)]
    covering = [each for each in near if each.line is not line and not _set_apart(line, each)]
    if covering:
        last = max(covering, key=lambda each: (each.line.on, each.line.order))
        yield Fault(lines=(line, last.line), edition=last.edition, detail=_detail(line, last))
    elif line.on - timedelta(days=MOST_DAYS) < history.read_from and not line.modifiers & (_AFTER | _RETURNS):
        yield Gap(claim_id=line.claim_id, reason=Reason.EARLIER_UNREAD)


def _set_apart(line: Line, operation: Surgery) -> bool:
    after = line.on > operation.line.on
    if is_visit(line.code):
        return bool(line.modifiers & (_AFTER if after else _AROUND))
    return not after or bool(line.modifiers & _RETURNS)  # procedures of one day are the business of NCCI


def _detail(line: Line, operation: Surgery) -> str:
    days = (line.on - operation.line.on).days
    when = "on the day of" if days == 0 else "the day before" if days < 0 else f"{days} days after"
    return f"{line.code} was billed {when} {operation.line.code}, whose global period is {operation.global_days}."
