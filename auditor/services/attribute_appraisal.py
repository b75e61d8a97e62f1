"""What a reviewed sample says about the rate of errors: unrestricted, stratified or reached in steps."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.errors import BadInput
from auditor.services import appraisal_columns, appraisal_steps
from auditor.services.review_sheets import Sheet

if TYPE_CHECKING:
    from auditor.stats.results import Interval
    from auditor.stats.stages import Stages

LEVELS = (80, 90, 95)
_ATTRIBUTE = "RAT-STATS: Attribute Appraisals"


@dataclass(frozen=True, kw_only=True)
class RateLevel:
    """Limits at one confidence; the one-sided ones leave all of the risk on their side."""

    confidence: float
    low: float
    high: float
    lower_limit: float | None
    upper_limit: float | None


@dataclass(frozen=True, kw_only=True)
class RateEstimate:
    """One method: the rate, its limits and where it comes from."""

    method: str
    replaces: str
    estimate: float
    levels: tuple[RateLevel, ...]
    inputs: Mapping[str, object]
    formula: str
    assumptions: tuple[str, ...]
    convention: str
    source: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AttributeAppraisal:
    """All methods that fit the sample."""

    design: str
    n: int
    errors: int
    population: int
    estimates: tuple[RateEstimate, ...]


Method = Callable[[str], "Interval"]


def appraise(
    sheet: Sheet,
    *,
    population: int | None,
    stratum_populations: Mapping[str, int] | None = None,
    clusters: int | None = None,
    stratum_clusters: Mapping[str, int] | None = None,
) -> AttributeAppraisal:
    """The rate of errors of the sample in a table, by every method that fits."""
    found = appraisal_columns.errors(sheet)
    if not found:
        raise BadInput(f"{sheet.name} has a head but no row: give one row a sampled unit")
    strata, stages = appraisal_columns.texts(sheet, "stratum"), appraisal_steps.read(sheet)
    if stages is not None:
        design, whole, methods = _steps(found, stages, appraisal_steps.in_frame(stages, clusters, stratum_clusters))
    elif strata is not None:
        design, whole, methods = _stratified(found, strata, stratum_populations)
    else:
        design, whole, methods = _unrestricted(found, population)
    estimates = tuple(_estimate(name, replaced, method) for name, (replaced, method) in methods.items())
    return AttributeAppraisal(design=design, n=len(found), errors=sum(found), population=whole, estimates=estimates)


_Design = tuple[str, int, dict[str, tuple[str, Method]]]


def _unrestricted(found: tuple[bool, ...], population: int | None) -> _Design:
    from auditor.stats.finite_population import exact_interval

    if population is None:
        raise BadInput("--population is missing: say how many units the frame holds")
    method: Method = lambda c: exact_interval(sum(found), len(found), population, confidence=c)  # noqa: E731
    return "unrestricted", population, {"exact": ("Unrestricted", method)}


def _stratified(found: tuple[bool, ...], strata: tuple[str, ...], sizes: Mapping[str, int] | None) -> _Design:
    from auditor.stats.finite_population import stratified_interval
    from auditor.stats.ratio import korn_graubard

    counts: dict[str, tuple[int, int]] = {}
    for wrong, name in zip(found, strata, strict=True):
        errors, n = counts.get(name, (0, 0))
        counts[name] = (errors + wrong, n + 1)
    absent = sorted(set(counts) ^ set(sizes or {}))
    if absent or sizes is None:
        raise BadInput(f"--stratum-populations and the column stratum differ in {absent[0]}: name each drawn stratum")
    rows = [(*counts[name], sizes[name]) for name in counts]
    populations: dict[Hashable, int] = dict(sizes.items())
    weights = [sizes[name] / counts[name][1] for name in strata]
    methods: dict[str, tuple[str, Method]] = {
        "exact, conservative": ("Stratified", lambda c: stratified_interval(rows, confidence=c)),
        "Korn-Graubard": (
            "Stratified",
            lambda c: korn_graubard(found, weights=weights, strata=strata, populations=populations, confidence=c),
        ),
    }
    return "stratified", sum(sizes.values()), methods


def _steps(found: tuple[bool, ...], stages: "Stages", clusters: appraisal_steps.Clusters) -> _Design:
    from auditor.stats.multistage import multistage_rate

    method: Method = lambda c: multistage_rate(found, clusters, stages=stages, confidence=c)  # noqa: E731
    whole = appraisal_steps.total_in_frame(stages, clusters)
    return appraisal_steps.design(stages), whole, {"rate by steps": (appraisal_steps.replaced(stages), method)}


def _estimate(name: str, replaced: str, method: Method) -> RateEstimate:
    found = method("0.95")
    return RateEstimate(
        method=name,
        replaces=f"{_ATTRIBUTE}, {replaced}",
        estimate=found.estimate,
        levels=tuple(_level(percent, method) for percent in LEVELS),
        inputs={name: value for name, value in found.inputs.items() if name != "confidence"},
        formula=found.basis.formula,
        assumptions=found.basis.assumptions,
        convention=found.basis.convention,
        source=found.basis.source,
        warnings=found.warnings,
    )


def _level(percent: int, method: Method) -> RateLevel:
    """Limits at that confidence; the one-sided limit at 95 % is an end of the two-sided interval at 90 %."""
    both, one = method(f"{percent / 100:.2f}"), method(f"{(2 * percent - 100) / 100:.2f}")
    return RateLevel(
        confidence=percent / 100, low=both.low, high=both.high, lower_limit=one.low, upper_limit=one.high
    )
