"""What a chart shows, before anything is drawn. Rates are fractions in [0, 1]; what was not measured is None."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Arm(StrEnum):
    """Whose work a mark stands for; each arm has a colour, a line and a shape of its own."""

    AI = "ai"
    HUMAN = "human"
    OTHER = "other"


class Unit(StrEnum):
    """How values are written along an axis."""

    SHARE = "share"
    LEVEL = "level"
    COUNT = "count"
    POINTS = "points"
    PLAIN = "plain"


@dataclass(frozen=True, kw_only=True)
class Titled:
    """What every chart says in words: the finding as its title, and what is drawn as its description."""

    title: str
    description: str


@dataclass(frozen=True, kw_only=True)
class IntervalRow:
    """One estimate with its interval and n; `remark` stands in the plot where there is no estimate."""

    label: str
    estimate: float | None
    low: float | None
    high: float | None
    n: int
    arm: Arm = Arm.OTHER
    remark: str = "no data"


@dataclass(frozen=True, kw_only=True)
class IntervalChart(Titled):
    """Dots with whiskers, one row an estimate, and the tolerable rate as a line through all of them."""

    rows: tuple[IntervalRow, ...]
    unit: str
    tolerable: float | None = None
    value: Unit = Unit.SHARE


@dataclass(frozen=True, kw_only=True)
class TrendPoint:
    """One period. `outside` rings the point; `enough` is False where there were too few cases to say."""

    on: date
    estimate: float | None
    n: int
    low: float | None = None
    high: float | None = None
    outside: bool = False
    enough: bool = True


@dataclass(frozen=True, kw_only=True)
class TrendPanel:
    """One series on the scale that all panels share, with its centre line and limits."""

    label: str
    arm: Arm
    points: tuple[TrendPoint, ...]
    centre: float | None = None
    upper_limit: float | None = None
    lower_limit: float | None = None


@dataclass(frozen=True, kw_only=True)
class ChartEvent:
    """Something that happened on a day: a model version, a code-set edition, the change that was found."""

    on: date
    label: str
    is_change: bool = False


@dataclass(frozen=True, kw_only=True)
class TrendChart(Titled):
    """Lines with bands over time, one panel an arm, all on one scale, which also holds the values of `holds`.

    The time axis begins with the first point, or on `begins_on` where that is earlier.
    """

    panels: tuple[TrendPanel, ...]
    events: tuple[ChartEvent, ...] = ()
    value: Unit = Unit.SHARE
    holds: tuple[float, ...] = ()
    begins_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class DecisionChart(Titled):
    """A statistic against the threshold at which it decides, in order of cases or weeks."""

    statistic: tuple[float, ...]
    threshold: float
    steps: str
    log_scale: bool = False


@dataclass(frozen=True, kw_only=True)
class MixRow:
    """One share at baseline and now; `effect` says what it means, such as dollars a week."""

    label: str
    baseline: float
    now: float
    effect: str = ""


@dataclass(frozen=True, kw_only=True)
class MixChart(Titled):
    """Dumbbells from baseline to now, in the order given."""

    rows: tuple[MixRow, ...]
    effect_title: str = ""


@dataclass(frozen=True, kw_only=True)
class EffortRow:
    """One design: audits on average, what nine in ten audits stay below; `exact` is False for an approximation."""

    label: str
    mean: float
    ninetieth: float
    effect: str
    exact: bool = True


@dataclass(frozen=True, kw_only=True)
class EffortChart(Titled):
    """Designs and the work that each takes; a hollow dot is an approximation."""

    rows: tuple[EffortRow, ...]
    effect_title: str


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """A rate at a count, with its limits where it has any."""

    at: int
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class CurveChart(Titled):
    """A rate against a count; `threshold` is where it must come to, `chosen` the count that is meant, ringed.

    `most` cuts the scale where a band that is still wide would flatten everything else.
    """

    points: tuple[CurvePoint, ...]
    along: str
    value: str
    arm: Arm = Arm.OTHER
    threshold: float | None = None
    threshold_label: str = ""
    chosen: int | None = None
    chosen_label: str = ""
    most: float | None = None


Chart = CurveChart | IntervalChart | TrendChart | DecisionChart | MixChart | EffortChart
