"""How the bearable false mails of a year are shared: by the monitors' shares, then evenly over each one's streams.

Expected values add up whatever the streams have to do with each other. Knows no stream.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.domain.monitors import MonitorDefinition
from auditor.stats.multiplicity import false_alarm_budget

_WEEKS_A_LOOK = 4.0
"""Tests of neighbouring weeks share most of their windows: so many together are worth one."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """False mails a year that each stream of a monitor, by name, may cause; `streams` is how many each one has."""

    mails_a_year: float
    each: Mapping[str, float]
    streams: Mapping[str, int]

    def arl(self, monitor: MonitorDefinition, outcomes_a_year: float) -> float:
        """The mean run length, in outcomes, that an audited stream must have."""
        granted = self.each[monitor.name]
        return false_alarm_budget(mails_a_year=granted, outcomes_a_year=[outcomes_a_year]).arls[0]

    def weekly_level(self, monitor: MonitorDefinition) -> float:
        """The level of a family of tests that is made once a week, over windows of several weeks."""
        granted = self.each[monitor.name] * _WEEKS_A_LOOK
        return false_alarm_budget(mails_a_year=granted, weekly_families=1).weekly_level


def share_out(streams: Iterable[tuple[MonitorDefinition, int]], *, mails_a_year: float) -> Budget:
    """The budget over monitors with so many streams each; those without any leave theirs to the others."""
    counts: Counter[str] = Counter()
    shares: dict[str, float] = {}
    for monitor, count in streams:
        if count:
            counts[monitor.name] += count
            shares[monitor.name] = monitor.options.get("share", 1.0)
    whole = sum(shares.values())
    each = {name: mails_a_year * share / whole / counts[name] for name, share in shares.items()}
    return Budget(mails_a_year=mails_a_year, each=each, streams=dict(counts))
