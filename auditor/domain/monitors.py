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
    OVERCODING = "overcoding"
    UNDERCODING = "undercoding"
    DOLLARS_IN_ERROR = "dollars_in_error"
    CALIBRATION = "calibration"
    CODE_RATES = "code_rates"
    CODE_FAMILIES = "code_families"
    STOPPED_CODES = "stopped_codes"
    EM_LEVEL = "em_level"
    MODIFIER_RATES = "modifier_rates"
    CODES_PER_CLAIM = "codes_per_claim"
    CHARGE_PER_CLAIM = "charge_per_claim"
    CONFIDENCE_LEVEL = "confidence_level"
    HCC_CAPTURE = "hcc_capture"
    UNSPECIFIED_CODES = "unspecified_codes"
    VIOLATION_RATES = "violation_rates"
    OVERRIDES = "overrides"
    DISAGREEMENT = "disagreement"
    DENIALS = "denials"
    DENIAL_CAUSES = "denial_causes"
    CLEAN_CLAIMS = "clean_claims"
    FEED = "feed"


AUDITED_KINDS = (
    MonitorKind.AUDITED_ERRORS,
    MonitorKind.OVERCODING,
    MonitorKind.UNDERCODING,
    MonitorKind.DOLLARS_IN_ERROR,
    MonitorKind.CALIBRATION,
)
"""Kinds that read what auditors found; all others but the feed read all output, audited or not."""


class Slice(StrEnum):
    """What audited streams can be split by; `auditor` scores each outcome against its own auditor's baseline."""

    SPECIALTY = "specialty"
    PAYER = "payer"
    CODE_FAMILY = "code_family"
    AUDITOR = "auditor"


@dataclass(frozen=True, kw_only=True)
class MonitorDefinition:
    """One monitor. `source` None watches every source; `options` are numbers, named as in config/monitors.toml.

    `by` splits a monitor of audited outcomes into one stream a value.
    """

    name: str
    kind: MonitorKind
    source: str | None = None
    by: Slice | None = None
    options: Mapping[str, float] = field(default_factory=dict)

    def watches(self, source: str) -> bool:
        """Whether this monitor reads the source of that name."""
        return self.source is None or self.source == source


POOLED = "all versions"
"""The model version of a strand that takes versions working side by side together."""


@dataclass(frozen=True, kw_only=True)
class Strand:
    """What one story is about: the output of one arm and model version of one source."""

    source: str
    arm: CodingSource
    model_version: str | None = None

    @property
    def is_pooled(self) -> bool:
        """Whether it takes several versions together."""
        return self.model_version == POOLED

    @property
    def name(self) -> str:
        """`source/arm/version`, the version left out where the source tells none."""
        parts = (self.source, self.arm.value, self.model_version)
        return "/".join(part for part in parts if part is not None)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one stream of one monitor says. The statistic alarms at the threshold or above, materiality granted.

    `signals` are the changes that raise the alarm, the leading one first; `held_back` those that reached the
    threshold and were not told of, with the reason in `note`. `part` is the slice of the strand that it reads,
    written `specialty=FM`.
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
    part: str | None = None

    @property
    def stream(self) -> str:
        """The stream's name: the strand's, with its slice."""
        return self.strand.name if self.part is None else f"{self.strand.name} {self.part}"
