"""How often intervals of agreement hold the truth, for raters who err at a known rate."""

import numpy as np

from auditor.benchmarks.coverage_designs import Try
from auditor.stats import agreement, weighted_agreement

LEVEL = 0.95


def holds(low: object, high: object, truth: float) -> bool:
    """Whether an interval, whose ends may be single or the first of several, holds the truth."""
    ends = [None if each is None else float(np.ravel(np.asarray(each, dtype=np.float64))[0]) for each in (low, high)]
    return ends[0] is not None and ends[1] is not None and ends[0] - 1e-9 <= truth <= ends[1] + 1e-9


def _raters(random: np.random.Generator, n: int, rate: float, raters: int) -> list[list[int]]:
    """Raters who each miss the truth in one case of ten."""
    truth = random.random(n) < rate
    return [
        [int(t != miss) for miss in misses] for t, misses in zip(truth, random.random((n, raters)) < 0.1, strict=True)
    ]


def _agreed(rate: float) -> tuple[float, float]:
    """Fleiss' kappa and Brennan-Prediger's of those raters in the whole population."""
    one, agreed = 0.9 * rate + 0.1 * (1 - rate), 0.82
    by_chance = one**2 + (1 - one) ** 2
    return (agreed - by_chance) / (1 - by_chance), (agreed - 0.5) / 0.5


def _percent(random: np.random.Generator, n: int, rate: float) -> bool:
    found = agreement.percent_agreement(_raters(random, n, rate, 2))
    return holds(found.low, found.high, 0.82)


def _fleiss(random: np.random.Generator, n: int, rate: float) -> bool:
    found = agreement.fleiss_kappa(_raters(random, n, rate, 3))
    return holds(found.low, found.high, _agreed(rate)[0])


def _brennan(random: np.random.Generator, n: int, rate: float) -> bool:
    found = agreement.brennan_prediger(_raters(random, n, rate, 3), categories=[0, 1])
    return holds(found.low, found.high, _agreed(rate)[1])


def _gwet_ac2(random: np.random.Generator, n: int, rate: float) -> bool:
    one = 0.9 * rate + 0.1 * (1 - rate)
    spread = 2 * one * (1 - one)
    found = agreement.gwet_ac2(_raters(random, n, rate, 3), weights=np.eye(2), categories=[0, 1])
    return holds(found.low, found.high, (0.82 - spread) / (1 - spread))


def _weighted_kappa(random: np.random.Generator, n: int, rate: float) -> bool:
    """Two strata that are alike, the second drawn three times as often."""
    first, second = zip(*_raters(random, n, rate, 2), strict=True)
    strata = ["often" if place % 4 else "seldom" for place in range(n)]
    kappa, _ = weighted_agreement.weighted_kappa_and_ac1(
        first, second, strata=strata, populations={"often": 30_000, "seldom": 30_000}, confidence=LEVEL
    )
    return holds(kappa.low, kappa.high, _agreed(rate)[0])


def _code_sets(random: np.random.Generator, n: int, rate: float) -> bool:
    """Claims of three true codes, each missed at the rate: recall is its complement."""
    true = [{0, 1, 2}] * n
    coded = [{code for code, kept in enumerate(row) if kept} for row in random.random((n, 3)) >= rate]
    found = agreement.code_set_agreement(coded, true).recall
    return holds(found.low, found.high, 1 - rate)


METHODS: dict[str, Try] = {
    "percent agreement": _percent,
    "Fleiss' kappa": _fleiss,
    "Brennan-Prediger": _brennan,
    "Gwet's AC2": _gwet_ac2,
    "weighted kappa": _weighted_kappa,
    "recall of code sets": _code_sets,
}
