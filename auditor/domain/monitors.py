"""Monitors: what each watches and with which options, and what a stream of one says. Knows no table, no method."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from auditor.domain.alerts import StreamState
from auditor.domain.claims import CodingSource
from auditor.domain.stories import Signal


class MonitorKind(StrEnum):
    """What a monitor reads; each kind is one file of `services.monitoring`."""

    AUDITED_ERRORS = "audited_errors"
    CODE_RATES = "code_rates"
    STOPPED_CODES = "stopped_codes"
    EM_LEVEL = "em_level"
    MODIFIER_RATES = "modifier_rates"
    VIOLATION_RATES = "violation_rates"
    FEED = "feed"


@dataclass(frozen=True, kw_only=True)
class MonitorDefinition:
    """One monitor. `source` None watches every source; `options` are numbers, named as in config/monitors.toml."""

    name: str
    kind: MonitorKind
    source: str | None = None
    options: Mapping[str, float] = field(default_factory=dict)

    def watches(self, source: str) -> bool:
        """Whether this monitor reads the source of that name."""
        return self.source is None or self.source == source


@dataclass(frozen=True, kw_only=True)
class Strand:
    """What one story is about: the output of one arm and model version of one source."""

    source: str
    arm: CodingSource
    model_version: str | None = None

    @property
    def name(self) -> str:
        """`source/arm/version`, the version left out where the source tells none."""
        parts = (self.source, self.arm.value, self.model_version)
        return "/".join(part for part in parts if part is not None)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one stream of one monitor says. The statistic alarms at the threshold or above, materiality granted.

    `signals` are the changes that raise the alarm, the leading one first; `held_back` those that reached the
    threshold and were not told of, with the reason in `note`.
    """

    monitor: str
    kind: MonitorKind
    strand: Strand
    state: StreamState
    n: int
    statistic: float | None = None
    threshold: float | None = None
    since: date | None = None
    signals: tuple[Signal, ...] = ()
    held_back: tuple[Signal, ...] = ()
    note: str = ""
