"""How risky each stratum of a plan is by the guidelines: what checks counted, as spreads to allocate a sample by.

A stratum whose lines break more rules is expected to vary more, and more of it is drawn. Half of each weight is even,
so that no stratum starves where the guidelines see nothing; a poor score costs precision, never validity, since every
selection keeps its probability.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditor.services.guidelines.weekly import speaking_runs
from auditor.sources.items import NOTHING
from auditor.storage.guidelines import GuidelineLines, GuidelineRun, GuidelineTally

COUNTED_BY = ("coding_source", "model_version", "payer", "provider")

_RECENT = timedelta(weeks=13)
_UNIFORM = 0.5


@dataclass(frozen=True, kw_only=True)
class Risk:
    """Relative spreads by stratum, 1 on average, and the weeks of service that they come from."""

    spreads: Mapping[str, float]
    first_week_on: date | None = None
    last_week_on: date | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What a sample's derivation says of it."""
        if self.first_week_on is None:
            return ("no guideline check has counted yet: strata are taken in proportion to their size",)
        return (
            f"spread by violations that checks found in the weeks of {self.first_week_on} to {self.last_week_on}",
        )

    def of(self, strata: Collection[str]) -> dict[str, float]:
        """The spread of each stratum; what was never checked has the mean."""
        return {name: self.spreads.get(name, 1.0) for name in strata}


def of_strata(session: Session, *, source_id: int, stratify: Sequence[str]) -> Risk:
    """Spreads from the newest 13 checked weeks of a source; empty where no check has counted."""
    runs = session.scalars(select(GuidelineRun).where(GuidelineRun.source_id == source_id)).all()
    lines = _counts(session, GuidelineLines, "lines", stratify, [run.id for run in runs])
    covered: defaultdict[date, set[int]] = defaultdict(set)
    for run_id, week_on, _ in lines:
        covered[week_on].add(run_id)
    owners = speaking_runs(runs, covered)
    weeks = [week for week in owners if max(owners) - week < _RECENT]
    own = {(owners[week], week) for week in weeks}
    found = _counts(session, GuidelineTally, "violations", stratify, [run.id for run in runs])
    spreads = _spreads(_by_stratum(lines, own), _by_stratum(found, own))
    return Risk(spreads=spreads, first_week_on=min(weeks, default=None), last_week_on=max(weeks, default=None))


def _counts(
    session: Session,
    table: type[GuidelineLines] | type[GuidelineTally],
    counted: str,
    stratify: Sequence[str],
    run_ids: Sequence[int],
) -> dict[tuple[int, date, str], int]:
    columns = [table.__table__.c[name] for name in ("run_id", "served_week_on", *stratify)]
    question = select(*columns, func.sum(table.__table__.c[counted])).group_by(*columns)
    sums: Counter[tuple[int, date, str]] = Counter()
    for run_id, week_on, *values, count in session.execute(question.where(table.run_id.in_(run_ids))):
        sums[run_id, week_on, ", ".join(NOTHING if value is None else str(value) for value in values)] += count
    return dict(sums)


def _by_stratum(counts: Mapping[tuple[int, date, str], int], own: Collection[tuple[int, date]]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for (run_id, week_on, stratum), count in counts.items():
        if (run_id, week_on) in own:
            sums[stratum] += count
    return sums


def _spreads(lines: Mapping[str, int], violations: Mapping[str, int]) -> dict[str, float]:
    """The deviation of a 0/1 outcome with the stratum's violation rate, mixed with the mean of all."""
    rates = {name: min(0.5, (violations.get(name, 0) + 0.5) / (count + 1)) for name, count in lines.items()}
    deviations = {name: math.sqrt(rate * (1 - rate)) for name, rate in rates.items()}
    mean = sum(deviations.values()) / max(1, len(deviations))
    return {name: _UNIFORM + (1 - _UNIFORM) * each / mean for name, each in deviations.items()}
