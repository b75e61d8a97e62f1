"""The officer's desk as facts: page, document and `--json` all say what stands here and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from auditor.domain.checkpoints import Checkpoint

Facts = Mapping[str, int | str | date | datetime | None]


@dataclass(frozen=True, kw_only=True)
class DeskLine:
    """One question that an outside auditor would ask. `holds` None: nothing says so yet.

    `facts` are its proof or what is wrong; `path` and `command` are where the proof, or the remedy, is.
    """

    key: str
    holds: bool | None
    facts: Facts
    path: str
    command: str


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """What was audited of one value of a field in the last twelve months, against what the plans drew."""

    field: str
    value: str
    drawn: int
    reviewed: int
    signed: int


@dataclass(frozen=True, kw_only=True)
class OfficerDesk:
    """Everything that an officer is asked about today."""

    practice: str
    time_zone: str
    on: date
    since: date
    as_of: datetime
    checkpoint: Checkpoint
    lines: tuple[DeskLine, ...]
    coverage: tuple[CoverageRow, ...]
