"""Builds the binder of an audit. See `drawing` for the steps: brief, ask the source for the frame, record.

Everything in it is as of the newest log entry that speaks of the audit, so that it is the same whenever it is
built again, as long as nothing of the audit changes. It holds claim ids and patient fields: it is for those who may
see them.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from auditor.domain.chain import sha256_text
from auditor.domain.events import Event, EventKind
from auditor.domain.plans import Timing
from auditor.errors import Conflict
from auditor.reports import binder_zip
from auditor.services import audits, claim_sources, plans, samples
from auditor.services.binder import documents, log_part, tables
from auditor.services.claim_sources import Access
from auditor.services.reporting import Paper
from auditor.sources.frame_rows import FrameUnit
from auditor.sources.population import Population
from auditor.storage import history
from auditor.storage.database import Database

_FRAME = "frame.csv"


@dataclass(frozen=True, kw_only=True)
class BinderRequest:
    """Which audit, on whose paper; `with_frame` False leaves out the list of the frame's units."""

    audit_id: int
    paper: Paper
    with_frame: bool = True


@dataclass(frozen=True, kw_only=True)
class Binder:
    """The zip, and the digest of its manifest, which is logged."""

    audit_id: int
    files: tuple[str, ...]
    manifest_sha256: str
    sha256: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class _Brief:
    files: dict[str, bytes]
    access: Access | None
    population: Population
    frame_sha256: str
    seed: str
    rolling: bool


def build(
    database: Database, request: BinderRequest, *, by: str, at: datetime, environment: Mapping[str, str]
) -> Binder:
    """The binder of a drawn audit; Conflict when its frame is no longer that of the draw."""
    with database.read() as session:
        brief = _brief(session, request)
    files = brief.files
    if brief.access is not None and not brief.rolling:
        with claim_sources.opened(brief.access, environment=environment) as source:
            now = source.frame(brief.population, seed=brief.seed)
            if now.sha256 != brief.frame_sha256:
                raise Conflict(
                    f"the frame of audit {request.audit_id} is not as it was at the draw: build with --without-frame;"
                    f" `auditor audit verify {request.audit_id}` says what changed"
                )
            files = {**files, _FRAME: _frame_csv(source.frame_rows(brief.population))}
    manifest = binder_zip.manifest(files)
    data = binder_zip.zipped(files, folder=f"audit-{request.audit_id}")
    made = Binder(
        audit_id=request.audit_id,
        files=(*sorted(files), binder_zip.MANIFEST),
        manifest_sha256=sha256_text(manifest.decode()),
        sha256=binder_zip.digest(data),
        data=data,
    )
    with database.write() as session:
        body = {"audit": made.audit_id, "files": len(made.files), "manifest_sha256": made.manifest_sha256}
        history.record(session, Event(kind=EventKind.BINDER_BUILT, by=by, body=body), at=at)
    return made


def _brief(session: Session, request: BinderRequest) -> _Brief:
    audit = audits.numbered(session, request.audit_id)
    frame = samples.drawn_from(audit)
    part = log_part.of_audit(session, audit.id)
    files = {
        **tables.files(session, audit),
        **documents.files(session, audit, part, paper=request.paper),
        "log.jsonl": part.text.encode(),
        "checkpoint.json": part.checkpoint_json.encode(),
    }
    return _Brief(
        files=files,
        access=claim_sources.access_to(audit.plan.source) if request.with_frame else None,
        population=plans.population(audit.plan, audits.period(audit)),
        frame_sha256=frame.sha256,
        seed=audit.seed,
        rolling=audit.plan.timing is Timing.PREBILL,
    )


def _frame_csv(units: Iterable[FrameUnit]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("item_id", "stratum", "paid_cents"))
    for unit in units:
        writer.writerow((unit.item_id, unit.stratum, "" if unit.paid_cents is None else unit.paid_cents))
    return out.getvalue().encode()
