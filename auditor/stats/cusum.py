"""Is the audited error rate rising? The Bernoulli CUSUM, designed for a stated false-alarm rate and a
stated drift.

Each outcome is scored against its own stratum's baseline, unweighted; the threshold belongs to the stratum
mix and must be designed anew when the mix changes. It does not know dollars, weeks or clusters: outcomes
that hang together (provider, batch) belong in `e_detector` as one bounded observation a cluster.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_errors, require_number, require_rates, require_shares
from auditor.stats.cusum_baseline import least_favourable_rates, rates_at_odds
from auditor.stats.cusum_chain import (
    BernoulliCusum,
    RunLength,
    false_alarm_probability,
    mean_run_length,
    mean_settled_run_length,
    run_length,
)
from auditor.stats.cusum_normal import (
    NormalCusumPath,
    ShiryaevRobertsDesign,
    normal_arl,
    normal_path,
    normal_threshold,
    shiryaev_roberts_arl,
    shiryaev_roberts_threshold,
    siegmund_arl,
)
from auditor.stats.cusum_replay import CusumReplay, replay
from auditor.stats.results import Basis, Result

__all__ = [
    "BernoulliCusum",
    "CusumDesign",
    "CusumReplay",
    "NormalCusumPath",
    "RunLength",
    "ShiryaevRobertsDesign",
    "bernoulli_cusum",
    "design",
    "false_alarm_probability",
    "least_favourable_rates",
    "mean_run_length",
    "mean_settled_run_length",
    "normal_arl",
    "normal_path",
    "normal_threshold",
    "rates_at_odds",
    "replay",
    "run_length",
    "shiryaev_roberts_arl",
    "shiryaev_roberts_threshold",
    "siegmund_arl",
]

_MOST_STATES = 40_000
"""Beyond this many units the chain takes longer than a second; the rates are then too small for a 0/1
chart."""


_BASIS = Basis(
    method="Bernoulli CUSUM",
    formula="S = max(0, S + score); score ln(p1/p0) for an error, ln((1-p1)/(1-p0)) for none; alarm at S >= h",
    convention="run lengths by the exact Markov chain of the rounded scores",
    assumptions=(
        "outcomes are independent, given their strata",
        "strata arrive at random in the shares of the mix",
        "the baseline is a random sample of the in-control process",
    ),
    source="Reynolds and Stoumbos (1999), J. Quality Technology 31, 87-108; Brook and Evans (1972)",
)


@dataclass(frozen=True, kw_only=True)
class CusumDesign(Result):
    """A chart with what it promises: run lengths in outcomes, at the rates named.

    `scored_rates` are the baseline rates that outcomes are scored against; `in_control` holds the run
    length at the baseline's estimate, `arl_low` and `arl_high` its mean at either end of what the baseline
    leaves possible; `detected` the run length once the rates have turned to `detect`.
    """

    chart: BernoulliCusum
    baseline_rates: tuple[float, ...]
    scored_rates: tuple[float, ...]
    detect: tuple[float, ...]
    arl: float
    assurance: float | None
    arl_low: float
    arl_high: float
    in_control: RunLength
    detected: RunLength


def _scores(baseline: Floats, detect: Floats) -> tuple[float, tuple[int, ...], tuple[int, ...]]:
    """The unit, and what an error adds and a clean outcome takes away in whole units, per stratum."""
    up, down = np.log(detect / baseline), np.log((1 - baseline) / (1 - detect))
    unit = float(down.min()) / min(8, max(1, int(500 * down.min())))
    rises, falls = (tuple(np.maximum(1, np.rint(step / unit)).astype(int).tolist()) for step in (up, down))
    return unit, rises, falls


def bernoulli_cusum(baseline: ArrayLike, *, detect: ArrayLike, arl: float, mix: ArrayLike = (1.0,)) -> BernoulliCusum:
    """The CUSUM that is quickest at `detect` among those with a mean run length of at least `arl` outcomes
    at `baseline`.

    `baseline` and `detect` are error rates in (0, 1), one a stratum, detect above baseline; `mix` the share
    of each stratum in the audited stream. Raises BadInput outside these ranges. **Assumes independent
    outcomes and rates that are known: with an estimated baseline use `design`.** Moustakides (1986), Annals
    of Statistics 14, 1379-1387; Reynolds and Stoumbos (1999), J. Quality Technology 31, 87-108.

    >>> chart = bernoulli_cusum(0.05, detect=0.10, arl=10_000)
    >>> round(chart.threshold, 2), [round(mean_run_length(chart, [rate])) for rate in (0.05, 0.10)]
    (4.95, [10033, 202])
    """
    before, after = _pair(baseline, detect)
    shares = require_shares(mix, "mix", size=before.size)
    require_number(arl, "arl", above=1, below=1e12)
    unit, rises, falls = _scores(before, after)
    rates = before.tolist()

    def long_enough(units: int) -> bool:
        return mean_run_length(BernoulliCusum(unit, rises, falls, tuple(shares.tolist()), units), rates) >= arl

    return BernoulliCusum(unit, rises, falls, tuple(shares.tolist()), _smallest(long_enough, first=max(falls)))


def _pair(baseline: ArrayLike, detect: ArrayLike) -> tuple[Floats, Floats]:
    before, after = (np.atleast_1d(np.asarray(rates, dtype=np.float64)) for rates in (baseline, detect))
    require_rates(before, "baseline")
    require_rates(after, "detect")
    if before.size != after.size or not (before < after).all():
        raise BadInput("baseline must be below detect in every stratum.")
    return before, after


def _smallest(enough: Callable[[int], bool], *, first: int) -> int:
    """The smallest number of units that is enough; what is enough stays enough when there are more."""
    low, high = 0, max(1, first)
    while not enough(high):
        low, high = high, 2 * high
        if high > _MOST_STATES:
            raise BadInput(
                "baseline is too small, baseline and detect too close, or arl too large for a chart of this kind."
            )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _least_favourable(wrong: Floats, size: Floats, *, sure: float, leverage: Floats) -> list[tuple[float, ...]]:
    sides = (sure, 1 - sure)
    return [least_favourable_rates(wrong, size, assurance=side, leverage=leverage) for side in sides]


def design(
    errors: ArrayLike,
    n: ArrayLike,
    *,
    detect: ArrayLike,
    arl: float,
    assurance: float | None = 0.9,
    mix: ArrayLike = (1.0,),
) -> CusumDesign:
    """A chart whose in-control mean run length is `arl` outcomes or more, although the baseline is only
    estimated.

    The baseline is `errors` in `n` (one pair a stratum). With `assurance` in (1/2, 1) the outcomes are
    scored against the least favourable baseline, so the mean run length is at least `arl` with that
    probability over baselines; with None the estimate is taken as the truth, and `arl_low` to `arl_high`
    show what that risks (10 % on either side). Raises BadInput when `detect` is not above the scored rate
    in every stratum: the baseline is then too small to tell the two apart. **Assumes that outcomes are
    independent and that the mix stays.** Albers and Kallenberg (2004), Metrika 59, 207-234 (exceedance
    probability criterion); Gandy and Kvaloy (2013), Scand. J. Statistics 40, 647-668.

    >>> plan = design(50, 1000, detect=0.10, arl=10_000)
    >>> round(plan.scored_rates[0], 3), round(plan.arl_low), round(plan.in_control.mean), plan.detected.median
    (0.06, 10048, 81587, 248.0)
    """
    wrong, size = require_errors(errors, n)
    shares = require_shares(mix, "mix", size=wrong.size)
    estimate = np.where((wrong > 0) & (wrong < size), wrong / size, (wrong + 0.5) / (size + 1))
    target = np.broadcast_to(require_rates(np.atleast_1d(np.asarray(detect)), "detect"), wrong.shape)
    sure = 0.9 if assurance is None else require_number(assurance, "assurance", above=0.5, below=1)
    leverage = shares * np.abs(special.logit(target) - special.logit(estimate))
    worst, best = _least_favourable(wrong, size, sure=sure, leverage=leverage)
    scored = tuple(estimate.tolist()) if assurance is None else worst
    if not (target > scored).all():
        raise BadInput(_too_small(scored, target))
    chart = bernoulli_cusum(scored, detect=target, arl=arl, mix=mix)
    in_control, detected = (
        run_length(chart, rates, before=estimate.tolist()) for rates in (estimate.tolist(), target.tolist())
    )
    return CusumDesign(
        basis=_BASIS,
        inputs={"errors": tuple(wrong.tolist()), "n": tuple(size.tolist()), "mix": tuple(shares.tolist())},
        chart=chart,
        baseline_rates=tuple(estimate.tolist()),
        scored_rates=scored,
        detect=tuple(target.tolist()),
        arl=arl,
        assurance=assurance,
        arl_low=mean_run_length(chart, worst),
        arl_high=mean_run_length(chart, best),
        in_control=in_control,
        detected=detected,
    )


def _too_small(scored: Sequence[float], target: Floats) -> str:
    place = int(np.argmax(np.array(scored) >= target))
    return (
        f"detect must be above {scored[place]:.4f} in stratum {place}, the rate that its baseline cannot rule out; "
        f"got {target[place]:.4f}: audit more of the baseline, or detect a larger rate."
    )
