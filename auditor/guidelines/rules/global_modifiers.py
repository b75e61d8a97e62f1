"""Modifiers 24, 57, 58, 78 and 79 without the operation that they speak of."""

from datetime import timedelta

from auditor.guidelines.lines import Line, PatientHistory
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.surgery import MAJOR, MOST_DAYS, Surgery, practitioner_lines, surgeries
from auditor.guidelines.tables import CodeTables, GuidelineKind
from auditor.guidelines.visits import is_visit

_OF_VISITS = frozenset({"24", "57"})
_OF_RETURNS = frozenset({"58", "78", "79"})


def judge(history: PatientHistory, tables: CodeTables) -> Verdicts:
    """A fault for each of these modifiers on the wrong kind of code, or without the operation it speaks of."""
    operations = surgeries(history, tables)
    for line in practitioner_lines(history.procedures):
        used = line.modifiers & (_OF_VISITS | _OF_RETURNS)
        edition = tables.edition(GuidelineKind.PFS, line.on)
        if used and edition is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_EDITION)
        elif used and line.provider is None:
            yield Gap(claim_id=line.claim_id, reason=Reason.NO_PROVIDER)
        elif edition:
            own = [each for each in operations if each.line.provider == line.provider and each.line is not line]
            for modifier in sorted(used):
                yield from _judged(line, modifier, own, (edition.edition, history))


def _judged(line: Line, modifier: str, operations: list[Surgery], context: tuple[str, PatientHistory]) -> Verdicts:
    edition, history = context
    if is_visit(line.code) is not (modifier in _OF_VISITS):
        kind = "a visit" if is_visit(line.code) else "no visit"
        yield Fault(lines=(line,), edition=edition, detail=f"{line.code}-{modifier} is {kind}.")
    elif not any(_spoken_of(modifier, line, each) for each in operations):
        yield _missing(line, modifier, edition, history)


def _spoken_of(modifier: str, line: Line, operation: Surgery) -> bool:
    if modifier == "57":
        return operation.global_days == MAJOR and operation.line.on - line.on in (timedelta(0), timedelta(days=1))
    return operation.line.on <= line.on <= operation.last_on


def _missing(line: Line, modifier: str, edition: str, history: PatientHistory) -> Fault | Gap:
    unread = (
        line.on + timedelta(days=1) > history.read_to
        if modifier == "57"
        else line.on - timedelta(days=MOST_DAYS) < history.read_from
    )
    if unread:
        return Gap(claim_id=line.claim_id, reason=Reason.EARLIER_UNREAD)
    wanted = "major surgery that or the next day" if modifier == "57" else "operation whose global period covers it"
    return Fault(lines=(line,), edition=edition, detail=f"{line.code}-{modifier} has no {wanted}.")
