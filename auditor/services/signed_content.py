"""The digest of all that a signature covers; taken anew whenever one is shown, so it reads plain rows."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache

from sqlalchemy import Row, Select, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from auditor.domain.chain import canonical_row
from auditor.storage.audits import Audit, SampleRound, SamplingFrame, Selection
from auditor.storage.cases import AuditCase, Finding

_BATCH = 2000
_LINE = ("review_pass", "stage", "line")  # what a finding is a version of, within its case


def content_sha256(session: Session, audit: Audit) -> str:
    """One canonical JSON line a thing, in a fixed order, hashed.

    Frame, rounds, selections, cases with the digest of their frozen claim, and the newest version of each finding.
    """
    hashed = hashlib.sha256()
    for line in content_lines(session, audit):
        hashed.update(line.encode())
    return hashed.hexdigest()


def content_lines(session: Session, audit: Audit) -> Iterator[str]:
    """The text that is hashed, a line at a time."""
    yield "auditor-content/1\n"
    for kind, fields in _content(session, audit):
        yield f"{kind} {canonical_row(fields)}\n"


def _content(session: Session, audit: Audit) -> Iterator[tuple[str, dict[str, object]]]:
    yield "audit", {"audit": audit.id, "plan": audit.plan.name, "first_on": audit.first_on, "last_on": audit.last_on}
    yield "seed", {"seed": audit.seed, "source": audit.seed_source}
    frames = select(*_columns(SamplingFrame)).where(SamplingFrame.audit_id == audit.id)
    yield from (("frame", row) for row in _rows(session, frames, SamplingFrame))
    rounds = select(*_columns(SampleRound)).where(SampleRound.audit_id == audit.id).order_by(SampleRound.number)
    yield from (("round", row) for row in _rows(session, rounds, SampleRound))
    yield from _cases(session, audit)
    yield from (("finding", row) for row in _newest_findings(session, audit))


def _cases(session: Session, audit: Audit) -> Iterator[tuple[str, dict[str, object]]]:
    of_case = {
        "number": AuditCase.number,
        "claim": AuditCase.claim_sha256,
        "blind": AuditCase.blind,
        "documentation": AuditCase.documentation_status,
    }
    question = (
        select(*of_case.values(), *_columns(Selection))
        .join(Selection, Selection.id == AuditCase.selection_id)
        .where(AuditCase.audit_id == audit.id)
        .order_by(AuditCase.number)
    )
    for row in _streamed(session, question):
        values = tuple(row)
        yield "selection", dict(zip(_names(Selection), values[len(of_case) :], strict=True))
        yield "case", dict(zip(of_case, values, strict=False))


def _newest_findings(session: Session, audit: Audit) -> Iterable[dict[str, object]]:
    """By case and line; a later version takes the place of an earlier one."""
    question = (
        select(AuditCase.number, *_columns(Finding))
        .join(AuditCase, AuditCase.id == Finding.case_id)
        .where(AuditCase.audit_id == audit.id)
        .order_by(Finding.version)
    )
    newest: dict[tuple[object, ...], dict[str, object]] = {}
    for number, *values in _streamed(session, question):
        found = dict(zip(_names(Finding), values, strict=True))
        newest[(number, *(found[name] for name in _LINE))] = {"case": number, **found}
    return (newest[key] for key in sorted(newest, key=_place))


def _place(key: tuple[object, ...]) -> tuple[int, str, str, str]:
    number, review_pass, stage, line = key
    return int(str(number)), str(review_pass), str(stage), str(line)


def _rows(session: Session, question: Select[*tuple[object, ...]], kind: type) -> Iterator[dict[str, object]]:
    for row in _streamed(session, question):
        yield dict(zip(_names(kind), row, strict=True))


def _streamed(session: Session, question: Select[*tuple[object, ...]]) -> Iterable[Row[*tuple[object, ...]]]:
    return session.execute(question.execution_options(yield_per=_BATCH))


@cache
def _names(kind: type) -> tuple[str, ...]:
    """The columns of a table but for its own key."""
    keys: list[str] = inspect(kind).column_attrs.keys()
    return tuple(key for key in keys if key != "id")


def _columns(kind: type) -> list[InstrumentedAttribute[object]]:
    return [getattr(kind, name) for name in _names(kind)]
