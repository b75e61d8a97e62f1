"""True coverage of intervals of a count, and true risks of plans and tests: enumerated exactly, nothing simulated."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from auditor.benchmarks.promises import Check, Kind
from auditor.stats import count_tests, finite_population, proportion, sizing, staged_plans
from auditor.stats.checks import Floats


@dataclass(frozen=True, kw_only=True)
class CountGrid:
    """Sizes, rates, frames and confidences to enumerate; pairs of strata as ((n, N), (n, N))."""

    sizes: Sequence[int]
    rates: Sequence[float]
    frames: Sequence[tuple[int, int]]
    strata: Sequence[tuple[tuple[int, int], tuple[int, int]]]
    confidences: Sequence[str]
    arms: Sequence[int]


_INTERVALS: dict[str, tuple[Callable[..., Any], bool]] = {
    "Clopper-Pearson": (proportion.clopper_pearson, True),
    "upper limit": (proportion.upper_limit, True),
    "lower limit": (proportion.lower_limit, True),
    "Wilson": (proportion.wilson, False),
    "Jeffreys": (proportion.jeffreys, False),
    "Agresti-Coull": (proportion.agresti_coull, False),
}
_FINITE: dict[str, Callable[..., Any]] = {
    "hypergeometric interval": finite_population.exact_interval,
    "hypergeometric upper limit": finite_population.upper_limit,
    "hypergeometric lower limit": finite_population.lower_limit,
}


def checks(grid: CountGrid) -> Iterator[Check]:
    """Every check of the grid."""
    for confidence in grid.confidences:
        yield from _binomial(grid, confidence)
        yield from _hypergeometric(grid, confidence)
        yield from _stratified(grid, confidence)
    yield from _plans()
    yield from _tests(grid)


@dataclass(frozen=True)
class _Method:
    """What is checked, at which confidence, and whether it promises it."""

    family: str
    name: str
    confidence: str
    guaranteed: bool = True

    def covers(self, setting: str, shown: float) -> Check:
        """The check of one setting."""
        return Check(
            family=self.family,
            method=self.name,
            setting=setting,
            kind=Kind.COVERAGE,
            nominal=float(self.confidence),
            shown=shown,
            guaranteed=self.guaranteed,
        )


def _binomial(grid: CountGrid, confidence: str) -> Iterator[Check]:
    for name, (method, guaranteed) in _INTERVALS.items():
        for n in grid.sizes:
            found = [method(errors, n, confidence=confidence) for errors in range(n + 1)]
            for rate in grid.rates:
                inside = np.array([_holds(each, rate) for each in found])
                shown = float(stats.binom.pmf(np.arange(n + 1), n, rate) @ inside)
                yield _Method("rate", name, confidence, guaranteed).covers(f"n {n}, rate {rate:g}", shown)


def _hypergeometric(grid: CountGrid, confidence: str) -> Iterator[Check]:
    for name, method in _FINITE.items():
        for n, whole in grid.frames:
            found = [method(errors, n, whole, confidence=confidence) for errors in range(n + 1)]
            for bad in sorted({round(rate * whole) for rate in grid.rates}):
                inside = np.array([_holds(each, bad / whole) for each in found])
                shown = float(stats.hypergeom.pmf(np.arange(n + 1), whole, bad, n) @ inside)
                yield _Method("rate of a frame", name, confidence).covers(
                    f"n {n} of {whole:,}, {bad} in error", shown
                )


def _stratified(grid: CountGrid, confidence: str) -> Iterator[Check]:
    told = _Method("rate of a frame", "stratified interval", confidence)
    for (n, size), (m, other) in grid.strata:
        found = [
            [
                finite_population.stratified_interval([(x, n, size), (y, m, other)], confidence=confidence)
                for y in range(m + 1)
            ]
            for x in range(n + 1)
        ]
        for rate in grid.rates:
            first, second = round(rate * size), round(rate * other)
            for bad, worse in ((first, 0), (0, second), (first, second)):
                truth = (bad + worse) / (size + other)
                inside = np.array([[_holds(each, truth) for each in row] for row in found])
                shown = float(_mass(n, size, bad) @ inside @ _mass(m, other, worse))
                yield told.covers(f"n {n} of {size} and {m} of {other}, {bad} and {worse} in error", shown)


def _mass(n: int, size: int, bad: int) -> Floats:
    masses: Floats = stats.hypergeom.pmf(np.arange(n + 1), size, bad, n)
    return masses


def _holds(found: Any, rate: float) -> bool:
    """Whether an interval, or a one-sided limit, is right about the rate."""
    if hasattr(found, "limit"):
        return bool(found.limit >= rate - 1e-12 if found.side == "upper" else found.limit <= rate + 1e-12)
    return bool(found.low - 1e-12 <= rate <= found.high + 1e-12)


def _plans() -> Iterator[Check]:
    """How often a plan lets a process pass that is just as bad as may not be."""
    for tolerable in ("0.03", "0.05", "0.1"):
        for expected in ("0", "0.01", "0.02"):
            for population in (None, 500, 10_000):
                size = sizing.attribute_size(
                    tolerable=tolerable, expected=expected, confidence="0.95", population=population
                )
                stage = (size.sample_size, size.allowed_errors or 0)
                risk = staged_plans.staged_acceptance_risk([stage], rate=tolerable, population=population).estimate
                frame = "no limit" if population is None else f"{population:,}"
                yield Check(
                    family="plan",
                    method="attribute plan, a bad frame passes",
                    setting=f"tolerable {tolerable}, expected {expected}, frame {frame}",
                    kind=Kind.ERROR_RATE,
                    nominal=0.05,
                    shown=risk,
                )


def _tests(grid: CountGrid) -> Iterator[Check]:
    """How often two equal rates are called different at 5 %."""
    for n in grid.arms:
        first, second = (each.ravel().astype(float) for each in np.meshgrid(np.arange(n + 1), np.arange(n + 1)))
        found = count_tests.fisher_test(first, np.full_like(first, n), second, np.full_like(first, n)).p_value
        for rate in grid.rates:
            masses = stats.binom.pmf(first, n, rate) * stats.binom.pmf(second, n, rate)
            yield _test("Fisher test, equal rates called different", n, rate, float(masses[found <= 0.05].sum()))
        counted = count_tests.poisson_rate_test(first, np.full_like(first, n), second, np.full_like(first, n)).p_value
        for mean in (0.5, 2.0, n / 8):
            masses = stats.poisson.pmf(first, mean) * stats.poisson.pmf(second, mean)
            name = "Poisson rate test, equal rates called different"
            yield _test(name, n, mean / n, float(masses[counted <= 0.05].sum()))


def _test(method: str, n: int, rate: float, shown: float) -> Check:
    setting = f"{n} each, rate {rate:.3g}"
    return Check(family="test", method=method, setting=setting, kind=Kind.ERROR_RATE, nominal=0.05, shown=shown)
