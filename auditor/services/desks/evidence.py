"""Whether the audits themselves would stand: a human baseline, committed seeds, samples proven again, records."""

import json
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, DocumentationStatus, SeedSource
from auditor.domain.events import EventKind
from auditor.reports.desk_model import CoverageRow, DeskLine
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.log import LogEntry

_DRAWN = (AuditState.DRAWN, AuditState.SIGNED)


def lines(session: Session, rows: Sequence[CoverageRow], *, audit_ids: Collection[int] | None) -> list[DeskLine]:
    """The four of them."""
    audits = session.scalars(select(Audit).where(Audit.state.in_(_DRAWN))).all()
    known = [each for each in audits if audit_ids is None or each.id in audit_ids]
    return [_baseline(rows), _seeds(known), _proven(session, known), _records(session, known)]


def _baseline(rows: Iterable[CoverageRow]) -> DeskLine:
    reviewed = {row.value: row.reviewed for row in rows if row.field == "arm"}
    ai, human = reviewed.get("ai", 0), reviewed.get("human", 0)
    holds = None if not ai and not human else bool(ai and human)
    return DeskLine(
        key="baseline",
        holds=holds,
        facts={"ai": ai, "human": human},
        path="/trends?by=arm",
        command="auditor plan create NAME --coding-source human",
    )


def _seeds(audits: Sequence[Audit]) -> DeskLine:
    typed = [each.id for each in audits if each.seed_source is SeedSource.SUPPLIED]
    holds = False if typed else (bool(audits) or None)
    return DeskLine(
        key="seeds",
        holds=holds,
        facts={"drawn": len(audits), "wrong": len(typed), "audits": ", ".join(map(str, typed[:5]))},
        path=f"/audits/{typed[0]}/certificate" if typed else "/audits",
        command="auditor audit list",
    )


def _proven(session: Session, audits: Sequence[Audit]) -> DeskLine:
    """By the newest `audit verify` of each audit: the frame may change afterwards, what was drawn may not."""
    known = {each.id for each in audits}
    newest: dict[int, bool] = {}
    question = select(LogEntry.body).where(LogEntry.kind == EventKind.AUDIT_VERIFIED.value).order_by(LogEntry.number)
    for text in session.scalars(question):
        body = json.loads(text)
        lost = any(body.get(name) for name in ("changed", "vanished", "left_sample"))
        newest[body["audit"]] = not lost
    checked = {number: fine for number, fine in newest.items() if number in known}
    wrong = sorted(number for number, fine in checked.items() if not fine)
    first = wrong[0] if wrong else max(known - checked.keys(), default=None)
    return DeskLine(
        key="proven",
        holds=False if wrong else (bool(checked) or None),
        facts={
            "checked": len(checked),
            "drawn": len(known),
            "wrong": len(wrong),
            "audits": ", ".join(map(str, wrong[:5])),
        },
        path=f"/audits/{first}" if first else "/audits",
        command=f"auditor audit verify {first or 'AUDIT'}",
    )


def _records(session: Session, audits: Sequence[Audit]) -> DeskLine:
    status = AuditCase.documentation_status
    question = (
        select(status, func.count())
        .where(AuditCase.audit_id.in_([each.id for each in audits]), status != DocumentationStatus.COMPLETE)
        .group_by(status)
    )
    counts = {row[0]: row[1] for row in session.execute(question)}
    awaited = session.scalar(
        select(func.min(AuditCase.audit_id)).where(
            AuditCase.audit_id.in_([each.id for each in audits]), status == DocumentationStatus.REQUESTED
        )
    )
    requested = counts.get(DocumentationStatus.REQUESTED, 0)
    return DeskLine(
        key="records",
        holds=None if not audits else not requested,
        facts={"wrong": requested, "not_produced": counts.get(DocumentationStatus.NOT_PRODUCED, 0)},
        path=f"/audits/{awaited}" if awaited else "/audits",
        command="auditor documentation list --state requested",
    )
