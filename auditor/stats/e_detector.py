"""Is the error rate rising, whatever the distribution? E-detectors: alarm at log(ARL), proven for any
dependence.

Valid as long as, before a change, the mean of each outcome given the past is at most its baseline. So the
baseline must be an upper limit, not an estimate: see `baseline_limit`. Clusters (provider, batch) enter as
one bounded observation each, weighted streams as bounded observations. It does not know strata by name,
dollars or weeks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from auditor.stats.array_checks import Floats, require_number, require_whole
from auditor.stats.e_bets import Bets, bernoulli_bets, bernoulli_factors, bounded_bets, bounded_factors
from auditor.stats.e_observations import BoundedStream, baseline_limit, batch_means, weighted_observations
from auditor.stats.e_process import Accumulation, DetectorReplay, Factors, from_start, run

__all__ = [
    "Accumulation",
    "Bets",
    "BoundedStream",
    "DetectorReplay",
    "SimulatedRunLength",
    "baseline_limit",
    "batch_means",
    "bernoulli_bets",
    "bernoulli_detector",
    "bernoulli_test",
    "bounded_bets",
    "bounded_detector",
    "bounded_test",
    "simulated_run_length",
    "weighted_observations",
]


@dataclass(frozen=True, slots=True)
class SimulatedRunLength:
    """Outcomes to the alarm: mean, median and 90th percentile over `runs` simulated runs; None without
    any."""

    mean: float | None
    median: int | None
    ninetieth: int | None
    runs: int


def bernoulli_detector(
    outcomes: ArrayLike,
    *,
    baseline: ArrayLike,
    arl: float,
    bets: Bets | None = None,
    strata: ArrayLike | None = None,
    accumulation: Accumulation = Accumulation.SHIRYAEV_ROBERTS,
) -> DetectorReplay:
    """Run the e-detector over 0/1 outcomes; its mean run length before a change is at least `arl` outcomes.

    `baseline` is one rate in (0, 1), or one a stratum with `strata` (0, 1, ...) for each outcome; `arl`
    above 1. It restarts after each alarm. Raises BadInput outside these ranges. **Assumes only that each
    outcome's probability given all before it is at most its baseline.** Shin, Ramdas and Rinaldo (2024),
    New England J. Statistics in Data Science 2, 229-260 (E-detectors).

    >>> answer = bernoulli_detector([0] * 50 + [1] * 8, baseline=0.05, arl=1_000)
    >>> answer.alarms, answer.changes
    ((54,), (50,))
    """
    mixture = bernoulli_bets() if bets is None else bets
    factors, size = bernoulli_factors(outcomes, baseline, strata, mixture)
    return _detect(factors, size, mixture, arl, accumulation)


def bounded_detector(
    values: ArrayLike,
    *,
    baseline: ArrayLike,
    arl: float,
    bets: Bets | None = None,
    accumulation: Accumulation = Accumulation.SHIRYAEV_ROBERTS,
) -> DetectorReplay:
    """Run the e-detector over observations in [0, 1]: batch means, weighted errors, shares of money.

    `baseline` is one mean in (0, 1), or one for each value; `arl` above 1, in observations. It restarts
    after each alarm. Raises BadInput outside these ranges. **Assumes only that each value's mean given all
    before it is at most its baseline.** Shin, Ramdas and Rinaldo (2024), as `bernoulli_detector`.

    >>> bounded_detector([0.0, 0.1] * 20 + [0.3] * 8, baseline=0.08, arl=100).alarms
    (44,)
    """
    mixture = bounded_bets() if bets is None else bets
    factors, size = bounded_factors(values, baseline, mixture)
    return _detect(factors, size, mixture, arl, accumulation)


def _detect(factors: Factors, size: int, bets: Bets, arl: float, accumulation: Accumulation) -> DetectorReplay:
    limit = float(np.log(require_number(arl, "arl", above=1, below=1e250)))
    return run(factors, size=size, weights=np.array(bets.weights), log_threshold=limit, accumulation=accumulation)


def simulated_run_length(
    *,
    rate: float,
    baseline: float,
    arl: float,
    outcomes: int,
    generator: np.random.Generator,
    bets: Bets | None = None,
) -> SimulatedRunLength:
    """How many 0/1 outcomes at `rate` the detector takes to its alarm, from a fresh start, by simulation.

    `outcomes` (1 or more) are drawn from `generator` and run through; take several hundred times the run
    length that is expected. The mean is biased by nothing but the last, unfinished run, which is left out.
    None when no alarm came. **Assumes independent outcomes, for the print of operating characteristics; the
    guarantee does not.**

    >>> shown = simulated_run_length(
    ...     rate=0.1, baseline=0.05, arl=1_000, outcomes=50_000, generator=np.random.default_rng(1)
    ... )
    >>> 100 < shown.mean < 200
    True
    """
    require_number(rate, "rate", above=0, below=1)
    require_whole(outcomes, "outcomes", least=1)
    stream = generator.random(outcomes) < rate
    alarms = bernoulli_detector(stream, baseline=baseline, arl=arl, bets=bets).alarms
    runs = np.diff(np.concatenate([[-1], alarms]))
    if runs.size == 0:
        return SimulatedRunLength(None, None, None, 0)
    median, ninetieth = np.quantile(runs, [0.5, 0.9], method="inverted_cdf")
    return SimulatedRunLength(float(runs.mean()), int(median), int(ninetieth), runs.size)


def bernoulli_test(
    outcomes: ArrayLike, *, baseline: ArrayLike, bets: Bets | None = None, strata: ArrayLike | None = None
) -> Floats:
    """Log evidence, outcome by outcome, that the rate has been above its baseline from the first outcome on.

    Whatever the stopping rule, it exceeds log(1/alpha) with probability alpha at most: for a new version
    that is tested against the baseline of the one that it replaces. Same ranges, assumption and source as
    the detector.

    >>> bernoulli_test([1, 1, 0], baseline=0.1).round(3).tolist()
    [0.795, 1.679, 1.483]
    """
    mixture = bernoulli_bets() if bets is None else bets
    factors, size = bernoulli_factors(outcomes, baseline, strata, mixture)
    return from_start(factors, size=size, weights=np.array(mixture.weights))


def bounded_test(values: ArrayLike, *, baseline: ArrayLike, bets: Bets | None = None) -> Floats:
    """As `bernoulli_test`, for observations in [0, 1].

    >>> bounded_test([0.5, 0.2], baseline=0.1).round(3).tolist()
    [0.425, 0.583]
    """
    mixture = bounded_bets() if bets is None else bets
    factors, size = bounded_factors(values, baseline, mixture)
    return from_start(factors, size=size, weights=np.array(mixture.weights))
