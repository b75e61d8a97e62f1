"""The product's own decisions over a simulated practice, week by week: what it told of, and when.

Everything is decided by `services.monitoring.evaluation`, as in a nightly run. What was told of without a drift is
dismissed, as a manager would: its baseline begins anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from auditor.benchmarks.detection_setting import AUDIT_WEEKS
from auditor.benchmarks.detection_world import BASELINE_WEEKS, CATEGORIES, Site
from auditor.domain.alerts import StreamState
from auditor.domain.monitors import Reading, Strand
from auditor.services.audited_outcomes import AuditedOutcome
from auditor.services.monitoring.budget import Budget
from auditor.services.monitoring.cube import ArmWeeks, TallyWeeks, WeekCube
from auditor.services.monitoring.definitions import Definitions, defaults
from auditor.services.monitoring.evaluation import (
    SourceState,
    Watch,
    budget_of,
    read_audited_streams,
    read_output_streams,
    watch,
)
from auditor.services.monitoring.rate_tables import Reference
from auditor.services.monitoring.strands import StrandPast

_REFERENCE = Reference(categories=CATEGORIES)
_ENDS_AFTER = 4


@dataclass(frozen=True, kw_only=True)
class Told:
    """One story: the week at whose end it was told, the strand, and the monitors that led to it."""

    week: int
    strand: str
    monitors: tuple[str, ...]


@dataclass
class Watcher:
    """One practice under watch; `streams` is how many streams there were at the last look."""

    sites: Sequence[Site]
    false_mails_a_year: float
    definitions: Definitions = field(default_factory=defaults)
    streams: int = 0
    _pasts: dict[Strand, StrandPast] = field(default_factory=dict)
    _seen: dict[Strand, int] = field(default_factory=dict)
    _audited: dict[str, tuple[Reading, ...]] = field(default_factory=dict)
    _budget: Budget | None = None

    def told(self, weeks: range) -> Iterator[Told]:
        """Every story of these weeks, one a strand until it has been quiet."""
        for week in weeks:
            yield from self.look(week)

    def look(self, week: int) -> list[Told]:
        """What is told of at the end of so many weeks; audits are looked at when new ones are known."""
        if week % AUDIT_WEEKS == 0 or self._budget is None:
            self._look_at_audits(week)
        found: list[Told] = []
        for site in self.sites:
            one = watch(self._state(site, week, outcomes=()), self.definitions)
            readings = (*self._audited[site.name], *read_output_streams(one, self._granted()))
            found += self._fold(one, [each for each in readings if each.state is StreamState.ALARM], week)
        return found

    def _look_at_audits(self, week: int) -> None:
        last = week // AUDIT_WEEKS * AUDIT_WEEKS
        watches = []
        for site in self.sites:
            known = tuple(each for each in site.outcomes if each.audit_id * AUDIT_WEEKS < last)
            watches.append(watch(self._state(site, week, outcomes=known), self.definitions))
        self._budget = budget_of(watches, false_mails_a_year=self.false_mails_a_year)
        self.streams = sum(self._budget.streams.values())
        for one in watches:
            self._audited[one.state.source] = read_audited_streams(one, self.definitions, self._budget)

    def _granted(self) -> Budget:
        if self._budget is None:
            raise ValueError("a budget is shared out at the first look")
        return self._budget

    def _fold(self, one: Watch, alarms: Sequence[Reading], week: int) -> Iterator[Told]:
        for strand in dict.fromkeys(reading.strand for reading in alarms):
            own = [reading for reading in alarms if reading.strand == strand]
            if week - self._seen.get(strand, -week) >= _ENDS_AFTER:
                yield Told(week=week, strand=strand.name, monitors=tuple(reading.monitor for reading in own))
            self._seen[strand] = week
            began = min(one.state.cube.weeks.index(each.since) for each in own if each.since in one.state.cube.weeks)
            self._pasts[strand] = StrandPast(restart=began, fresh=week)

    def _state(self, site: Site, week: int, *, outcomes: tuple[AuditedOutcome, ...]) -> SourceState:
        pasts = {strand: past for strand, past in self._pasts.items() if strand.source == site.name}
        cube = until(site.cube, week)
        return SourceState(
            source=site.name,
            cube=cube,
            outcomes=outcomes,
            pasts=pasts,
            reference=_REFERENCE,
            violations=site.violations,
        )


def until(cube: WeekCube, week: int) -> WeekCube:
    """What was known after so many weeks."""
    arms = {arm: _until(weeks, week) for arm, weeks in cube.arms.items()}
    return WeekCube(cube.weeks[:week], cube.codes, cube.modifiers, arms, cube.rows, cube.missing)


def _until(arm: ArmWeeks, week: int) -> ArmWeeks:
    tallies = {
        measure: TallyWeeks(tally.totals[:, :week], tally.squares[:, :week], tally.units[:week])
        for measure, tally in arm.tallies.items()
    }
    return ArmWeeks(arm.claims[:week], arm.codes[:, :week], arm.modifiers[:, :week], tallies)


def year() -> range:
    """The weeks of a watched year, after the baseline."""
    return range(BASELINE_WEEKS + 1, BASELINE_WEEKS + 53)
