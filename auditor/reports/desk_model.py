"""The officer's desk as facts: page, document and `--json` all say what stands here and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from auditor.domain.checkpoints import Checkpoint

Facts = Mapping[str, int | str | date | datetime | None]


@dataclass(frozen=True, kw_only=True)
class DeskLine:
    """One question that an outside auditor would ask. `holds` None: nothing says so yet.

    `facts` are its proof or what is wrong; `path` and `command` are where the proof, or the remedy, is. Without a
    path the command alone gives it.
    """

    key: str
    holds: bool | None
    facts: Facts
    path: str | None
    command: str


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """What was audited of one value of a field in the last twelve months.

    `claims` are all claims of that value in the source, `planned` those that plans in force draw from; None where
    they were not counted. `path` and `command` lead to the remedy of a gap, else to the results.
    """

    field: str
    value: str
    drawn: int
    reviewed: int
    signed: int
    path: str
    command: str
    claims: int | None = None
    planned: int | None = None

    @property
    def share_planned(self) -> float | None:
        """Claims that plans draw from, of all."""
        return None if not self.claims or self.planned is None else self.planned / self.claims

    @property
    def share_reviewed(self) -> float | None:
        """Cases reviewed, of all claims."""
        return None if not self.claims else self.reviewed / self.claims


@dataclass(frozen=True, kw_only=True)
class Counted:
    """When the claims themselves were counted, and over which days; the oldest of several sources."""

    at: datetime
    first_on: date
    last_on: date
    claims: int


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
    counted: Counted | None
