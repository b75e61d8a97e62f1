"""The part of the event log that an audit rests on: from its opening to the newest entry that speaks of it."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from auditor.domain.checkpoints import Checkpoint
from auditor.domain.events import EventKind
from auditor.errors import Conflict
from auditor.services import log

_LEFT_OUT = frozenset({EventKind.BINDER_BUILT.value, EventKind.AUDIT_VERIFIED.value})


@dataclass(frozen=True, kw_only=True)
class LogPart:
    """Entries as JSON lines without a gap, the last of which is the checkpoint, at its moment."""

    text: str
    checkpoint: Checkpoint
    at: datetime

    @property
    def checkpoint_json(self) -> str:
        """The checkpoint as a file that `auditor log verify --checkpoint` reads."""
        found = {"number": self.checkpoint.number, "sha256": self.checkpoint.sha256, "at": self.at.isoformat()}
        return json.dumps(found) + "\n"


def of_audit(session: Session, audit_id: int) -> LogPart:
    """The entries between, whatever they speak of: a chain proves something only without a gap."""
    first = last = None
    for entry in log.stream(session):
        if entry.kind not in _LEFT_OUT and json.loads(entry.body).get("audit") == audit_id:
            first, last = first or entry.number, entry
    if first is None or last is None:
        raise Conflict(f"the log says nothing of audit {audit_id}: run `auditor log verify`")
    between = [entry for entry in log.stream(session) if first <= entry.number <= last.number]
    return LogPart(
        text="".join(f"{line}\n" for line in log.lines(between)),
        checkpoint=Checkpoint(number=last.number, sha256=last.sha256),
        at=datetime.fromisoformat(last.at),
    )
