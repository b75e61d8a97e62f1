"""How often rules that may stop at any time stop wrongly: exactly where the recursion allows, else simulated."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

import numpy as np

from auditor.benchmarks import coverage_looks
from auditor.benchmarks.promises import Check, Kind, simulated
from auditor.stats import alpha_martingale, betting, confidence_sequences, sequential

_RISK = 0.05


@dataclass(frozen=True, kw_only=True)
class SequentialGrid:
    """Frames for the exact rule; rates, lengths and runs of what is simulated; runs of the slow designs."""

    frames: Sequence[int]
    anticipated: Sequence[str]
    rates: Sequence[float]
    length: int
    runs: int
    slow_runs: int


def checks(grid: SequentialGrid, seed: int) -> Iterator[Check]:
    """Every check of the grid."""
    yield from _exact(grid)
    yield from _paths(grid, seed)
    yield from _designs(grid, seed)


def _stop(method: str, setting: str, *, shown: float = 0.0, guaranteed: bool = True) -> Check:
    return Check(
        family="stopping",
        method=method,
        setting=setting,
        kind=Kind.ERROR_RATE,
        nominal=_RISK,
        shown=shown,
        guaranteed=guaranteed,
    )


def _exact(grid: SequentialGrid) -> Iterator[Check]:
    """The chance that a frame just as bad as may not be is ever called acceptable."""
    for tolerable in ("0.03", "0.05", "0.1"):
        for population in grid.frames:
            for anticipated in grid.anticipated:
                found = sequential.sequential_size(
                    tolerable=tolerable, expected=tolerable, anticipated=anticipated, population=population
                )
                setting = f"tolerable {tolerable}, anticipated {anticipated}, frame {population:,}"
                yield _stop("sequential plan, a bad frame passes", setting, shown=found.acceptance)


@dataclass(frozen=True)
class _Audit:
    """Findings in draw order, the true rate of the frame, and its size."""

    outcomes: list[int]
    truth: float
    population: int

    @property
    def tolerable(self) -> float:
        """The rate that the bets are placed against: the true one."""
        return min(0.9, max(self.truth, 0.01))


Ever = Callable[[_Audit], bool]


def _paths(grid: SequentialGrid, seed: int) -> Iterator[Check]:
    """How often a limit is ever wrong on the way, whenever one looks."""
    for name, (wrong, guaranteed) in _EVER.items():
        for rate in grid.rates:
            population = 2_000
            frame = np.repeat([1, 0], [round(rate * population), population - round(rate * population)])
            random = np.random.default_rng([seed, len(name), round(rate * 1000)])
            hits = sum(
                wrong(_Audit(random.permutation(frame)[: grid.length].tolist(), float(frame.mean()), population))
                for _ in range(grid.runs)
            )
            setting = f"rate {rate:g}, any look at up to {grid.length} of {population:,}"
            yield simulated(_stop(name, setting, guaranteed=guaranteed), hits=hits, runs=grid.runs)


def _upper(audit: _Audit) -> bool:
    found = sequential.sequential_upper_limit(audit.outcomes, tolerable=audit.tolerable, population=audit.population)
    return min(found.path) < audit.truth - 1e-9


def _lower(audit: _Audit) -> bool:
    found = sequential.sequential_lower_limit(audit.outcomes, tolerable=audit.tolerable, population=audit.population)
    return max(found.path) > audit.truth + 1e-9


def _betting(audit: _Audit) -> bool:
    found = betting.betting_confidence_sequence(audit.outcomes, population=audit.population, breaks=400)
    return max(found.lower_path) > audit.truth + 1e-9 or min(found.upper_path) < audit.truth - 1e-9


def _bernstein(audit: _Audit) -> bool:
    found = confidence_sequences.empirical_bernstein_cs(audit.outcomes, population=audit.population)
    return max(found.lower_path) > audit.truth + 1e-9 or min(found.upper_path) < audit.truth - 1e-9


@cache
def _mixture(errors: int, n: int) -> tuple[float, float]:
    found = confidence_sequences.bernoulli_confidence_sequence(errors, n)
    return found.low, found.high


def _bernoulli(audit: _Audit) -> bool:
    counts = enumerate(accumulate(audit.outcomes), start=1)
    ends = [_mixture(errors, n) for n, errors in counts if n % 5 == 0]  # each takes a millisecond
    return any(low > audit.truth + 1e-9 or high < audit.truth - 1e-9 for low, high in ends)


def _alpha(audit: _Audit) -> bool:
    eta = min(0.95, audit.truth + (1 - audit.truth) / 4)
    found = alpha_martingale.alpha_martingale(
        audit.outcomes, null_mean=audit.truth, eta=eta, population=audit.population
    )
    return min(found.p_path) <= _RISK


def _bernstein_limit(audit: _Audit) -> bool:
    """The lower limit after every tenth case."""
    looks = range(10, len(audit.outcomes) + 1, 10)
    found = (
        confidence_sequences.empirical_bernstein_limit(audit.outcomes[:n], population=audit.population) for n in looks
    )
    return any(each.limit > audit.truth + 1e-9 for each in found)


def _martingale(audit: _Audit) -> bool:
    return (
        betting.betting_martingale(audit.outcomes, null_mean=audit.truth, population=audit.population).p_value
        <= _RISK
    )


def _asymptotic(audit: _Audit) -> bool:
    size = len(audit.outcomes) // 10
    batches = np.array(audit.outcomes[: 10 * size], dtype=np.float64).reshape(10, size)
    errors = np.maximum(batches.std(axis=1, ddof=1), 0.5 / size) / size**0.5
    found = confidence_sequences.asymptotic_confidence_sequence(
        batches.mean(axis=1).tolist(), standard_errors=errors.tolist()
    )
    return max(found.lower_path) > audit.truth + 1e-9 or min(found.upper_path) < audit.truth - 1e-9


_EVER: dict[str, tuple[Ever, bool]] = {
    "sequential upper limit, ever wrong": (_upper, True),
    "sequential lower limit, ever wrong": (_lower, True),
    "betting confidence sequence, ever wrong": (_betting, True),
    "empirical Bernstein sequence, ever wrong": (_bernstein, True),
    "Bernoulli mixture sequence, ever wrong (every 5th case)": (_bernoulli, True),
    "ALPHA, a true mean rejected": (_alpha, True),
    "betting martingale, a true mean rejected": (_martingale, True),
    "empirical Bernstein lower limit, ever wrong (every 10th)": (_bernstein_limit, True),
    "asymptotic sequence over ten batches, ever wrong": (_asymptotic, False),
}


def _designs(grid: SequentialGrid, seed: int) -> Iterator[Check]:
    """Stratified and weighted draws of a frame just as bad as may not be, looked at several times."""
    if not grid.slow_runs:
        return
    random = np.random.default_rng([seed, 99])
    hits = sum(coverage_looks.stratified_passes(random) for _ in range(grid.slow_runs))
    name = "stratified sequential limit, a bad frame passes"
    yield simulated(_stop(name, "two strata, all errors in one, 4 looks"), hits=hits, runs=grid.slow_runs)
    hits = sum(coverage_looks.weighted_passes(random, turn) for turn in range(grid.slow_runs))
    name = "weighted sequential limit, a bad frame passes"
    yield simulated(_stop(name, "weights 1 to 4, errors among the light, 4 looks"), hits=hits, runs=grid.slow_runs)
    hits = sum(coverage_looks.stratified_accuses(random) for _ in range(grid.slow_runs))
    name = "stratified sequential lower limit, a good frame accused"
    yield simulated(_stop(name, "two strata, all errors in one, 4 looks"), hits=hits, runs=grid.slow_runs)
    hits = sum(coverage_looks.weighted_accuses(random, turn) for turn in range(grid.slow_runs))
    name = "weighted sequential lower limit, a good frame accused"
    yield simulated(_stop(name, "weights 1 to 4, errors among the heavy, 4 looks"), hits=hits, runs=grid.slow_runs)
