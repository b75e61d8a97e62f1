"""A trend as reports, pages and exports carry it: one row a point, each with all that a figure rests on."""

from dataclasses import dataclass
from datetime import date, datetime

from auditor.domain.checkpoints import Checkpoint
from auditor.reports.model import Figure


@dataclass(frozen=True, kw_only=True)
class TrendRow:
    """The figure of one period and one value of the split."""

    period: str
    first_on: date
    last_on: date
    figure: Figure


@dataclass(frozen=True, kw_only=True)
class TrendReport:
    """One metric over time. `rows` are what was asked; `arms` and `gap` set AI beside human, whatever the split."""

    practice: str
    time_zone: str
    metric: str
    every: str
    by: str | None
    plan: str | None
    as_of: datetime
    checkpoint: Checkpoint
    rows: tuple[TrendRow, ...]
    arms: tuple[TrendRow, ...]
    gap: tuple[TrendRow, ...]
