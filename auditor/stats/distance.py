"""How far apart are two mixes of codes, beside how far two draws of one mix would lie apart?

A distance between samples is never 0, and large where codes are many and lines few; so each comes with what
it would be without any change. It does not know codes or weeks: counts in, one entry a code.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_counts, require_number, require_whole

Measure = Callable[[Floats, Floats], Floats]
"""Distance between rows of counts and a row, or rows, of base counts."""


_MOST_LINES = 10**9
"""Beyond this many lines they are drawn with replacement, which then makes no difference."""


@dataclass(frozen=True, slots=True)
class MixDistance:
    """A distance (`estimate`) beside what no change would show: its mean (`expected`), its 95 % point, a
    p-value.

    `p_value` is the share of relabelled draws at least as far apart; `n` and `base_n` are lines.
    """

    estimate: float
    expected: float
    usual_high: float
    p_value: float
    n: int
    base_n: int


def _shares(counts: Floats) -> Floats:
    return np.asarray(counts / counts.sum(axis=-1, keepdims=True), dtype=np.float64)


def _jensen_shannon(counts: Floats, base: Floats) -> Floats:
    one, other = _shares(counts), _shares(base)
    middle = (one + other) / 2
    divergence = (special.rel_entr(one, middle) + special.rel_entr(other, middle)).sum(axis=-1) / (2 * np.log(2))
    return np.asarray(np.sqrt(np.clip(divergence, 0, 1)), dtype=np.float64)


def _total_variation(counts: Floats, base: Floats) -> Floats:
    return np.asarray(np.abs(_shares(counts) - _shares(base)).sum(axis=-1) / 2, dtype=np.float64)


def _stability(counts: Floats, base: Floats) -> Floats:
    here = (counts + base) > 0
    one, other = (_shares(np.where(here & (side == 0), 0.5, side)) for side in (counts, base))
    ratio = np.log(np.where(here, one, 1.0) / np.where(here, other, 1.0))
    return np.asarray(((one - other) * ratio).sum(axis=-1), dtype=np.float64)


def _compare(
    measure: Measure,
    counts: ArrayLike,
    base_counts: ArrayLike,
    *,
    generator: np.random.Generator,
    draws: int,
    design_effect: float,
) -> MixDistance:
    now, base = require_counts(counts, "counts"), require_counts(base_counts, "base_counts")
    if now.size != base.size or now.sum() < 1 or base.sum() < 1:
        raise BadInput("counts and base_counts must have one entry for each code, and a line each at least.")
    widening = require_number(design_effect, "design_effect", above=1 - 1e-12)
    require_whole(draws, "draws", least=1)
    estimate = float(measure(now, base))
    first, second = _relabelled(now, base, generator=generator, draws=draws, widening=widening)
    usual = measure(first, second)
    further = int((usual >= estimate - 1e-12).sum())
    return MixDistance(
        estimate=estimate,
        expected=float(usual.mean()),
        usual_high=float(np.quantile(usual, 0.95)),
        p_value=(1 + further) / (1 + draws),
        n=int(now.sum()),
        base_n=int(base.sum()),
    )


def _relabelled(
    now: Floats, base: Floats, *, generator: np.random.Generator, draws: int, widening: float
) -> tuple[Floats, Floats]:
    """Both periods drawn anew from the pooled lines; fewer lines where they hang together."""
    pooled: NDArray[np.int64] = (now + base).astype(np.int64)
    if widening == 1 and pooled.sum() < _MOST_LINES:
        kept = np.flatnonzero(pooled)
        drawn = np.zeros((draws, pooled.size))
        drawn[:, kept] = generator.multivariate_hypergeometric(
            pooled[kept], int(now.sum()), size=draws, method="marginals"
        )
        return drawn, pooled - drawn
    lines = [max(1, round(float(side.sum()) / widening)) for side in (now, base)]
    first, second = (generator.multinomial(size, pooled / pooled.sum(), size=draws) for size in lines)
    return first.astype(np.float64), second.astype(np.float64)


def jensen_shannon(
    counts: ArrayLike,
    base_counts: ArrayLike,
    *,
    generator: np.random.Generator,
    draws: int = 400,
    design_effect: float = 1.0,
) -> MixDistance:
    """Jensen-Shannon distance, base 2: the square root of the divergence, 0 for equal mixes and 1 for
    disjoint ones.

    `counts` and `base_counts` have one whole number a code; `draws` relabellings from `generator` show what
    no change would give; `design_effect` (1 or more) draws fewer lines where those of one provider hang
    together. Raises BadInput outside these ranges. **Assumes, without change, that lines are exchangeable
    between the periods.** Lin (1991), IEEE Transactions on Information Theory 37, 145-151; Endres and
    Schindelin (2003), same journal 49, 1858-1860.

    >>> found = jensen_shannon([30, 70, 0], [50, 40, 10], generator=np.random.default_rng(1))
    >>> round(found.estimate, 4), found.expected < found.usual_high < found.estimate
    (0.3132, True)
    """
    return _compare(
        _jensen_shannon, counts, base_counts, generator=generator, draws=draws, design_effect=design_effect
    )


def total_variation(
    counts: ArrayLike,
    base_counts: ArrayLike,
    *,
    generator: np.random.Generator,
    draws: int = 400,
    design_effect: float = 1.0,
) -> MixDistance:
    """Half the sum of absolute differences of shares: the share of lines that would have to be coded
    otherwise.

    Arguments and assumption as `jensen_shannon`. Levin, Peres and Wilmer (2009), Markov Chains and Mixing
    Times, ch. 4.

    >>> total_variation([30, 70, 0], [50, 40, 10], generator=np.random.default_rng(1)).estimate
    0.3
    """
    return _compare(
        _total_variation, counts, base_counts, generator=generator, draws=draws, design_effect=design_effect
    )


def population_stability_index(
    counts: ArrayLike,
    base_counts: ArrayLike,
    *,
    generator: np.random.Generator,
    draws: int = 400,
    design_effect: float = 1.0,
) -> MixDistance:
    """PSI: sum of (p - q) ln(p / q) over codes; a code seen on one side only counts half a line on the other.

    Arguments and assumption as `jensen_shannon`. The folklore limits .1 and .25 ignore n and the number of
    codes: read it beside `expected`. Yurdakul and Naranjo (2020), J. Risk Model Validation 14, 89-100.

    >>> round(population_stability_index([30, 70], [50, 50], generator=np.random.default_rng(1)).estimate, 4)
    0.1695
    """
    return _compare(_stability, counts, base_counts, generator=generator, draws=draws, design_effect=design_effect)
