"""Coverage of intervals of scores, second reviews, agreement, calibration and change: large samples, approximate."""

from collections.abc import Iterator

import numpy as np

from auditor.benchmarks import coverage_agreement
from auditor.benchmarks.coverage_agreement import LEVEL, holds
from auditor.benchmarks.coverage_designs import DesignGrid, Try
from auditor.benchmarks.promises import Check, Kind, simulated
from auditor.stats import (
    calibration,
    count_tests,
    level_shift,
    prediction_powered,
    rate_difference,
    ratio,
    standardisation,
    two_phase,
)
from auditor.stats.checks import Floats
from auditor.stats.proportion import wilson

_FRAME = 5_000


def checks(grid: DesignGrid, seed: int) -> Iterator[Check]:
    """Every method at every size and rate: how often the interval holds the truth, of 95 % promised."""
    for place, (name, attempt) in enumerate(_METHODS.items()):
        for n in grid.sizes:
            for rate in grid.rates:
                random = np.random.default_rng([seed, 7, place, n, round(rate * 1000)])
                hits = sum(attempt(random, n, rate) for _ in range(grid.runs))
                check = Check(
                    family="reviews and changes",
                    method=name,
                    setting=f"n {n}, rate {rate:g}",
                    kind=Kind.COVERAGE,
                    nominal=LEVEL,
                    shown=0.0,
                    guaranteed=False,
                )
                yield simulated(check, hits=hits, runs=grid.runs)


def _flagged(random: np.random.Generator, rate: float) -> tuple[Floats, Floats]:
    """Outcomes of a frame, and a flag with sensitivity .8 and false-flag rate .02."""
    truth = (random.random(_FRAME) < rate).astype(np.float64)
    return truth, np.where(truth == 1, random.random(_FRAME) < 0.8, random.random(_FRAME) < 0.02).astype(np.float64)


def _powered_mean(random: np.random.Generator, n: int, rate: float) -> bool:
    truth, flags = _flagged(random, rate)
    found = prediction_powered.ppi_mean(truth[:n].tolist(), flags[:n].tolist(), flags[n:].tolist())
    return holds(found.low, found.high, rate)


def _powered_strata(random: np.random.Generator, n: int, rate: float) -> bool:
    truth, flags = _flagged(random, rate)
    strata = [
        prediction_powered.ScoredStratum(
            truth[half][: n // 2].tolist(), flags[half][: n // 2].tolist(), flags[half].tolist()
        )
        for half in (slice(0, 2_000), slice(2_000, _FRAME))
    ]
    found = prediction_powered.stratified_prediction_powered_rate(strata)
    return holds(found.low, found.high, float(truth.mean()))


def _powered_weights(random: np.random.Generator, n: int, rate: float) -> bool:
    """Flagged cases with four times the chance of others."""
    truth, flags = _flagged(random, rate)
    chances = np.array(prediction_powered.risk_based_chances((1 + 3 * flags).tolist(), size=n, uniform_share=0.2))
    drawn = _systematic(random, chances)
    found = prediction_powered.weighted_prediction_powered_rate(
        truth[drawn].tolist(),
        flags[drawn].tolist(),
        flags.tolist(),
        inclusion_probabilities=chances[drawn].tolist(),
    )
    return holds(found.low, found.high, float(truth.mean()))


def _systematic(random: np.random.Generator, chances: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Cases drawn with these chances, in a random order, as many as they add up to."""
    order = random.permutation(chances.size)
    steps = np.floor(np.cumsum(chances[order]) + random.random())
    return order[np.diff(np.concatenate([[0.0], steps])) > 0]


def _active(random: np.random.Generator, n: int, rate: float) -> bool:
    truth, flags = _flagged(random, rate)
    chances = np.where(flags == 1, min(1.0, 4 * n / _FRAME), n / _FRAME)
    seen = random.random(_FRAME) < chances
    outcomes = [float(t) if s else None for t, s in zip(truth, seen, strict=True)]
    found = prediction_powered.active_inference(outcomes, flags.tolist(), chances=chances.tolist())
    return holds(found.low, found.high, rate)


def _second_amounts(random: np.random.Generator, n: int, rate: float) -> bool:
    true = random.lognormal(3, 0.8, _FRAME) * (random.random(_FRAME) < 0.3 + rate)
    first = np.where(random.random(_FRAME) < 0.9, true, true * random.uniform(0.5, 1.5, _FRAME))[:n]
    second = [float(t) if place < n // 2 else None for place, t in enumerate(true[:n])]
    found = two_phase.two_phase_mean(first.tolist(), second, population=_FRAME)
    return holds(found.low, found.high, float(true.mean()))


def _reliability(random: np.random.Generator, n: int, rate: float) -> bool:
    stated = np.full(n, 1 - rate)
    found = calibration.reliability_bins((random.random(n) < stated).astype(int), stated, bins=1)[0]
    return holds(found.low, found.high, 1 - rate)


def _gap(random: np.random.Generator, n: int, rate: float) -> bool:
    stated = random.beta(8 * (1 - rate), 8 * rate, n)
    found = calibration.calibration_test((random.random(n) < stated).astype(int), stated)
    return holds(found.gap_low, found.gap_high, 0.0)


def _difference(random: np.random.Generator, n: int, rate: float) -> bool:
    errors = random.binomial(n, [rate, min(0.95, 2 * rate)])
    first, second = (wilson(int(each), n, confidence=LEVEL) for each in errors)
    found = rate_difference.rate_difference(first, second)
    return holds(found.low, found.high, rate - min(0.95, 2 * rate))


def _standardised(random: np.random.Generator, n: int, rate: float) -> bool:
    counts = random.poisson([n * rate, 2 * n * rate, n * rate])
    found = standardisation.standardised_rate(counts, [n, n, n], standard=[0.5, 0.2, 0.3])
    return holds(found.low, found.high, rate * (0.5 + 0.4 + 0.3))


def _arms(random: np.random.Generator, n: int, rate: float) -> bool:
    """Both arms' rates grow by half: the ratio of ratios is 1."""
    now, before, other_now, other_before = (
        int(each) for each in random.poisson(10 * n * rate * np.array([1.5, 1] * 2))
    )
    found = standardisation.arm_contrast(
        (now, 10 * n), (before, 10 * n), control_now=(other_now, 10 * n), control_before=(other_before, 10 * n)
    )
    return holds(found.low, found.high, 1.0)


def _shift(random: np.random.Generator, n: int, rate: float) -> bool:
    before = np.array([0.1, 0.2, 0.4, 0.2, 0.1])
    now = before + np.array([0, -rate / 4, -rate / 4, rate / 4, rate / 4])
    found = level_shift.level_shift(random.multinomial(n, now), random.multinomial(n, before))
    return holds(found.low, found.high, float((now - before) @ np.arange(5)))


def _providers(random: np.random.Generator, n: int, rate: float) -> bool:
    """Twelve providers with rates of their own, which do not change."""
    own = random.beta(6 * rate, 6 * (1 - rate), 12)
    now, before = (random.binomial(n, own)[None, :] for _ in range(2))
    totals = np.full((1, 12), n)
    found = count_tests.clustered_rate_test(now, totals, before, totals)
    return holds(found.low, found.high, 1.0)


def _jackknifed_weights(random: np.random.Generator, n: int, rate: float) -> bool:
    """Claims of one to six codes, half of them drawn twice as often."""
    sizes = random.integers(1, 7, n)
    wrong = random.binomial(sizes, random.beta(4 * rate, 4 * (1 - rate), n))
    weights = np.where(np.arange(n) % 2, 1.0, 2.0)
    found = ratio.clustered_ratio(wrong.tolist(), sizes.tolist(), weights=weights, confidence=LEVEL)
    return holds(found.low, found.high, rate)


_METHODS: dict[str, Try] = {
    "prediction-powered mean": _powered_mean,
    "prediction-powered rate, stratified": _powered_strata,
    "prediction-powered rate, weighted": _powered_weights,
    "active inference": _active,
    "two-phase mean": _second_amounts,
    "clustered ratio, weighted": _jackknifed_weights,
    **coverage_agreement.METHODS,
    "reliability bin": _reliability,
    "calibration gap": _gap,
    "difference of rates": _difference,
    "standardised rate": _standardised,
    "contrast of arms": _arms,
    "level shift": _shift,
    "Mantel-Haenszel ratio of clusters": _providers,
}
