"""What an appraised sample says was overpaid in all: every estimator that its columns allow, side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.errors import BadInput
from auditor.services.appraisal_columns import Sample

if TYPE_CHECKING:
    from auditor.stats.results import Limit, Total

LEVELS = ("0.80", "0.90", "0.95")
DEMAND = "0.95"  # one-sided; the lower limit of the two-sided 90 % interval, which OIG demands
PROVEN = ("minimum sum", "betting")  # limits that keep their confidence at every n and for every distribution
_AMOUNTS = ("mean", "paid_total")  # of what a method tells that was put into it, in cents
_VARIABLE = "Variable Appraisals"


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What is known of the frame: units, clusters, units and dollars of each stratum, payments of the other units."""

    population: int | None
    clusters: int | None = None
    stratum_clusters: Mapping[str, int] | None = None
    paid_total_cents: int | None = None
    stratum_populations: Mapping[str, int] | None = None
    stratum_paid_cents: Mapping[str, int] | None = None
    unsampled_paid_cents: Sequence[int] | None = None


@dataclass(frozen=True, kw_only=True)
class Level:
    """Limits at one confidence, in dollars; two-sided ones are None for methods that give only a lower limit."""

    confidence: float
    low: float | None
    high: float | None
    lower_limit: float
    upper_limit: float | None
    precision: float | None
    relative_precision: float | None


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One method: point and standard error in dollars, its limits, what it would demand, and what to be told.

    `proven`: whether its one-sided lower limit covers as stated at every n, or only where samples are large.
    """

    method: str
    replaces: str
    estimate: float
    standard_error: float | None
    levels: tuple[Level, ...]
    demand: float
    proven: bool
    inputs: Mapping[str, object]
    formula: str
    assumptions: tuple[str, ...]
    convention: str
    source: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Appraisal:
    """All of it: amounts of the sample and projected, the estimators of the overpayment, and what was left out."""

    unit: str
    design: str
    n: int
    overpaid_units: int
    underpaid_units: int
    population: int
    amounts: tuple[Estimate, ...]
    estimates: tuple[Estimate, ...]
    left_out: tuple[str, ...]


Method = Callable[[str], "Total | Limit"]


def appraise(sample: Sample, frame: Frame) -> Appraisal:
    """Every estimator that the sample's columns and what is known of the frame allow."""
    from auditor.services import appraisal_methods as methods

    made = methods.of_design(sample, frame)
    return Appraisal(
        unit="dollars",
        design=made.design,
        n=len(sample.overpaid_cents),
        overpaid_units=sum(cent > 0 for cent in sample.overpaid_cents),
        underpaid_units=sum(cent < 0 for cent in sample.overpaid_cents),
        population=made.population,
        amounts=tuple(estimate(name, made.replaces, method) for name, method in made.amounts.items()),
        estimates=tuple(estimate(name, replaced, method) for name, (replaced, method) in made.methods.items()),
        left_out=tuple(made.left_out),
    )


def estimate(name: str, replaces: str, method: Method) -> Estimate:
    """One method at every confidence, in dollars."""
    from auditor.stats.results import Total

    found = [method(level) for level in LEVELS]
    last = found[-1]
    return Estimate(
        method=name,
        replaces=f"RAT-STATS: {_VARIABLE}, {replaces}" if replaces else "",
        estimate=_dollars(last.estimate),
        standard_error=_dollars(last.standard_error) if isinstance(last, Total) else None,
        levels=tuple(_level(each) for each in found),
        demand=max(0.0, _dollars(found[LEVELS.index(DEMAND)].limit)),
        proven=name in PROVEN,
        inputs=_put_in(last.inputs),
        formula=last.basis.formula,
        assumptions=last.basis.assumptions,
        convention=last.basis.convention,
        source=last.basis.source,
        warnings=last.warnings,
    )


def _put_in(inputs: Mapping[str, object]) -> dict[str, object]:
    """What was put into a method, in dollars; the confidence stands at each level."""
    told = {name: value for name, value in inputs.items() if name != "confidence"}
    return {name: round(float(str(told[name]))) / 100 if name in _AMOUNTS else told[name] for name in told}


def _level(found: "Total | Limit") -> Level:
    from auditor.stats.results import Total

    total = found if isinstance(found, Total) else None
    return Level(
        confidence=found.confidence,
        low=_dollars(total.low) if total else None,
        high=_dollars(total.high) if total else None,
        lower_limit=_dollars(found.limit),
        upper_limit=_dollars(2 * total.estimate - total.limit) if total else None,
        precision=_dollars(total.precision) if total else None,
        relative_precision=total.relative_precision if total else None,
    )


def _dollars(cents: float) -> float:
    return round(cents) / 100


def population_of(frame: Frame) -> int:
    """The units of the frame, or a sentence that asks for them."""
    if frame.population is not None:
        return frame.population
    if frame.stratum_populations:
        return sum(frame.stratum_populations.values())
    raise BadInput("--population is missing: say how many units the frame holds")
