"""How long monitors stay quiet while nothing changes, and how often tests over many streams cry wolf."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from auditor.benchmarks.promises import Check, Kind, simulated
from auditor.stats import control_charts, cusum, cusum_normal, e_detector, ewma_run_length, multiplicity
from auditor.stats.checks import Floats


@dataclass(frozen=True, kw_only=True)
class DetectorGrid:
    """Baselines and run lengths; outcomes a simulated stream; baselines and families that are simulated."""

    rates: Sequence[float]
    lengths: Sequence[float]
    outcomes: int
    baselines: int
    families: int


def checks(grid: DetectorGrid, seed: int) -> Iterator[Check]:
    """Every check of the grid."""
    for rate in grid.rates:
        for length in grid.lengths:
            yield from _cusum(grid, seed, rate, length)
            yield from _e_detector(grid, seed, rate, length)
    yield from _baselines(grid, seed)
    yield _anytime(grid, seed)
    yield from _normal(grid, seed)
    yield from _families(grid, seed)


def _length(method: str, setting: str, nominal: float, *, guaranteed: bool = True) -> Check:
    return Check(
        family="monitor",
        method=method,
        setting=setting,
        kind=Kind.RUN_LENGTH,
        nominal=nominal,
        shown=0.0,
        guaranteed=guaranteed,
    )


def _lasting(check: Check, runs: Floats, total: int) -> Check:
    """The mean run in a stream of `total` outcomes; without an alarm, the whole stream is taken as one run."""
    mean = float(runs.mean()) if runs.size else float(total)
    error = float(runs.std(ddof=1)) / sqrt(runs.size) if runs.size > 1 else mean
    tolerance = check.nominal / sqrt(max(1, runs.size))
    return Check(
        family=check.family,
        method=check.method,
        setting=check.setting,
        kind=check.kind,
        nominal=check.nominal,
        shown=mean,
        error=error,
        tolerance=tolerance,
        guaranteed=check.guaranteed,
    )


def _runs(alarms: Sequence[int]) -> Floats:
    return np.diff(np.concatenate([[-1], np.asarray(alarms, dtype=np.float64)]))


def _cusum(grid: DetectorGrid, seed: int, rate: float, length: float) -> Iterator[Check]:
    chart = cusum.bernoulli_cusum([rate], detect=[min(0.5, 2 * rate)], arl=length)
    setting = f"rate {rate:g}, run length {length:,.0f}"
    by_chain = cusum.mean_run_length(chart, [rate])
    yield Check(
        family="monitor",
        method="Bernoulli CUSUM, quiet (Markov chain)",
        setting=setting,
        kind=Kind.RUN_LENGTH,
        nominal=length,
        shown=by_chain,
    )
    stream = np.random.default_rng([seed, 1, round(rate * 1000), round(length)]).random(grid.outcomes) < rate
    runs = _runs(cusum.replay(chart, stream).alarms)
    yield _lasting(_length("Bernoulli CUSUM, quiet (replayed)", setting, length), runs, grid.outcomes)


def _e_detector(grid: DetectorGrid, seed: int, rate: float, length: float) -> Iterator[Check]:
    setting = f"rate {rate:g}, run length {length:,.0f}"
    random = np.random.default_rng([seed, 2, round(rate * 1000), round(length)])
    alarms = e_detector.bernoulli_detector(random.random(grid.outcomes) < rate, baseline=rate, arl=length).alarms
    yield _lasting(_length("e-detector, quiet", setting, length), _runs(alarms), grid.outcomes)
    shares = random.beta(2 * rate, 2 * (1 - rate), grid.outcomes // 4)
    alarms = e_detector.bounded_detector(shares, baseline=rate, arl=length).alarms
    yield _lasting(_length("e-detector of bounded values, quiet", setting, length), _runs(alarms), grid.outcomes // 4)


def _baselines(grid: DetectorGrid, seed: int) -> Iterator[Check]:
    """How many of many estimated baselines give a CUSUM that keeps its run length; promised: nine in ten."""
    for n in (200, 1_000):
        random = np.random.default_rng([seed, 3, n])
        kept = 0
        for errors in random.binomial(n, 0.05, grid.baselines):
            found = cusum.design([int(errors)], [n], detect=[0.3], arl=2_000, assurance=0.9)
            kept += cusum.mean_run_length(found.chart, [0.05]) >= 2_000
        check = Check(
            family="monitor",
            method="CUSUM from an estimated baseline, quiet enough",
            setting=f"baseline of {n} audits",
            kind=Kind.COVERAGE,
            nominal=0.9,
            shown=0.0,
        )
        yield simulated(check, hits=kept, runs=grid.baselines)


def _risk(method: str, setting: str, *, guaranteed: bool = True) -> Check:
    return Check(
        family="monitor",
        method=method,
        setting=setting,
        kind=Kind.ERROR_RATE,
        nominal=0.05,
        shown=0.0,
        guaranteed=guaranteed,
    )


def _anytime(grid: DetectorGrid, seed: int) -> Check:
    """How often the test of a new version ever calls an unchanged one worse, in 1,000 outcomes."""
    random, runs = np.random.default_rng([seed, 4]), grid.families
    hits = sum(
        bool((e_detector.bernoulli_test(random.random(1_000) < 0.05, baseline=0.05) >= log(20)).any())
        for _ in range(runs)
    )
    return simulated(_risk("e-test of a new version, ever wrong", "rate 0.05, 1,000 outcomes"), hits=hits, runs=runs)


def _normal(grid: DetectorGrid, seed: int) -> Iterator[Check]:
    """Charts designed by integral equations for normal data: a numerical design, not a guarantee."""
    values = np.random.default_rng([seed, 5]).standard_normal(grid.outcomes // 4)
    threshold = cusum_normal.normal_threshold(reference=0.5, arl=300, two_sided=False)
    runs = _cusum_runs(values, 0.5, threshold)
    check = _length("normal CUSUM, quiet", "reference 0.5, run length 300", 300, guaranteed=False)
    yield _lasting(check, runs, values.size)
    multiple = ewma_run_length.ewma_multiple(smoothing=0.2, arl=300)
    runs = _ewma_runs(values, 0.2, multiple)
    check = _length("EWMA, quiet", "smoothing 0.2, run length 300", 300, guaranteed=False)
    yield _lasting(check, runs, values.size)
    arl = control_charts.p_chart_arl(center=0.05, n=200, rate=0.05)
    errors = np.random.default_rng([seed, 6]).binomial(200, 0.05, grid.outcomes // 4)
    chart = control_charts.p_chart(errors, np.full(errors.size, 200), center=0.05)
    check = _length("p-chart, quiet (as computed)", "200 a point, rate 0.05", arl, guaranteed=False)
    yield _lasting(check, _runs(chart.beyond), errors.size)


def _cusum_runs(values: Floats, reference: float, threshold: float) -> Floats:
    runs, total, last = [], 0.0, -1
    for place, value in enumerate(values.tolist()):
        total = max(0.0, total + value - reference)
        if total > threshold:
            runs.append(place - last)
            total, last = 0.0, place
    return np.array(runs, dtype=np.float64)


def _ewma_runs(values: Floats, smoothing: float, multiple: float) -> Floats:
    limit, runs, level, last = multiple * sqrt(smoothing / (2 - smoothing)), [], 0.0, -1
    for place, value in enumerate(values.tolist()):
        level += smoothing * (value - level)
        if abs(level) > limit:
            runs.append(place - last)
            level, last = 0.0, place
    return np.array(runs, dtype=np.float64)


def _families(grid: DetectorGrid, seed: int) -> Iterator[Check]:
    """The false share among what is called changed: 40 streams, 10 of them changed, level 5 %."""
    random, null = np.random.default_rng([seed, 7]), np.arange(40) >= 10
    shares: dict[str, list[float]] = {
        "Benjamini-Hochberg": [],
        "Benjamini-Yekutieli, dependent": [],
        "e-BH, dependent": [],
    }
    for _ in range(grid.families):
        z = random.standard_normal(40) + np.where(null, 0, 3)
        common = sqrt(0.5) * random.standard_normal() + sqrt(0.5) * z + np.where(null, 0, 1)
        one, other = (_upper_tail(each) for each in (z, common))
        gains = np.exp(2 * common - 2)  # the likelihood ratio of a shift of 2: its mean is 1 without one
        shares["Benjamini-Hochberg"].append(_false(multiplicity.benjamini_hochberg(one, level=0.05).rejected, null))
        shares["Benjamini-Yekutieli, dependent"].append(
            _false(multiplicity.benjamini_yekutieli(other, level=0.05).rejected, null)
        )
        shares["e-BH, dependent"].append(_false(multiplicity.e_bh(gains, level=0.05).rejected, null))
    for name, found in shares.items():
        yield _averaged(_risk(f"{name}, false share", "40 streams, 10 changed"), np.array(found))


def _averaged(check: Check, found: Floats) -> Check:
    error = float(found.std(ddof=1)) / sqrt(found.size)
    return Check(
        family=check.family,
        method=check.method,
        setting=check.setting,
        kind=check.kind,
        nominal=check.nominal,
        shown=float(found.mean()),
        error=error,
        tolerance=error,
        guaranteed=check.guaranteed,
    )


def _upper_tail(z: Floats) -> Floats:
    from scipy.special import ndtr

    tails: Floats = ndtr(-z)
    return tails


def _false(rejected: object, null: object) -> float:
    called, unchanged = np.asarray(rejected, dtype=bool), np.asarray(null, dtype=bool)
    return float((called & unchanged).sum() / max(1, called.sum()))
