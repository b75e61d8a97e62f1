"""Is the audited error rate rising? The Bernoulli CUSUM, designed for a stated false-alarm rate and a
stated drift.

Each outcome is scored against its own stratum's baseline, unweighted; the threshold belongs to the stratum
mix and must be designed anew when the mix changes. It does not know dollars, weeks or clusters: outcomes
that hang together (provider, batch) belong in `e_detector` as one bounded observation a cluster.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from auditor.errors import BadInput
from auditor.stats.array_checks import (
    Floats,
    require_errors,
    require_number,
    require_rates,
    require_shares,
    require_whole,
)
from auditor.stats.cusum_baseline import least_favourable_rates, rates_at_odds
from auditor.stats.cusum_chain import (
    BernoulliCusum,
    RunLength,
    false_alarm_probability,
    mean_run_length,
    mean_settled_run_length,
    run_length,
)
from auditor.stats.cusum_known import MOST_STATES, bernoulli_cusum
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
    "GuardedChart",
    "NormalCusumPath",
    "RunLength",
    "ShiryaevRobertsDesign",
    "bernoulli_cusum",
    "design",
    "false_alarm_probability",
    "guarded_chart",
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


@dataclass(frozen=True, slots=True)
class GuardedChart:
    """A chart and its rates: estimated, scored against, least and most favourable, to be detected."""

    chart: BernoulliCusum
    baseline_rates: tuple[float, ...]
    scored_rates: tuple[float, ...]
    worst_rates: tuple[float, ...]
    best_rates: tuple[float, ...]
    detect: tuple[float, ...]


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
    found = guarded_chart(errors, n, detect=detect, arl=arl, assurance=assurance, mix=mix)
    chart, estimate, target = found.chart, np.array(found.baseline_rates), np.array(found.detect)
    in_control, detected = (
        run_length(chart, rates, before=estimate.tolist()) for rates in (estimate.tolist(), target.tolist())
    )
    wrong, size = require_errors(errors, n)
    return CusumDesign(
        basis=_BASIS,
        inputs={"errors": tuple(wrong.tolist()), "n": tuple(size.tolist()), "mix": chart.mix},
        chart=chart,
        baseline_rates=found.baseline_rates,
        scored_rates=found.scored_rates,
        detect=found.detect,
        arl=arl,
        assurance=assurance,
        arl_low=mean_run_length(chart, found.worst_rates),
        arl_high=mean_run_length(chart, found.best_rates),
        in_control=in_control,
        detected=detected,
    )


def guarded_chart(
    errors: ArrayLike,
    n: ArrayLike,
    *,
    detect: ArrayLike,
    arl: float,
    assurance: float | None = 0.9,
    mix: ArrayLike = (1.0,),
    grain: int = 8,
    most_states: int = MOST_STATES,
) -> GuardedChart:
    """The chart of `design` without what it promises: for running it, night after night. Same arguments and errors.

    A coarser `grain` (1 to 8) is designed faster, and keeps its promise as exactly.

    >>> guarded_chart(50, 1000, detect=0.10, arl=10_000).chart.threshold_units
    827
    """
    require_whole(grain, "grain", least=1)
    require_whole(most_states, "most_states", least=1)
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
    chart = bernoulli_cusum(scored, detect=target, arl=arl, mix=mix, grain=grain, most_states=most_states)
    return GuardedChart(chart, tuple(estimate.tolist()), scored, worst, best, tuple(target.tolist()))


def _too_small(scored: Sequence[float], target: Floats) -> str:
    place = int(np.argmax(np.array(scored) >= target))
    return (
        f"detect must be above {scored[place]:.4f} in stratum {place}, the rate that its baseline cannot rule out; "
        f"got {target[place]:.4f}: audit more of the baseline, or detect a larger rate."
    )
