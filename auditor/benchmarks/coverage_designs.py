"""Coverage of intervals that rest on large samples: clusters, scores, two reviews, agreement. All approximate."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from auditor.benchmarks.promises import Check, Kind, simulated
from auditor.stats import agreement, calibration, prediction_powered, ratio, two_phase

_FRAME = 5_000


@dataclass(frozen=True, kw_only=True)
class DesignGrid:
    """Cases a sample, error rates, samples drawn in each setting."""

    sizes: tuple[int, ...]
    rates: tuple[float, ...]
    runs: int


Try = Callable[[np.random.Generator, int, float], bool]


def checks(grid: DesignGrid, seed: int) -> Iterator[Check]:
    """Every method at every size and rate: how often the interval holds the truth, of 95 % promised."""
    for name, attempt in _METHODS.items():
        for n in grid.sizes:
            for rate in grid.rates:
                random = np.random.default_rng([seed, len(name), n, round(rate * 1000)])
                hits = sum(attempt(random, n, rate) for _ in range(grid.runs))
                check = Check(
                    family="large samples",
                    method=name,
                    setting=f"n {n}, rate {rate:g}",
                    kind=Kind.COVERAGE,
                    nominal=0.95,
                    shown=0.0,
                    guaranteed=False,
                )
                yield simulated(check, hits=hits, runs=grid.runs)


def _holds(low: float | None, high: float | None, truth: float) -> bool:
    return low is not None and high is not None and low - 1e-9 <= truth <= high + 1e-9


def _clusters(random: np.random.Generator, n: int, rate: float) -> tuple[list[int], list[int]]:
    """Claims of one to six codes whose error rates vary: a claim's codes are alike."""
    sizes = random.integers(1, 7, n)
    own = random.beta(4 * rate, 4 * (1 - rate), n)
    return random.binomial(sizes, own).tolist(), sizes.tolist()


def _clustered(random: np.random.Generator, n: int, rate: float) -> bool:
    wrong, sizes = _clusters(random, n, rate)
    found = ratio.clustered_ratio(wrong, sizes, confidence="0.95")
    return _holds(found.low, found.high, rate)


def _jackknife(random: np.random.Generator, n: int, rate: float) -> bool:
    wrong, sizes = _clusters(random, n, rate)
    found = ratio.jackknife_ratio(wrong, sizes, confidence="0.95")
    return _holds(found.low, found.high, rate)


def _korn_graubard(random: np.random.Generator, n: int, rate: float) -> bool:
    wrong, sizes = _clusters(random, n, rate)
    outcomes = [int(i < k) for k, m in zip(wrong, sizes, strict=True) for i in range(m)]
    groups = [place for place, m in enumerate(sizes) for _ in range(m)]
    found = ratio.korn_graubard(outcomes, clusters=groups, confidence="0.95")
    return _holds(found.low, found.high, rate)


def _powered(random: np.random.Generator, n: int, rate: float) -> bool:
    truth = (random.random(_FRAME) < rate).astype(int)
    flags = np.where(truth == 1, random.random(_FRAME) < 0.8, random.random(_FRAME) < 0.02).astype(float)
    found = prediction_powered.prediction_powered_rate(truth[:n].tolist(), flags[:n].tolist(), flags.tolist())
    return _holds(found.low, found.high, float(truth.mean()))


def _two_phase(random: np.random.Generator, n: int, rate: float) -> bool:
    truth = random.random(_FRAME) < rate
    first = np.where(truth, random.random(_FRAME) < 0.9, random.random(_FRAME) < 0.02).astype(int)[:n].tolist()
    second = [int(t) if place < n // 2 else None for place, t in enumerate(truth[:n])]
    found = two_phase.two_phase_rate(first, second, population=_FRAME)
    return _holds(found.low, found.high, float(truth.mean()))


def _raters(random: np.random.Generator, n: int, rate: float) -> tuple[list[int], list[int]]:
    """Two raters who each miss the truth in one case of ten."""
    truth = random.random(n) < rate
    first, second = (np.where(random.random(n) < 0.1, ~truth, truth).astype(int).tolist() for _ in range(2))
    return first, second


def _true_kappas(rate: float) -> tuple[float, float]:
    """Kappa and AC1 of those raters in the whole population."""
    one, agreed = 0.9 * rate + 0.1 * (1 - rate), 0.82
    by_chance, spread = one**2 + (1 - one) ** 2, 2 * one * (1 - one)
    return (agreed - by_chance) / (1 - by_chance), (agreed - spread) / (1 - spread)


def _kappa(random: np.random.Generator, n: int, rate: float) -> bool:
    found = agreement.cohen_kappa(*_raters(random, n, rate))
    return _holds(found.low, found.high, _true_kappas(rate)[0])


def _ac1(random: np.random.Generator, n: int, rate: float) -> bool:
    found = agreement.gwet_ac1(list(map(list, zip(*_raters(random, n, rate), strict=True))))
    return _holds(found.low, found.high, _true_kappas(rate)[1])


def _alpha(random: np.random.Generator, n: int, rate: float) -> bool:
    found = agreement.krippendorff_alpha(list(map(list, zip(*_raters(random, n, rate), strict=True))))
    return _holds(found.low, found.high, _true_kappas(rate)[0])


def _brier(random: np.random.Generator, n: int, rate: float) -> bool:
    stated = random.beta(8 * (1 - rate), 8 * rate, n)
    right = (random.random(n) < stated).astype(int)
    a, b = 8 * (1 - rate), 8 * rate
    found = calibration.brier_score(right, stated)
    return _holds(found.low, found.high, a * b / ((a + b) * (a + b + 1)))


_METHODS: dict[str, Try] = {
    "clustered ratio": _clustered,
    "jackknife ratio": _jackknife,
    "Korn-Graubard, clustered": _korn_graubard,
    "prediction-powered rate": _powered,
    "two-phase rate": _two_phase,
    "Cohen's kappa": _kappa,
    "Gwet's AC1": _ac1,
    "Krippendorff's alpha": _alpha,
    "Brier score": _brier,
}
